"""What the desk knows of each village of the reader's, a line each."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.release import ReleasedScore, ReleasedVillage
from survey.core.village_file import EMPTY, Completeness, completeness
from survey.storage import ratings, results, village_files
from survey.storage.db import db
from survey.storage.standings import Standing, scores_shown, standings
from survey.storage.tables import RatingRow, RoundRow, RoundVillageRow
from survey.web.access import current_account
from survey.web.review import figures
from survey.web.review.file_place import today
from survey.web.review.scope import villages_seen
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
    def organisational(self) -> float | None:
        """The points on which the group agreed."""
        return self.standing.agreed.consensus.score if self.standing.agreed else None

    @property
    def flagged(self) -> bool:
        """Whether a screen raised a flag that the reader may see."""
        return self.shown is not None and any(self.shown.flags.values())

    @property
    def close(self) -> bool:
        """Whether the figures leave it to the group to talk it over."""
        return self.shown is not None and self.shown.suggestion.strength in (
            "borderline",
            "undecided",
        )

    @property
    def unrated(self) -> bool:
        """Whether the figures are shown and suggest no band at all."""
        return self.shown is not None and self.shown.suggestion.band is None

    def source(self, audience: str) -> ReleasedScore | None:
        """Return the score of *audience*, ``mass`` or ``self``, where it is shown."""
        if self.shown is None:
            return None
        found = self.shown.mass if audience == "mass" else self.shown.self_
        return found.source if found else None


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
