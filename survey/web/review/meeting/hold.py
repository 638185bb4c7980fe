"""Opening and closing the calibration meeting."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.storage import meetings
from survey.storage.db import begin_write, db
from survey.web.access import administrators, current_account
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import find_round


@blueprint.post("/<slug>/meeting/open")
@administrators
def open_meeting(slug: str) -> ResponseReturnValue:
    """Administrators: let the leads see all groups' figures, once all have handed in."""
    begin_write(db.session)
    meetings.begin(db.session, find_round(slug), current_account())
    db.session.commit()
    flash(_("The meeting is open: leads now see the figures of all groups."), "well")
    return redirect(url_for("review.meeting", slug=slug))


@blueprint.post("/<slug>/meeting/close")
@administrators
def close_meeting(slug: str) -> ResponseReturnValue:
    """Administrators: leads see their own group's figures alone again."""
    begin_write(db.session)
    meetings.end(db.session, find_round(slug), current_account())
    db.session.commit()
    flash(_("The meeting is closed: leads see their own group’s figures alone again."), "well")
    return redirect(url_for("review.meeting", slug=slug))
