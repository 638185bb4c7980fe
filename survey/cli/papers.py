"""flask --app survey posters | tickets | links | replace-poster: papers as PDF, ZIP and CSV."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

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
from survey.core import slips
from survey.core.errors import Invalid, Refused
from survey.core.questionnaire import AUDIENCES
from survey.core.slips import Amount
from survey.core.wording import N_
from survey.papers import (
    File,
    Reader,
    link_rows,
    print_guide,
    print_posters,
    print_tickets,
    stream_archive,
)
from survey.storage import acts, audit, rounds
from survey.storage import keys as key_folder
from survey.storage import posters as poster_store
from survey.storage import tickets as ticket_store
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, RoundRow

output_option = click.option(
    "--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path)
)
village_option = click.option(
    "--village", "village_codes", multiple=True, help="A village's code; none: all of the round."
)


def _opened(slug: str) -> RoundRow:
    row = rounds.by_slug(db.session, slug)
    if row.state == "draft":
        raise Refused(N_("Open the round first: its posters and tickets exist from then on."))
    return row


@click.command("posters")
@click.argument("slug")
@click.option("--audience", type=click.Choice(AUDIENCES), help="None: every audience.")
@village_option
@language_option
@output_option
@spoken
def posters(
    slug: str,
    audience: str | None,
    village_codes: tuple[str, ...],
    language: str | None,
    output: Path,
) -> None:
    """Write the posters of round SLUG, one A4 page each, to a PDF."""
    row = _opened(slug)
    output.write_bytes(print_posters(db.session, row, reader(language), audience, village_codes))
    say("The posters are in %(name)s.", name=str(output))


@click.command("guide")
@click.argument("slug")
@language_option
@output_option
@spoken
def guide(slug: str, language: str | None, output: Path) -> None:
    """Write the guide of those who help others to answer in round SLUG to a PDF.

    It carries their link: it is for helpers alone.
    """
    row = rounds.by_slug(db.session, slug)
    if row.state != "open":
        raise Refused(N_("Helpers and paper slips have their page while the round is open."))
    pepper = key_folder.pepper(settings().keys, row.id)
    output.write_bytes(print_guide(row, reader(language), pepper))
    say("The guide for helpers is in %(name)s.", name=str(output))


@click.command("tickets")
@click.argument("slug")
@click.option("--audience", type=click.Choice(AUDIENCES), default="mass", show_default=True)
@village_option
@click.option("--count", type=click.IntRange(1), help="Slips for each village.")
@click.option("--share", type=click.FloatRange(0.01, 2), help="Slips as a share of the eligible.")
@click.option(
    "--spare",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Spare slips, which replace lost ones, as a share on top of --share.",
)
@persons
@language_option
@output_option
@spoken
def tickets(
    slug: str,
    audience: str,
    village_codes: tuple[str, ...],
    count: int | None,
    share: float | None,
    spare: float,
    by: str,
    witness: str | None,
    password_files: tuple[Path, ...],
    language: str | None,
    output: Path,
) -> None:
    """Print new tickets of round SLUG: one village as PDF, several as a ZIP with a PDF each.

    The codes are stored nowhere: what is written to --output is all there is of them.
    """
    first, second = two_persons(by, witness, password_files)
    row = _opened(slug)
    counts = _counts(row, audience, village_codes, count, share, spare)
    with new_private_file(output) as target:
        files = _issue(row, (first, second), audience, counts, reader(language))
        if len(files) == 1:
            target.write(files[0][1]())
        else:
            target.writelines(stream_archive(files))
    say(
        "%(count)d tickets are in %(name)s. Villages: %(villages)d",
        count=sum(amount.count for amount in counts.values()),
        villages=len(files),
        name=str(output),
    )


def _issue(
    row: RoundRow,
    two: tuple[AccountRow, AccountRow],
    audience: str,
    counts: dict[int, Amount],
    reader: Reader,
) -> list[File]:
    first, second = two
    begin_write(db.session)
    acts.propose(db.session, row, "tickets.print", first)
    acts.confirm(db.session, row, "tickets.print", second, two_person=settings().two_person)
    pepper = key_folder.pepper(settings().keys, row.id)
    files = print_tickets(db.session, row, reader, audience, counts, pepper)
    audit.record(
        db.session,
        second.username,
        "tickets.print",
        row.slug,
        audience=audience,
        villages=len(files),
    )
    db.session.commit()
    return files


def _counts(
    row: RoundRow,
    audience: str,
    village_codes: tuple[str, ...],
    count: int | None,
    share: float | None,
    spare: float,
) -> dict[int, Amount]:
    if (count is None) == (share is None):
        raise Invalid(N_("Say how many slips: either --count or --share."))
    plan = (
        slips.Plan(each=count) if count is not None else slips.Plan(share=share or 0, spare=spare)
    )
    return ticket_store.count(rounds.villages(db.session, row, village_codes), audience, plan)


@click.command("links")
@click.argument("slug")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file; else standard output.",
)
@spoken
def links(slug: str, output: Path | None) -> None:
    """Write the poster addresses of round SLUG as CSV: code, village, audience, URL."""
    row = _opened(slug)
    header = ("village_code", "village", "audience", "url")
    if output is None:
        csv.writer(sys.stdout).writerows([header, *link_rows(db.session, row)])
        return
    with output.open("w", newline="", encoding="utf-8-sig") as target:
        csv.writer(target).writerows([header, *link_rows(db.session, row)])


@click.command("replace-poster")
@click.argument("slug")
@click.option("--village", "village_code", required=True, help="The village's code.")
@click.option("--audience", type=click.Choice(AUDIENCES), default="mass", show_default=True)
@by_option
@password_option
@spoken
def replace_poster(
    slug: str, village_code: str, audience: str, by: str, password_files: tuple[Path, ...]
) -> None:
    """Withdraw the poster of a village in round SLUG, which has leaked, and make a new one.

    Whoever scans the old poster is sent to the new one. Print it with the command posters.
    """
    account = one_person(by, password_files)
    begin_write(db.session)
    row = rounds.by_slug(db.session, slug)
    (village,) = rounds.villages(db.session, row, [village_code])
    new = poster_store.replace(db.session, row, village, audience, account)
    db.session.commit()
    say("The poster is replaced. The new address is %(address)s", address=new.address)
