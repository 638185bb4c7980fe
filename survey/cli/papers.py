"""flask --app survey posters | tickets | bag-forms | links | …: papers as PDF, ZIP and CSV."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click

from survey.cli.speech import (
    about,
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
    EXAMPLE,
    File,
    PosterOrder,
    Reader,
    by_township,
    link_rows,
    print_bag_forms,
    print_bundles,
    print_guide,
    print_posters,
    print_tickets,
    print_trial_page,
    stream_archive,
)
from survey.printing.paper import LARGER
from survey.printing.tickets import PER_PAGE
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

township_option = click.option(
    "--township", "townships", multiple=True, help="All villages of this township, by its name."
)
size_option = click.option(
    "--size", type=click.Choice(list(LARGER)), default="A4", show_default=True, help="Of the paper."
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
@township_option
@size_option
@click.option("--covers", is_flag=True, help="A page before each township: what is in its bundle.")
@language_option
@output_option
@spoken
def posters(
    slug: str,
    audience: str | None,
    village_codes: tuple[str, ...],
    townships: tuple[str, ...],
    size: str,
    covers: bool,
    language: str | None,
    output: Path,
) -> None:
    """Write the posters of round SLUG in the order of delivery: township by township.

    One PDF, or a ZIP with a PDF for each township where the name of --output ends with .zip.
    """
    row = _opened(slug)
    order = PosterOrder(audience, _codes(row, village_codes, townships), size, covers)
    if output.suffix.lower() == ".zip":
        with output.open("wb") as target:
            target.writelines(
                stream_archive(print_bundles(db.session, row, reader(language), order))
            )
    else:
        output.write_bytes(print_posters(db.session, row, reader(language), order))
    say("The posters are in %(name)s.", name=str(output))


def _codes(
    row: RoundRow, village_codes: tuple[str, ...], townships: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the codes of the villages chosen: named themselves, or by their township."""
    if not townships:
        return village_codes
    grouped = by_township(rounds.villages(db.session, row))
    unknown = sorted(set(townships) - set(grouped))
    if unknown:
        raise Invalid(
            N_("The round has no village in this township: %(names)s."), names=", ".join(unknown)
        )
    return (*village_codes, *(one.code for name in townships for one in grouped[name]))


@click.command("bag-forms")
@click.argument("slug")
@village_option
@township_option
@language_option
@output_option
@spoken
def bag_forms(
    slug: str,
    village_codes: tuple[str, ...],
    townships: tuple[str, ...],
    language: str | None,
    output: Path,
) -> None:
    """Write the accounting forms of round SLUG, one for the bag of each village, to a PDF."""
    row = _opened(slug)
    chosen = _codes(row, village_codes, townships)
    output.write_bytes(print_bag_forms(db.session, row, reader(language), chosen))
    say("The accounting forms are in %(name)s.", name=str(output))


@click.command("test-print")
@size_option
@language_option
@output_option
@spoken
def test_print(size: str, language: str | None, output: Path) -> None:
    """Write a page that shows whether a printer is set up well enough for slips and posters."""
    address = about().base_address or EXAMPLE
    output.write_bytes(print_trial_page(address, reader(language), size))
    say("The test page is in %(name)s.", name=str(output))


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
@township_option
@click.option("--count", type=click.IntRange(1), help="Slips for each village.")
@click.option("--share", type=click.FloatRange(0.01, 2), help="Slips as a share of the eligible.")
@click.option(
    "--spare",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Spare slips, which replace lost ones, as a share on top of --share.",
)
@click.option(
    "--per-page",
    type=click.Choice([str(number) for number in PER_PAGE]),
    default="10",
    show_default=True,
    help="Slips on a page: 10 are the easiest to read, 16 and 24 save paper.",
)
@persons
@language_option
@output_option
@spoken
def tickets(
    slug: str,
    audience: str,
    village_codes: tuple[str, ...],
    townships: tuple[str, ...],
    count: int | None,
    share: float | None,
    spare: float,
    per_page: str,
    language: str | None,
    output: Path,
    **who: Any,
) -> None:
    """Print new tickets of round SLUG: one village as PDF, several as a ZIP with a PDF each.

    The codes are stored nowhere: what is written to --output is all there is of them.
    """
    two = two_persons(**who)
    row = _opened(slug)
    chosen = _codes(row, village_codes, townships)
    counts = _counts(row, audience, chosen, count, share, spare)
    with new_private_file(output) as target:
        files = _issue(row, two, audience, counts, reader(language), int(per_page))
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
    per_page: int,
) -> list[File]:
    first, second = two
    begin_write(db.session)
    acts.propose(db.session, row, "tickets.print", first)
    acts.confirm(db.session, row, "tickets.print", second, two_person=settings().two_person)
    pepper = key_folder.pepper(settings().keys, row.id)
    files = print_tickets(db.session, row, reader, audience, counts, pepper, per_page)
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
