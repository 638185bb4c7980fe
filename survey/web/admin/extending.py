"""Giving people more time: a later deadline, proposed by one person and confirmed by a second."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired

from survey.core.errors import Invalid
from survey.core.round import spoken
from survey.core.wording import Sentence
from survey.storage import acts, rounds
from survey.storage import extending as store
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm


class ExtendForm(StaffForm):
    """The new deadline in the office's time."""

    until = DateTimeLocalField(
        _l("Answers until"), [InputRequired(_l("Please choose a date and a time."))]
    )


@blueprint.get("/rounds/<slug>/extend")
@administrators
def extending(slug: str) -> ResponseReturnValue:
    """Administrators: give people more time."""
    round_ = rounds.by_slug(db.session, slug)
    return _page(
        round_, ExtendForm(until=spoken(round_.closes_at, round_.timezone).replace(second=0))
    )


def _page(
    round_: RoundRow, form: ExtendForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    waiting = acts.find(db.session, round_, store.ACT)
    return render_template(
        "admin/extend.html",
        round=round_,
        form=form,
        problem=problem,
        proposal=proposal.of(round_, store.ACT),
        until=store.proposed_time(waiting) if waiting else None,
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/extend/propose")
@administrators
def propose_extending(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = ExtendForm()
    if not form.validate_on_submit():
        return _page(round_, form)
    until = form.until.data.replace(tzinfo=ZoneInfo(round_.timezone))
    try:
        store.propose(db.session, round_, current_account(), until)
    except Invalid as fault:
        return _page(round_, form, fault.sentence)
    db.session.commit()
    return redirect(url_for("admin.extending", slug=slug))


@blueprint.post("/rounds/<slug>/extend")
@administrators
def extend_round(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    proposal.require_seen(round_, store.ACT)
    store.extend(db.session, round_, current_account(), two_person=proposal.two_person(round_))
    db.session.commit()
    flash(
        _("There is more time now. Print the posters again: those that hang name the old time."),
        "well",
    )
    return redirect(url_for("admin.show_round", slug=slug))
