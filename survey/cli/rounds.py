"""flask --app survey round: made, opened, watched, closed, sealed, each for scripts too."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext
from pydantic import ValidationError

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
from survey.core import keys, turnout
from survey.core.errors import Invalid
from survey.core.policy import Policy
from survey.core.questionnaire import from_json
from survey.core.round import AudienceDraft, RoundDraft
from survey.core.round import spoken as in_zone
from survey.core.wording import N_
from survey.papers import print_envelope, print_sealing_sheet
from survey.storage import acts, questionnaires, rounds, scrub, seal
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, RoundRow

STATES = {
    "draft": N_("draft"),
    "open": N_("open"),
    "closed": N_("closed"),
    "scrubbing": N_("being sealed"),
    "sealed": N_("sealed"),
    "cancelled": N_("cancelled"),
}
COSTS = {"moderate": keys.MODERATE, "minimum": keys.MINIMUM}

key_file_option = click.option(
    "--key-file",
    "key_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File (0600) of a key half; give it twice, once for each half.",
)


@click.group("round")
def round_() -> None:
    """The rounds of evaluation."""


@round_.command("create")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--opens", required=True, help="Office's time: 2026-12-01T08:00")
@click.option("--closes", required=True, help="Office's time: 2026-12-10T18:00")
@click.option("--results-on", required=True, help="2026-12-20")
@click.option("--results-place", required=True)
@click.option("--help-on", required=True, help="2026-12-05")
@click.option("--help-place", required=True)
@click.option("--phone", required=True)
@click.option("--office", help="Who asks; the installation's office unless given.")
@click.option("--mass", type=click.Choice(["poster", "ticket", "both", "none"]), default="both")
@click.option(
    "--self", "self_", type=click.Choice(["poster", "ticket", "both", "none"]), default="ticket"
)
@click.option(
    "--questionnaire",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file to use in place of the default of its audience.",
)
@click.option("--village", "village_codes", multiple=True, help="A code; none: the whole register.")
@click.option("--policy", "constants", multiple=True, help="NAME=VALUE, see docs/method.md")
@click.option("--key", "key_holding", type=click.Choice(["halves", "server"]), default="halves")
@click.option("--by", default="console", help="Who makes it, for the audit log.")
@spoken
def create(
    slug: str,
    by: str,
    mass: str,
    self_: str,
    files: tuple[Path, ...],
    constants: tuple[str, ...],
    **given: Any,
) -> None:
    """Make a round called SLUG, in state draft."""
    begin_write(db.session)
    draft = _draft(
        slug=slug,
        timezone=settings().timezone,
        office=given.pop("office") or settings().office,
        opens_at=_moment(given.pop("opens")),
        closes_at=_moment(given.pop("closes")),
        audiences=_audiences({"mass": mass, "self": self_}, files),
        policy=_policy(constants),
        **given,
    )
    row = rounds.create(db.session, draft, by)
    db.session.commit()
    say(
        "Round %(slug)s is made with %(count)d villages.",
        slug=row.slug,
        count=len(rounds.villages(db.session, row)),
    )


def _draft(**fields: Any) -> RoundDraft:
    try:
        return RoundDraft.model_validate(fields)
    except ValidationError as error:
        raise Invalid(N_("The round cannot be made: %(faults)s"), faults=_faults(error)) from error


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip() for fault in error.errors()
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=settings().zone)
    except ValueError as error:
        raise Invalid(N_("%(text)s is no time such as 2026-12-01T08:00."), text=text) from error


def _policy(constants: tuple[str, ...]) -> Policy:
    values = dict(constant.split("=", 1) for constant in constants if "=" in constant)
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        raise Invalid(N_("The policy cannot be used: %(faults)s"), faults=_faults(error)) from error


def _audiences(access: dict[str, str], files: tuple[Path, ...]) -> dict[str, AudienceDraft]:
    given = [from_json(path.read_text(encoding="utf-8-sig")) for path in files]
    chosen = questionnaires.defaults() | {each.audience: each for each in given}
    return {
        audience: AudienceDraft.model_validate(
            {
                "questionnaire_digest": questionnaires.add(db.session, chosen[audience]).digest,
                "access": way,
            }
        )
        for audience, way in access.items()
        if way != "none"
    }


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
    rounds.open_with_server_key(
        db.session,
        row,
        second,
        settings().base_address,
        settings().keys,
        two_person=settings().two_person,
    )
    db.session.commit()


def _open_with_halves(
    row: RoundRow, first: AccountRow, second: AccountRow, halves: tuple[str, str]
) -> None:
    base = settings().base_address
    begin_write(db.session)
    rounds.begin_opening(db.session, row, first, halves[0], base, COSTS[settings().key_cost])
    rounds.finish_opening(
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
    rounds.require_openable(db.session, row, settings().base_address)
    halves = keys.make_half(1), keys.make_half(2)
    if len(key_files) == 2:
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


@round_.command("status")
@click.argument("slug", required=False)
@spoken
def status(slug: str | None) -> None:
    """Say where round SLUG stands; without SLUG, every round in a line."""
    begin_write(db.session)
    rounds.close_due(db.session)
    db.session.commit()
    if slug is None:
        for row in rounds.listing(db.session):
            click.echo(f"{row.slug}\t{gettext(STATES[row.state])}\t{row.title}")
        return
    _tell_status(rounds.by_slug(db.session, slug))


def _tell_status(row: RoundRow) -> None:
    closes = in_zone(row.closes_at, row.timezone)
    say("%(title)s: %(state)s", title=row.title, state=gettext(STATES[row.state]))
    say("Answers until %(deadline)s", deadline=f"{closes:%Y-%m-%d %H:%M}")
    if row.state == "draft":
        for obstacle in rounds.obstacles(db.session, row, settings().base_address):
            click.echo(f"- {obstacle.render(gettext)}")
    if row.state in ("open", "closed"):
        for cell in rounds.turnout(db.session, row):
            shown = turnout.before_seal(cell.audience, cell.ballots)
            click.echo(
                f"{cell.village.code}\t{cell.village.name}\t{cell.audience}\t"
                f"{shown.render(gettext)}"
            )


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
    contents = seal.seal(
        db.session,
        row,
        _private_key(row, key_files),
        _pepper(row),
        (first.name, second.name),
        accept_bad,
    )
    db.session.commit()
    scrub.scrub(db.session, row, settings().keys)
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
    read: Callable[[int], str] = (
        (lambda place: private_file(key_files[place]))
        if len(key_files) == 2
        else (lambda place: secret_line(gettext("Key half %(number)d", number=place + 1)))
    )
    halves = keys.read_half(read(0)), keys.read_half(read(1))
    wrapped = key_folder.locked(settings().keys, row.id)
    return keys.unwrap(wrapped, halves, row.public_key or b"")


def _pepper(row: RoundRow) -> bytes:
    return key_folder.pepper(settings().keys, row.id)


@round_.command("resume")
@spoken
def resume() -> None:
    """Finish a seal that was cut short after its counting."""
    for slug in scrub.resume(db.session, settings().keys):
        say("Round %(slug)s is sealed.", slug=slug)
