"""The calibration meeting's own page: groups side by side, calibration villages, the ceiling."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.core import groups
from survey.core.wording import Sentence, say
from survey.storage import meetings
from survey.storage.db import db
from survey.web.access import staff
from survey.web.review.blueprint import blueprint
from survey.web.review.meeting.sight import Sight, sight
from survey.web.review.steps import next_step


@blueprint.get("/<slug>/meeting")
@staff
def meeting(slug: str) -> ResponseReturnValue:
    """Who sits in no group, and leads while it lasts: all groups. Everybody else: their own."""
    seen = sight(slug)
    return render_template(
        "review/meeting.html",
        seen=seen,
        lines=seen.groups(),
        note=say(groups.NOTE),
        calibrated=seen.calibrated() if seen.whole else None,
        cap=seen.cap(),
        held=meetings.held(db.session, seen.round_),
        **_waiting(seen),
    )


def _waiting(seen: Sight) -> dict[str, object]:
    """Return what the meeting waits for and by whom: for who may open it."""
    if not seen.manages or seen.lasting:
        return {"missing": [], "unassessed": ()}
    found = meetings.waiting(db.session, seen.round_, seen.reader)
    missing: list[tuple[object, Sentence]] = [
        (village, next_step(seen.round_, standing, None, seen.reader).sentence)
        for village, standing in found.villages
    ]
    return {"missing": missing, "unassessed": found.unassessed}
