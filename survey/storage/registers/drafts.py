"""Rounds in preparation follow the register: what is merged, split or retired changes there too."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage.assessed import standing
from survey.storage.tables import RoundRow, RoundVillageRow, VillageRow


def replace(session: Session, old: Sequence[int], new: Sequence[int]) -> None:
    """In every draft that has a village of *old*, put the villages *new* in their place."""
    holding = sa.select(RoundVillageRow.round_id).where(RoundVillageRow.village_id.in_(old))
    drafts = session.scalars(
        sa.select(RoundRow.id).where(RoundRow.state == "draft", RoundRow.id.in_(holding))
    ).all()
    places = sa.select(VillageRow).where(VillageRow.id.in_(new))
    taken = [standing(village) for village in session.scalars(places)]
    for round_id in drafts:
        session.execute(
            sa.delete(RoundVillageRow).where(
                RoundVillageRow.round_id == round_id,
                RoundVillageRow.village_id.in_({*old, *new}),
            )
        )
        if taken:
            session.execute(
                sa.insert(RoundVillageRow), [{"round_id": round_id} | place for place in taken]
            )
    session.expire_all()


def opened_with(session: Session, village_id: int) -> Sequence[RoundRow]:
    """Return the rounds that have this village and are no drafts any more, the last first."""
    return session.scalars(
        sa.select(RoundRow)
        .join(RoundVillageRow, RoundVillageRow.round_id == RoundRow.id)
        .where(RoundVillageRow.village_id == village_id, RoundRow.state != "draft")
        .order_by(RoundRow.closes_at.desc())
    ).all()
