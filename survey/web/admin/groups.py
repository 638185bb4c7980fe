"""The acceptance groups of a sealed round side by side."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.core import groups
from survey.core.groups import Judged
from survey.core.release import ReleasedVillage
from survey.core.wording import say
from survey.storage import calibration, ratings, results, rounds, standings
from survey.storage.db import db
from survey.storage.standings import Agreed
from survey.storage.tables import RatingRow, RoundVillageRow
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint


@blueprint.get("/rounds/<slug>/groups", endpoint="groups")
@administrators
def show_groups(slug: str) -> ResponseReturnValue:
    """Administrators: each group's points beside the villagers', and how often it overrode."""
    round_ = rounds.by_slug(db.session, slug)
    released = results.released(db.session, round_)
    agreed = standings.latest(db.session, round_)
    rated = ratings.latest(db.session, round_)
    villages = [
        _judged(row, released[row.code], agreed.get(row.village_id), rated.get(row.village_id))
        for row in rounds.villages(db.session, round_)
        if row.group is not None
    ]
    sheet = calibration.sheet(db.session, round_)
    points = sheet.of_groups(calibration.groups(db.session, round_))
    calibrated = groups.calibrate(list(sheet.names.values()), points)
    values = rounds.policy_of(round_).values
    return render_template(
        "admin/groups.html",
        round=round_,
        lines=groups.compare(villages, calibrated.deviations, (values[-1], values[0])),
        note=say(groups.NOTE),
        calibrated=calibrated,
    )


def _judged(
    village: RoundVillageRow,
    shown: ReleasedVillage,
    agreed: Agreed | None,
    rating: RatingRow | None,
) -> Judged:
    mass = shown.mass.source if shown.mass else None
    locked = rating if ratings.is_locked(rating) else None
    return Judged(
        group=village.group.name if village.group else "",
        organisational=agreed.consensus.score if agreed else None,
        mass=mass.value if mass else None,
        bound=mass.bound if mass else "",
        suggestion=locked.suggestion if locked else None,
        decision=locked.decision if locked else None,
    )
