"""What each acceptance group gave and decided beside the villagers, ready for core/groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from survey.core.groups import Judged
from survey.core.release import ReleasedVillage
from survey.storage import ratings, standings
from survey.storage.standings import Agreed
from survey.storage.tables import RatingRow, RoundRow, RoundVillageRow


def of_round(
    session: Session,
    round_: RoundRow,
    villages: Sequence[RoundVillageRow],
    released: Mapping[str, ReleasedVillage],
) -> list[Judged]:
    """Return what was judged of each of *villages* that has a group; *released* by code."""
    agreed = standings.latest(session, round_)
    rated = ratings.latest(session, round_)
    return [
        _judged(row, released[row.code], agreed.get(row.village_id), rated.get(row.village_id))
        for row in villages
        if row.group is not None
    ]


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
        strength=shown.suggestion.standing,
    )
