"""flask --app survey slips: slips counted, and sheets voided or printed again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask_babel import gettext

from survey import papers
from survey.cli.speech import (
    by_option,
    language_option,
    new_private_file,
    one_person,
    password_option,
    persons,
    reader,
    say,
    settings,
    spoken,
    two_persons,
)
from survey.core.questionnaire import AUDIENCES
from survey.core.slips import Amount
from survey.storage import accounting, rounds, sheets
from survey.storage import keys as key_folder
from survey.storage.accounting import Count, Slips
from survey.storage.db import begin_write, db
from survey.storage.sheets import Place
from survey.storage.tables import AccountRow, RoundRow

R = TypeVar("R")

HEADER = (
    "village_code",
    "village",
    "audience",
    "printed",
    "spare",
    "handed_out",
    "used",
    "returned",
    "void",
)


class ShowsRounds(click.Group):
    """The group of commands; a round's short name in the place of a command means ``show``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that *args* name."""
        named = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if named else ["show", *args])


@click.group("slips", cls=ShowsRounds)
def slips() -> None:
    """The slips of a round; `slips ROUND` shows them."""


def cell(command: Callable[..., R]) -> Callable[..., R]:
    """Give *command* the round, the village and the audience."""
    village = click.option("--village", "code", required=True, help="The village's code.")
    audience = click.option(
        "--audience", type=click.Choice(AUDIENCES), default="mass", show_default=True
    )
    return click.argument("slug")(village(audience(command)))


sheet_option = click.option(
    "--sheet",
    "number",
    type=click.IntRange(1),
    required=True,
    help="The number at the top of each of its pages.",
)


@slips.command("show")
@click.argument("slug")
@spoken
def show(slug: str) -> None:
    """Show the slips of round SLUG: a line for each village and audience, then what is wrong."""
    row = rounds.by_slug(db.session, slug)
    found = accounting.of_round(db.session, row)
    click.echo("\t".join(HEADER))
    for line in found:
        click.echo("\t".join(_cells(line)))
    tell_faults(found)


def _cells(line: Slips) -> tuple[str, ...]:
    counts = (line.printed, line.spare, line.handed_out, line.used, line.returned, line.void)
    shown = ("—" if count is None else str(count) for count in counts)
    return (line.village.code, line.village.name, line.audience, *shown)


def tell_faults(found: list[Slips]) -> None:
    """Write a line for everything about *found* that does not add up."""
    for line in found:
        for fault in line.faults:
            click.echo(f"! {line.village.name} ({line.audience}): {fault.render(gettext)}")


@slips.command("count")
@cell
@click.option("--handed-out", type=int, required=True, help="Slips that people took.")
@click.option("--returned", type=int, required=True, help="Slips that came back unused.")
@click.option(
    "--witnessed-by",
    "witnesses",
    nargs=2,
    required=True,
    help="The names of the two who counted at the bag.",
)
@click.option("--reason", default="", help="Why, where the round is sealed already.")
@by_option
@password_option
@spoken
def count(
    slug: str,
    code: str,
    audience: str,
    handed_out: int,
    returned: int,
    witnesses: tuple[str, str],
    reason: str,
    by: str,
    password_files: tuple[Path, ...],
) -> None:
    """Keep what two witnesses counted at the bag of a village in round SLUG."""
    account = one_person(by, password_files)
    begin_write(db.session)
    row = rounds.by_slug(db.session, slug)
    (village,) = rounds.villages(db.session, row, [code])
    counted = Count(handed_out, returned, witnesses, reason)
    accounting.count(db.session, row, village.village_id, audience, counted, account)
    db.session.commit()
    say("The slips of %(village)s are counted.", village=village.name)


@slips.command("void")
@cell
@sheet_option
@persons
@spoken
def void(slug: str, code: str, audience: str, number: int, **who: Any) -> None:
    """Void what is unspent of a sheet of round SLUG: lost, stolen or misprinted."""
    two = two_persons(**who)
    begin_write(db.session)
    row, place = _find(slug, code, audience, number)
    _void(row, sheets.VOID, place, two)
    db.session.commit()
    say("Sheet %(number)d is void. What was spent of it stays counted.", number=number)


@slips.command("reprint")
@cell
@sheet_option
@persons
@language_option
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path))
@spoken
def reprint(
    slug: str,
    code: str,
    audience: str,
    number: int,
    language: str | None,
    output: Path,
    **who: Any,
) -> None:
    """Void what is unspent of a sheet of round SLUG and print as many new slips (PDF)."""
    two = two_persons(**who)
    with new_private_file(output) as target:
        begin_write(db.session)
        row, place = _find(slug, code, audience, number)
        amount = _void(row, sheets.REPRINT, place, two)
        pepper = key_folder.pepper(settings().keys, row.id)
        _, make = papers.print_sheet(
            db.session, row, reader(language), place.village, audience, amount, pepper
        )
        db.session.commit()
        target.write(make())
    say("Sheet %(number)d is void. What was spent of it stays counted.", number=number)
    say("%(count)d new tickets are in %(name)s.", count=amount.count, name=str(output))


def _find(slug: str, code: str, audience: str, number: int) -> tuple[RoundRow, Place]:
    row = rounds.by_slug(db.session, slug)
    (village,) = rounds.villages(db.session, row, [code])
    return row, Place(village, audience, number)


def _void(row: RoundRow, act: str, place: Place, two: tuple[AccountRow, AccountRow]) -> Amount:
    sheets.propose(db.session, row, act, place, two[0])
    return sheets.void(db.session, row, act, place, two[1], two_person=settings().two_person)
