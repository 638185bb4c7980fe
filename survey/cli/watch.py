"""flask --app survey watch: the wall as a workbook, reminders, and the weekly report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from survey.cli.speech import (
    by_option,
    language_option,
    one_person,
    password_option,
    reader,
    say,
    spoken,
)
from survey.core.errors import Invalid
from survey.core.watch import Pace, Watched, expected_share
from survey.core.wording import N_
from survey.papers.reminders import print_reminders, reminder_text, require_open
from survey.papers.watching import write_wall, write_weekly
from survey.storage import rounds
from survey.storage import watch as watched
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow

R = TypeVar("R")

output_option = click.option(
    "--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path)
)


@click.group("watch")
def watch() -> None:
    """How far a round is, in full tens: a workbook, reminders, the weekly report."""


def looked(command: Callable[..., R]) -> Callable[..., R]:
    """Give *command* the round, what is expected, and the language."""
    expected = click.option("--expected", help="Expected turnout by the end, in percent.")
    return click.argument("slug")(expected(language_option(command)))


def _pace(row: RoundRow, expected: str | None) -> Pace:
    return watched.pace(db.session, row, expected_share(expected, rounds.policy_of(row)))


@watch.command("wall")
@looked
@output_option
@spoken
def wall(slug: str, expected: str | None, language: str | None, output: Path) -> None:
    """Write how far every village of round SLUG is to a workbook (.xlsx)."""
    row = rounds.by_slug(db.session, slug)
    found = watched.of_round(db.session, row)
    output.write_bytes(write_wall(db.session, row, found, _pace(row, expected), reader(language)))
    say("The workbook is in %(name)s.", name=str(output))


@watch.command("reminders")
@looked
@click.option("--township", help="Only the villages of this township.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file for the cards (PDF); else the text to paste is written to standard output.",
)
@spoken
def reminders(
    slug: str,
    expected: str | None,
    language: str | None,
    township: str | None,
    output: Path | None,
) -> None:
    """Remind the villages of round SLUG where fewer have answered than is expected by now."""
    row = rounds.by_slug(db.session, slug)
    late = _late(row, expected, township)
    today = watched.today(db.session, row)
    if output is not None:
        output.write_bytes(print_reminders(row, late, reader(language), today))
        say("The reminders are in %(name)s.", name=str(output))
        return
    texts = [reminder_text(row, village, reader(language), today) for village in (None, *late)]
    click.echo("\n\n".join(texts))


def _late(row: RoundRow, expected: str | None, township: str | None) -> list[Watched]:
    require_open(row)
    found = watched.of_round(db.session, row)
    if township and township not in {village.township for village in found}:
        raise Invalid(N_("This township is not in the round."))
    pace = _pace(row, expected)
    return [one for one in found if pace.is_late(one) and township in (None, one.township)]


@watch.command("weekly")
@looked
@by_option
@password_option
@output_option
@spoken
def weekly(
    slug: str,
    expected: str | None,
    language: str | None,
    by: str,
    password_files: tuple[Path, ...],
    output: Path,
) -> None:
    """Make today's weekly report of round SLUG (.docx); there is one a day, and it is kept."""
    account = one_person(by, password_files)
    begin_write(db.session)
    row = rounds.by_slug(db.session, slug)
    day = watched.keep(db.session, row, account.username)
    db.session.commit()
    share = expected_share(expected, rounds.policy_of(row))
    output.write_bytes(write_weekly(db.session, row, day, share, reader(language)))
    say("The weekly report is in %(name)s.", name=str(output))
