"""flask --app survey round close, seal and resume: the evening on which a box is opened."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click
from flask_babel import gettext

from survey.cli.rounds.group import key_file_option, round_
from survey.cli.speech import (
    language_option,
    persons,
    private_file,
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
from survey.papers import print_sealing_sheet
from survey.storage import acts, cancelling, rounds, scrub, seal
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.progress import STAGES, Report
from survey.storage.tables import RoundRow


@round_.command("close")
@click.argument("slug")
@persons
@spoken
def close(slug: str, by: str, witness: str | None, password_files: tuple[Path, ...]) -> None:
    """Close round SLUG before its deadline."""
    first, second = two_persons(by, witness, password_files)
    begin_write(db.session)
    row = rounds.by_slug(db.session, slug)
    acts.propose(db.session, row, "round.close", first)
    rounds.close(db.session, row, second, two_person=settings().two_person)
    db.session.commit()
    say("Round %(slug)s is closed. Nobody has seen an answer yet.", slug=slug)


@round_.command("seal")
@click.argument("slug")
@persons
@key_file_option
@click.option("--accept-bad", type=int, default=0, help="Number of bad rows that both accept.")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the sealing sheet (PDF).",
)
@language_option
@spoken
def seal_(
    slug: str,
    by: str,
    witness: str | None,
    password_files: tuple[Path, ...],
    key_files: tuple[Path, ...],
    accept_bad: int,
    sheet: Path | None,
    language: str | None,
) -> None:
    """Open the box of closed round SLUG, count, shuffle, and destroy what links to persons.

    The halves come from --key-file twice, or are asked for; from standard input they follow the
    passwords, one a line.
    """
    first, second = two_persons(by, witness, password_files)
    begin_write(db.session)
    rounds.close_due(db.session)
    db.session.commit()
    row = rounds.by_slug(db.session, slug)
    seal.require_sealable(db.session, row)
    private = _private_key(row, key_files)
    with key_folder.hold(settings().keys, row.id), Bars() as report:
        contents = seal.seal(
            db.session, row, private, _pepper(row), (first, second), accept_bad, report=report
        )
        db.session.commit()
        scrub.scrub(db.session, row, settings().keys, report=report)
    if sheet:
        sheet.write_bytes(print_sealing_sheet(db.session, row, reader(language)))
    say(
        "Round %(slug)s is sealed: %(count)d ballots are counted and mixed.",
        slug=slug,
        count=contents.ballots,
    )


def _private_key(row: RoundRow, key_files: tuple[Path, ...]) -> bytes:
    if row.key_holding == "server":
        return key_folder.server_key(settings().keys, row.id)
    if len(key_files) not in (0, 2):
        raise Invalid(N_("Give --key-file twice: the file of each half of the key."))
    typed = [private_file(path) for path in key_files] or [
        secret_line(gettext("Key half %(number)d", number=number)) for number in keys.HOLDERS
    ]
    halves = keys.read_half(typed[0]), keys.read_half(typed[1])
    wrapped = key_folder.locked(settings().keys, row.id)
    return keys.unwrap(wrapped, halves, row.public_key or b"")


def _pepper(row: RoundRow) -> bytes:
    return key_folder.pepper(settings().keys, row.id)


class Bars:
    """A bar for each stage at a terminal; elsewhere a line for each."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._stage = ""
        self._shown = 0

    def __enter__(self) -> Report:
        return self._tell

    def __exit__(self, *fault: object) -> None:
        self._stack.close()

    def _tell(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stack.close()
            self._bar = self._stack.enter_context(
                click.progressbar(length=total, label=gettext(STAGES[stage]))
            )
            self._stage, self._shown = stage, 0
        self._bar.update(done - self._shown)
        self._shown = done


@round_.command("resume")
@spoken
def resume() -> None:
    """Finish a seal that was cut short after its counting, or a box not yet destroyed."""
    for slug in scrub.resume(db.session, settings().keys):
        say("Round %(slug)s is sealed.", slug=slug)
    for slug in cancelling.resume(db.session, settings().keys):
        say("The box of cancelled round %(slug)s was destroyed unread.", slug=slug)
