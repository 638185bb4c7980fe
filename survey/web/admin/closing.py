"""Closing an open round before its time, and taking a proposal back: two persons' acts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.storage import acts, rounds
from survey.storage.db import begin_write, db
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint

ACT = "round.close"


@blueprint.get("/rounds/<slug>/close")
@administrators
def closing(slug: str) -> ResponseReturnValue:
    """Administrators: close a round early."""
    round_ = rounds.by_slug(db.session, slug)
    return render_template("admin/close.html", round=round_, proposal=proposal.of(round_, ACT))


@blueprint.post("/rounds/<slug>/close/propose")
@administrators
def propose_closing(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    begin_write(db.session)
    acts.propose(db.session, rounds.by_slug(db.session, slug), ACT, current_account())
    db.session.commit()
    return redirect(url_for("admin.closing", slug=slug))


@blueprint.post("/rounds/<slug>/close")
@administrators
def close_round(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    rounds.close(db.session, round_, current_account(), two_person=proposal.two_person(round_))
    db.session.commit()
    flash(_("The round is closed. No answer is taken any more."), "well")
    return redirect(url_for("admin.show_round", slug=slug))


@blueprint.post("/rounds/<slug>/withdraw/<int:pending_id>")
@administrators
def withdraw(slug: str, pending_id: int) -> ResponseReturnValue:
    """Administrators: take a proposal back."""
    begin_write(db.session)
    acts.withdraw(db.session, pending_id, current_account())
    db.session.commit()
    flash(_("The proposal is taken back."), "well")
    return redirect(url_for("admin.show_round", slug=slug))
