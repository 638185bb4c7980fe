"""Assessing a few villages of a sealed round again (复评), as a small round of its own."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import ValidationError

from survey.core.errors import Invalid
from survey.core.wording import Sentence
from survey.storage import reassessing as store
from survey.storage import rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import selection
from survey.web.admin.blueprint import blueprint
from survey.web.admin.round_form import DatesForm, said, when_and_where
from survey.web.admin.selection import VillageSelection


class ReassessForm(DatesForm, VillageSelection):
    """Which villages, under which name, when and where."""


@blueprint.get("/rounds/<slug>/reassess")
@administrators
def reassessing(slug: str) -> ResponseReturnValue:
    """Administrators: which villages are asked again, and when."""
    round_ = rounds.by_slug(db.session, slug)
    store.require_repeatable(round_)
    form = ReassessForm(
        title=_("Reassessment: %(title)s", title=round_.title),
        results_place=round_.results_place,
        help_place=round_.help_place,
        phone=round_.phone,
        key_holding=round_.key_holding,
    )
    selection.offer_villages(form, round_)
    return _page(round_, form)


def _page(
    round_: RoundRow, form: ReassessForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template("admin/reassess.html", round=round_, form=form, problem=problem), (
        422 if problem or form.errors else 200
    )


@blueprint.post("/rounds/<slug>/reassess")
@administrators
def reassess(slug: str) -> ResponseReturnValue:
    """Administrators: keep the draft of the small round."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = ReassessForm()
    selection.offer_villages(form, round_)
    if not form.validate_on_submit():
        return _page(round_, form)
    try:
        villages = selection.named_ones(form, round_)
        fields = when_and_where(form)
        made = store.reassess(db.session, round_, villages, current_account(), **fields)
    except (Invalid, ValidationError) as fault:
        db.session.rollback()
        return _page(rounds.by_slug(db.session, slug), form, said(fault))
    made_slug = made.slug
    db.session.commit()
    flash(_("The round is prepared. Look at it once more, then open it."), "well")
    return redirect(url_for("admin.show_round", slug=made_slug))
