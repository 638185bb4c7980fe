"""The acceptance groups of a sealed round side by side."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.core import groups
from survey.core.wording import say
from survey.storage import calibration, judgements, results, rounds
from survey.storage.db import db
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint


@blueprint.get("/rounds/<slug>/groups", endpoint="groups")
@administrators
def show_groups(slug: str) -> ResponseReturnValue:
    """Administrators: each group's points beside the villagers', and how often it overrode."""
    round_ = rounds.by_slug(db.session, slug)
    villages = judgements.of_round(
        db.session,
        round_,
        rounds.villages(db.session, round_),
        results.released(db.session, round_),
    )
    calibrated = calibration.told(db.session, round_)
    values = rounds.policy_of(round_).values
    return render_template(
        "admin/groups.html",
        round=round_,
        lines=groups.compare(villages, calibrated.deviations, (values[-1], values[0])),
        note=say(groups.NOTE),
        calibrated=calibrated,
    )
