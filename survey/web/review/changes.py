"""A round beside the one before it: every village with its difference, where there may be one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.core.comparison import Comparison
from survey.core.errors import Refused
from survey.core.release import ReleasedVillage
from survey.core.wording import N_, Sentence
from survey.storage import predecessors, results
from survey.storage.db import db
from survey.storage.predecessors import Predecessor
from survey.storage.standings import scores_shown, standings
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.access import current_account, reviewers
from survey.web.review import figures
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import find_round, villages_seen


@dataclass(frozen=True)
class Beside:
    """One audience of a village as it is written: then, now, the difference with its range."""

    before: str
    now: str
    change: str
    range_: str
    beyond_chance: bool
    why_not: Sentence | None


@dataclass(frozen=True)
class Change:
    """One village. *last* is None where it had no round before that the reader may see."""

    village: RoundVillageRow
    shown: bool
    last: RoundRow | None
    beside: dict[str, Beside]


@blueprint.get("/<slug>/compared")
@reviewers
def compared(slug: str) -> ResponseReturnValue:
    """Everybody of the staff: their own villages beside their last round; administrators all."""
    round_ = find_round(slug)
    if round_.state != "sealed":
        raise Refused(N_("There are no scores yet: the round must be sealed first."))
    changes = _changes(round_)
    return render_template(
        "review/compared.html",
        round_=round_,
        audiences=[row.audience for row in round_.audiences],
        changes=changes,
        any_before=any(one.last for one in changes),
    )


def _changes(round_: RoundRow) -> list[Change]:
    reader = current_account()
    villages = villages_seen(round_)
    groups = standings(db.session, round_, villages, reader)
    visible = [row for row in villages if scores_shown(round_, groups[row.village_id], reader)]
    found = predecessors.compared_all(db.session, round_, visible, reader)
    now = results.released(db.session, round_)
    shown = {row.code for row in visible}
    return [_change(row, now[row.code], row.code in shown, found.get(row.code)) for row in villages]


def _change(
    village: RoundVillageRow, now: ReleasedVillage, shown: bool, found: Predecessor | None
) -> Change:
    if found is None:
        return Change(village, shown, None, {})
    texts = _texts(now), _texts(found.before)
    return Change(
        village,
        shown,
        found.last,
        {
            audience: _beside(one, texts[0].get(audience, ""), texts[1].get(audience, ""))
            for audience, one in found.comparisons.items()
        },
    )


def _texts(shown: ReleasedVillage) -> dict[str, str]:
    summary = figures.summary(shown)
    return {"mass": summary.mass.text, "self": summary.self_.text}


def _beside(comparison: Comparison, now: str, before: str) -> Beside:
    change = comparison.change
    return Beside(
        before=before,
        now=now,
        change=change.text if change else "",
        range_=f"{change.low:+.1f} … {change.high:+.1f}" if change else "",
        beyond_chance=comparison.beyond_chance,
        why_not=comparison.why_not,
    )
