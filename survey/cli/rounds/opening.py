"""flask --app survey round open: by two persons, with two halves or a key of the server."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask_babel import gettext

from survey.cli.rounds.group import key_file_option, round_
from survey.cli.speech import (
    about,
    language_option,
    persons,
    reader,
    say,
    secret_line,
    settings,
    spoken,
    two_persons,
)
from survey.core import keys
from survey.core.errors import Invalid
from survey.core.wording import N_
from survey.papers import print_envelope
from survey.storage import acts, opening, rounds
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, RoundRow

COSTS = {"moderate": keys.MODERATE, "minimum": keys.MINIMUM}


@round_.command("open")
@click.argument("slug")
@persons
@key_file_option
@click.option(
    "--envelopes",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the two envelope sheets (PDF).",
)
@language_option
@spoken
def open_(
    slug: str,
    by: str,
    witness: str | None,
    password_files: tuple[Path, ...],
    key_files: tuple[Path, ...],
    envelopes: Path | None,
    language: str | None,
) -> None:
    """Open round SLUG; where two halves lock it, make them and give one to each person.

    With --key-file twice the halves are written to these new files; at a terminal each is shown
    to its holder alone and typed back.
    """
    first, second = two_persons(by, witness, password_files)
    row = rounds.by_slug(db.session, slug)
    if row.key_holding == "server":
        _open_with_server_key(row, first, second)
    else:
        _open_with_halves(row, first, second, _new_halves(row, key_files, envelopes, language))
    say("Round %(slug)s is open.", slug=slug)


def _open_with_server_key(row: RoundRow, first: AccountRow, second: AccountRow) -> None:
    begin_write(db.session)
    acts.propose(db.session, row, "round.open", first)
    opening.with_server_key(
        db.session,
        row,
        second,
        about().base_address,
        settings().keys,
        two_person=settings().two_person,
    )
    db.session.commit()


def _open_with_halves(
    row: RoundRow, first: AccountRow, second: AccountRow, halves: tuple[str, str]
) -> None:
    base = about().base_address
    begin_write(db.session)
    opening.begin(db.session, row, first, halves[0], base, COSTS[settings().key_cost])
    opening.finish(
        db.session,
        row,
        second,
        halves[1],
        base,
        settings().keys,
        two_person=settings().two_person,
    )
    db.session.commit()


def _new_halves(
    row: RoundRow, key_files: tuple[Path, ...], envelopes: Path | None, language: str | None
) -> tuple[str, str]:
    opening.require_openable(db.session, row, about().base_address)
    halves = keys.make_half(1), keys.make_half(2)
    if len(key_files) not in (0, 2):
        raise Invalid(N_("Give --key-file twice: a new file for each half of the key."))
    if key_files:
        for path, half in zip(key_files, halves, strict=True):
            key_folder.write(path, f"{half}\n".encode())
    elif sys.stdin.isatty():
        for holder, half in enumerate(halves, start=1):
            _show_and_check(holder, half)
    else:
        raise Invalid(N_("Give --key-file twice: a new file for each half of the key."))
    if envelopes:
        _print_envelopes(row, halves, envelopes, language)
    return halves


def _show_and_check(holder: int, half: str) -> None:
    click.pause(
        gettext("Holder %(number)d alone looks at the screen now. Press a key.", number=holder)
    )
    click.echo(f"\n    {half}\n")
    click.pause(gettext("Write it down twice, then press a key: it disappears."))
    click.clear()
    while keys.read_half(secret_line(gettext("Type your half"))) != half:
        say("That is not the half that was shown. Please try again.")


def _print_envelopes(
    row: RoundRow, halves: tuple[str, str], folder: Path, language: str | None
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for holder, half in enumerate(halves, start=1):
        sheet = print_envelope(row, half, holder, reader(language))
        key_folder.write(folder / f"{row.slug}-envelope-{holder}.pdf", sheet)
