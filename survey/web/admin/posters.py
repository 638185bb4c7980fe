"""Posters and their addresses: printed as often as needed, they are public."""

from __future__ import annotations

import csv
import io

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from survey import papers
from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence
from survey.storage import posters, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import selection
from survey.web.admin.blueprint import blueprint
from survey.web.admin.paper import reader, send_pdf, send_table
from survey.web.admin.selection import AUDIENCES, Selection
from survey.web.fields import StaffForm, options


class ReplaceForm(StaffForm):
    """Which poster has leaked."""

    audience = RadioField(_l("Audience"))
    code = StringField(
        _l("Code of the village"),
        [InputRequired(_l("Please fill this in.")), Length(max=20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


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
