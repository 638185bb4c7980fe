"""What is there already of what a round needs before it can open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage.groups import REVIEWING_ROLES
from survey.storage.tables import AccountRow, GroupRow, RoundRow, RoundVillageRow, VillageRow

SIGNATURES = 2
"""How many persons of a group sign a rating, and how many administrators open a round."""


@dataclass(frozen=True)
class Prepared:
    """Numbers of villages and of those without a group; groups too small; administrators."""

    villages: int
    without_group: int
    small_groups: tuple[str, ...]
    administrators: int


def prepared(session: Session, round_: RoundRow | None) -> Prepared:
    """Return what is there for the villages of *round_*, or for the whole register."""
    placed = sa.select(VillageRow.group_id)
    if round_ is not None:
        placed = placed.join(RoundVillageRow, RoundVillageRow.village_id == VillageRow.id).where(
            RoundVillageRow.round_id == round_.id
        )
    groups = list(session.scalars(placed))
    return Prepared(
        villages=len(groups),
        without_group=groups.count(None),
        small_groups=_small(session, {group for group in groups if group is not None}),
        administrators=_administrators(session),
    )


def _small(session: Session, group_ids: set[int]) -> tuple[str, ...]:
    """Return the names of the groups that lack a lead or a second person to sign."""
    seated = session.execute(
        sa.select(AccountRow.group_id, AccountRow.role).where(
            AccountRow.group_id.in_(group_ids),
            AccountRow.role.in_(REVIEWING_ROLES),
            AccountRow.disabled.is_(False),
        )
    ).all()
    people = Counter(row.group_id for row in seated)
    led = {row.group_id for row in seated if row.role == "lead"}
    small = [group for group in group_ids if people[group] < SIGNATURES or group not in led]
    named = sa.select(GroupRow.name).where(GroupRow.id.in_(small)).order_by(GroupRow.name)
    return tuple(session.scalars(named))


def _administrators(session: Session) -> int:
    there = sa.select(sa.func.count()).where(
        AccountRow.role == "administrator", AccountRow.disabled.is_(False)
    )
    return session.execute(there).scalar_one()
