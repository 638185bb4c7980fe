"""Posters, their addresses, and the forms for the bags: printed as often as needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from survey import papers
from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence
from survey.papers import PosterOrder
from survey.printing.paper import LARGER
from survey.storage import posters, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import selection
from survey.web.admin.blueprint import blueprint
from survey.web.admin.selection import AUDIENCES, Selection
from survey.web.fields import StaffForm, named, options
from survey.web.installation import about
from survey.web.paper import reader, send_archive, send_pdf, send_table


class ReplaceForm(StaffForm):
    """Which poster has leaked."""

    audience = RadioField(_l("Audience"))
    code = StringField(
        _l("Code of the village"),
        [InputRequired(_l("Please fill this in.")), Length(max=20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class PosterForm(Selection):
    """Which papers, and how large."""

    size = RadioField(_l("Size of the posters"), choices=named(LARGER), default="A4")
    covers = BooleanField(_l("A cover for each township"))


@blueprint.get("/rounds/<slug>/printing")
@administrators
def printing(slug: str) -> ResponseReturnValue:
    """Administrators: the papers of a round."""
    round_ = rounds.by_slug(db.session, slug)
    form = PosterForm()
    selection.offer(form, round_, tickets=False)
    return _page(round_, form)


def _page(
    round_: RoundRow, form: PosterForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/printing.html",
        round=round_,
        form=form,
        problem=problem,
        has_tickets=any(row.access != "poster" for row in round_.audiences),
        townships=len(form.township.choices) - 1,
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/posters.pdf")
@administrators
def print_posters(slug: str) -> ResponseReturnValue:
    """Administrators: one page for each chosen village, in the order of delivery."""
    return _printed(_printable(slug), _one_pdf)


@blueprint.post("/rounds/<slug>/posters.zip")
@administrators
def print_bundles(slug: str) -> ResponseReturnValue:
    """Administrators: the same, a PDF for each township, sent while they are made."""
    return _printed(_printable(slug), _bundles)


@blueprint.post("/rounds/<slug>/bag-forms.pdf")
@administrators
def print_bag_forms(slug: str) -> ResponseReturnValue:
    """Administrators: the form for each bag of slips and its witnesses."""
    round_ = rounds.by_slug(db.session, slug)
    if round_.opened_at is None:
        raise Refused(N_("Open the round first: its posters and tickets exist from then on."))
    return _printed(round_, _bag_forms)


def _printed(
    round_: RoundRow, make: Callable[[RoundRow, PosterForm, list[str]], Response]
) -> ResponseReturnValue:
    """Return what *make* makes of the villages chosen, or the page with what is wrong."""
    form = PosterForm()
    selection.offer(form, round_, tickets=False)
    if not form.validate_on_submit():
        return _page(round_, form)
    try:
        return make(round_, form, [row.code for row in selection.chosen(form, round_)])
    except Invalid as fault:
        return _page(round_, form, fault.sentence)


def _one_pdf(round_: RoundRow, form: PosterForm, codes: list[str]) -> Response:
    pdf = papers.print_posters(db.session, round_, reader(form.language.data), _order(form, codes))
    return send_pdf(pdf, f"{round_.slug}-{form.audience.data}-posters")


def _bundles(round_: RoundRow, form: PosterForm, codes: list[str]) -> Response:
    files = papers.print_bundles(
        db.session, round_, reader(form.language.data), _order(form, codes)
    )
    name = f"{round_.slug}-{form.audience.data}-posters"
    return send_archive(papers.stream_archive(files), name)


def _order(form: PosterForm, codes: list[str]) -> PosterOrder:
    return PosterOrder(form.audience.data, codes, form.size.data, form.covers.data)


def _bag_forms(round_: RoundRow, form: PosterForm, codes: list[str]) -> Response:
    pdf = papers.print_bag_forms(db.session, round_, reader(form.language.data), codes)
    return send_pdf(pdf, f"{round_.slug}-bags")


@blueprint.get("/rounds/<slug>/test-print-<size>.pdf")
@administrators
def test_print(slug: str, size: str) -> Response:
    """Administrators: a page that shows whether the printer is set up well."""
    if size not in LARGER:
        raise Missing(N_("There is no paper of this size here. Choose A4 or A3."))
    round_ = rounds.by_slug(db.session, slug)
    address = round_.base_address or about().base_address or papers.EXAMPLE
    return send_pdf(papers.print_trial_page(address, reader(), size), f"test-print-{size}")


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
    writer.writerows(papers.link_rows(db.session, round_))
    return send_table(lines.getvalue(), f"{slug}-links")


@blueprint.get("/rounds/<slug>/opening-sheet.pdf")
@administrators
def opening_sheet(slug: str) -> Response:
    """Administrators: what those who opened the round sign."""
    round_ = rounds.by_slug(db.session, slug)
    if round_.opened_at is None:
        raise Refused(N_("The opening sheet is there as soon as the round is open."))
    return send_pdf(papers.print_opening_sheet(db.session, round_, reader()), f"{slug}-opening")


@blueprint.get("/rounds/<slug>/posters/replace")
@administrators
def replacing(slug: str) -> ResponseReturnValue:
    """Administrators: a poster has leaked or was tampered with."""
    round_ = rounds.by_slug(db.session, slug)
    return _replacing_page(round_, _replace_form(round_))


def _replace_form(round_: RoundRow) -> ReplaceForm:
    form = ReplaceForm()
    with_posters = [row.audience for row in round_.audiences if row.access != "ticket"]
    form.audience.choices = options(*((name, AUDIENCES[name]) for name in with_posters))
    if not form.audience.data and with_posters:
        form.audience.data = with_posters[0]
    return form


def _replacing_page(
    round_: RoundRow, form: ReplaceForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/replace_poster.html",
        round=round_,
        form=form,
        problem=problem,
        withdrawn=posters.withdrawn(db.session, round_),
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/posters/replace")
@administrators
def replace_poster(slug: str) -> ResponseReturnValue:
    """Administrators: withdraw the poster; one person is enough (storage/posters says why)."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = _replace_form(round_)
    if not form.validate_on_submit():
        return _replacing_page(round_, form)
    try:
        (village,) = rounds.villages(db.session, round_, [form.code.data.strip()])
        posters.replace(db.session, round_, village, form.audience.data, current_account())
    except (Invalid, Missing) as fault:
        return _replacing_page(round_, form, fault.sentence)
    name = village.name
    db.session.commit()
    flash(_("The poster of %(village)s is replaced. Print the new one now.", village=name), "well")
    return redirect(url_for("admin.printing", slug=slug))
