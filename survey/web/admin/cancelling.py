"""Cancelling a faulty round: proposed by one person, done by a second, its box destroyed unread."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import cancelling as store
from survey.storage import rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm
from survey.web.installation import settings


class CancelForm(StaffForm):
    """Why the round is cancelled."""

    reason = StringField(
        _l("Why the round is cancelled; the audit log keeps it"),
        [InputRequired(_l("Please fill this in.")), Length(max=200)],
    )


@blueprint.get("/rounds/<slug>/cancel")
@administrators
def cancelling(slug: str) -> ResponseReturnValue:
    """Administrators: what cancelling does, and its next step."""
    return _page(rounds.by_slug(db.session, slug), CancelForm())


def _page(round_: RoundRow, form: CancelForm) -> ResponseReturnValue:
    return render_template(
        "admin/cancel.html", round=round_, form=form, proposal=proposal.of(round_, store.ACT)
    ), (422 if form.errors else 200)


@blueprint.post("/rounds/<slug>/cancel/propose")
@administrators
def propose_cancelling(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(round_, form)
    store.propose(db.session, round_, current_account(), form.reason.data)
    db.session.commit()
    return redirect(url_for("admin.cancelling", slug=slug))


@blueprint.post("/rounds/<slug>/cancel")
@administrators
def cancel_round(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    proposal.require_seen(round_, store.ACT)
    store.cancel(db.session, round_, current_account(), two_person=proposal.two_person(round_))
    db.session.commit()
    return _destroy(round_)


@blueprint.post("/rounds/<slug>/destroy")
@administrators
def destroy_again(slug: str) -> ResponseReturnValue:
    """Administrators: finish destroying a box, where that was cut short."""
    round_ = rounds.by_slug(db.session, slug)
    if round_.state != "cancelled":
        raise Refused(N_("Only the box of a cancelled round is destroyed unread."))
    return _destroy(round_)


def _destroy(round_: RoundRow) -> ResponseReturnValue:
    slug = round_.slug
    try:
        store.destroy(db.session, round_, settings().keys)
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence.render(_), "bad")
        return redirect(url_for("admin.show_round", slug=slug))
    flash(
        _(
            "The round is cancelled and its box was destroyed unread. Destroy the two envelopes "
            "and every backup made while it was open, too."
        ),
        "well",
    )
    return redirect(url_for("admin.show_round", slug=slug))
