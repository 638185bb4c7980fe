"""Posters and their addresses: printed as often as needed, they are public."""

from __future__ import annotations

import csv
import io

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from survey import papers
from survey.core.errors import Invalid, Refused
from survey.core.wording import N_, Sentence
from survey.storage import rounds
from survey.storage.db import db
from survey.storage.tables import RoundRow
from survey.web.access import administrators
from survey.web.admin import selection
from survey.web.admin.blueprint import blueprint
from survey.web.admin.paper import reader, send_pdf, send_table
from survey.web.admin.selection import Selection


@blueprint.get("/rounds/<slug>/printing")
@administrators
def printing(slug: str) -> ResponseReturnValue:
    """Administrators: the papers of a round."""
    round_ = rounds.by_slug(db.session, slug)
    form = Selection()
    selection.offer(form, round_, tickets=False)
    return _page(round_, form)


def _page(
    round_: RoundRow, form: Selection, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/printing.html",
        round=round_,
        form=form,
        problem=problem,
        has_tickets=any(row.access != "poster" for row in round_.audiences),
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/posters.pdf")
@administrators
def print_posters(slug: str) -> ResponseReturnValue:
    """Administrators: one page for each chosen village."""
    round_ = _printable(slug)
    form = Selection()
    selection.offer(form, round_, tickets=False)
    if not form.validate_on_submit():
        return _page(round_, form)
    try:
        codes = [row.code for row in selection.chosen(form, round_)]
    except Invalid as fault:
        return _page(round_, form, fault.sentence)
    pdf = papers.print_posters(
        db.session, round_, reader(form.language.data), form.audience.data, codes
    )
    return send_pdf(pdf, f"{slug}-{form.audience.data}-posters")


def _printable(slug: str) -> RoundRow:
    round_ = rounds.by_slug(db.session, slug)
    if round_.state != "open":
        raise Refused(N_("Posters can be printed while the round is open."))
    return round_


@blueprint.get("/rounds/<slug>/links.csv")
@administrators
def links(slug: str) -> Response:
    """Administrators: the address of every poster."""
    round_ = rounds.by_slug(db.session, slug)
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(["code", "village", "audience", "address"])
    writer.writerows([_inert(cell) for cell in row] for row in papers.link_rows(db.session, round_))
    return send_table(lines.getvalue(), f"{slug}-links")


def _inert(cell: str) -> str:
    """Keep a spreadsheet from reading *cell* as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


@blueprint.get("/rounds/<slug>/opening-sheet.pdf")
@administrators
def opening_sheet(slug: str) -> Response:
    """Administrators: what those who opened the round sign."""
    round_ = rounds.by_slug(db.session, slug)
    if round_.opened_at is None:
        raise Refused(N_("The opening sheet is there as soon as the round is open."))
    return send_pdf(papers.print_opening_sheet(db.session, round_, reader()), f"{slug}-opening")
