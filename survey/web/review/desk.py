"""The desk: every village of the reader's, what is known of it and what is to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.core.release import ReleasedVillage
from survey.core.village_file import EMPTY, Completeness, completeness
from survey.storage import ratings, results, village_files
from survey.storage.db import db
from survey.storage.standings import Standing, scores_shown, standings
from survey.storage.tables import RatingRow, RoundRow, RoundVillageRow
from survey.web.access import current_account, staff
from survey.web.review import figures
from survey.web.review.blueprint import blueprint
from survey.web.review.file_place import today
from survey.web.review.scope import (
    find_round,
    looks_on,
    may_open,
    rounds_seen,
    villages_seen,
)
from survey.web.review.steps import Step, next_step


@dataclass(frozen=True)
class Line:
    """One village on the desk; *shown* is None while its scores are hidden from the reader.

    *file* is None where no village of the round has begun its file.
    """

    village: RoundVillageRow
    standing: Standing
    shown: ReleasedVillage | None
    rating: RatingRow | None
    step: Step
    file: Completeness | None

    @property
    def figures(self) -> figures.Summary | None:
        """The line's scores as they are written."""
        return figures.summary(self.shown) if self.shown else None

    @property
    def flagged(self) -> bool:
        """Whether a screen raised a flag that the reader may see."""
        return self.shown is not None and any(self.shown.flags.values())


@blueprint.get("/")
@staff
def desk() -> ResponseReturnValue:
    """Everybody of the staff: the newest round that can be evaluated."""
    seen = rounds_seen()
    if not seen:
        return render_template("review/empty.html")
    return _page(_liveliest(seen), seen)


@blueprint.get("/<slug>/")
@staff
def round_desk(slug: str) -> ResponseReturnValue:
    """Everybody of the staff: their own villages of one round; who sits in no group sees all."""
    return _page(find_round(slug), rounds_seen())


def _liveliest(seen: list[RoundRow]) -> RoundRow:
    """Return the newest sealed round, where there is something to decide, or the newest."""
    return next((row for row in seen if row.state == "sealed"), seen[0])


def _page(round_: RoundRow, seen: list[RoundRow]) -> str:
    return render_template(
        "review/desk.html",
        round_=round_,
        rounds=seen,
        lines=lines(round_),
        may_open=may_open(),
        watches=looks_on(current_account()),
    )


def lines(round_: RoundRow) -> list[Line]:
    """Return a line for each village of *round_* that the reader may see."""
    reader = current_account()
    villages = villages_seen(round_)
    groups = standings(db.session, round_, villages, reader)
    rated = ratings.latest(db.session, round_)
    released = results.released(db.session, round_) if round_.state == "sealed" else {}
    files = village_files.tallies(db.session, village_files.of_round(round_), today())
    return [
        Line(
            village=village,
            standing=groups[village.village_id],
            shown=(
                released.get(village.code)
                if scores_shown(round_, groups[village.village_id], reader)
                else None
            ),
            rating=rated.get(village.village_id),
            step=next_step(
                round_, groups[village.village_id], rated.get(village.village_id), reader
            ),
            file=completeness(files.get(village.village_id, EMPTY)) if files else None,
        )
        for village in villages
    ]
