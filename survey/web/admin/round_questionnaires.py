"""Which questionnaires a round asks: chosen anew while it is being prepared."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectField

from survey.storage import questionnaires, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.rounds import choices_of
from survey.web.fields import StaffForm


def _form(round_: RoundRow) -> StaffForm:
    """Return a form with a field for each audience of *round_*."""
    fields = {row.audience: SelectField() for row in round_.audiences}
    form: StaffForm = type("ChoiceForm", (StaffForm,), fields)(
        data={row.audience: row.questionnaire_digest for row in round_.audiences}
    )
    available = questionnaires.listing(db.session)
    for row in round_.audiences:
        form[row.audience].choices = choices_of(available, row.audience)
    return form


def _page(round_: RoundRow, form: StaffForm) -> str:
    return render_template(
        "admin/round_questionnaires.html",
        round=round_,
        form=form,
        audiences=[row.audience for row in round_.audiences],
    )


@blueprint.get("/rounds/<slug>/questionnaires", endpoint="round_questionnaires")
@administrators
def choose_questionnaires(slug: str) -> ResponseReturnValue:
    """Administrators: choose what a round that is being prepared will ask."""
    round_ = rounds.by_slug(db.session, slug)
    rounds.require_changeable(db.session, round_)
    return _page(round_, _form(round_))


@blueprint.post("/rounds/<slug>/questionnaires")
@administrators
def keep_questionnaires(slug: str) -> ResponseReturnValue:
    """Administrators: keep what was chosen."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    rounds.require_changeable(db.session, round_)
    form = _form(round_)
    if not form.validate_on_submit():
        return _page(round_, form), 422
    chosen = {row.audience: form[row.audience].data for row in round_.audiences}
    rounds.ask(db.session, round_, chosen, current_account().username)
    db.session.commit()
    flash(_("The questionnaires are chosen. Look at the round once more, then open it."), "well")
    return redirect(url_for("admin.show_round", slug=slug))
