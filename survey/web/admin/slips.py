"""The accounting of slips: what two witnesses counted at each bag, and the sheets."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from survey.core.errors import Invalid
from survey.core.wording import Sentence
from survey.storage import accounting, rounds
from survey.storage.accounting import Count, Slips
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import sheets
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm

_NUMBER = [
    InputRequired(_l("Please type a number; 0 where there were none.")),
    NumberRange(0, 1_000_000, _l("Please type a number; 0 where there were none.")),
]
_WITNESS = [InputRequired(_l("Please type a name.")), Length(max=40)]


class CountForm(StaffForm):
    """Two numbers and two names, and after the seal why it is counted again."""

    handed_out = IntegerField(_l("Handed out"), _NUMBER)
    returned = IntegerField(_l("Returned"), _NUMBER)
    first = StringField(_l("First witness"), _WITNESS, render_kw={"autocomplete": "off"})
    second = StringField(_l("Second witness"), _WITNESS, render_kw={"autocomplete": "off"})
    reason = StringField(_l("Why it is counted again"), [Length(max=200)])


@blueprint.get("/rounds/<slug>/slips", endpoint="slips")
@administrators
def show_slips(slug: str) -> ResponseReturnValue:
    """Administrators: the slips of every village."""
    round_ = rounds.by_slug(db.session, slug)
    found = accounting.of_round(db.session, round_)
    return render_template(
        "admin/slips.html",
        round=round_,
        slips=found,
        wrong=[line for line in found if line.faults],
        uncounted=sum(line.printed > 0 and line.handed_out is None for line in found),
    )


@blueprint.get("/rounds/<slug>/slips/<int:village_id>/<audience>")
@administrators
def count_form(slug: str, village_id: int, audience: str) -> ResponseReturnValue:
    """Administrators: count the slips of one village, and look at its sheets."""
    round_ = rounds.by_slug(db.session, slug)
    counted = accounting.one(db.session, round_, village_id, audience)
    form = CountForm(handed_out=counted.handed_out, returned=counted.returned)
    return _page(round_, counted, form)


def _page(
    round_: RoundRow, counted: Slips, form: CountForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/count.html",
        round=round_,
        slips=counted,
        form=form,
        problem=problem,
        sheets=sheets.lines(round_, counted),
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/slips/<int:village_id>/<audience>")
@administrators
def count_slips(slug: str, village_id: int, audience: str) -> ResponseReturnValue:
    """Administrators: keep what was counted."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    counted = accounting.one(db.session, round_, village_id, audience)
    form = CountForm()
    if not form.validate_on_submit():
        return _page(round_, counted, form)
    witnesses = (form.first.data, form.second.data)
    count = Count(form.handed_out.data, form.returned.data, witnesses, form.reason.data or "")
    try:
        accounting.count(db.session, round_, village_id, audience, count, current_account())
    except Invalid as fault:
        return _page(round_, counted, form, fault.sentence)
    db.session.commit()
    flash(_("The slips of %(village)s are counted.", village=counted.village.name), "well")
    return redirect(url_for("admin.slips", slug=slug))
