"""Acceptance groups (验收组): made, named and deleted; who sits in them; who leads them today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.round import spoken
from survey.core.wording import N_
from survey.storage.db import now
from survey.storage.tables import (
    AccountRow,
    CalibrationScoreRow,
    GroupRow,
    RoundRow,
    RoundVillageRow,
    SubstituteRow,
    VillageRow,
)

REVIEWING_ROLES = ("lead", "member")
"""The roles that sit in an acceptance group; everybody else looks on."""
LONGEST_NAME = 40

_HELD_BY = (AccountRow, VillageRow, RoundVillageRow, CalibrationScoreRow, SubstituteRow)
"""What keeps a group from being deleted."""


@dataclass(frozen=True)
class Table:
    """Who sits at the table of one group today; *acting* leads it in the place of its lead."""

    members: tuple[AccountRow, ...] = ()
    acting: AccountRow | None = None

    def leads(self, account: AccountRow) -> bool:
        """Say whether *account* leads: who is acting alone, otherwise each lead."""
        if self.acting is not None:
            return account.id == self.acting.id
        return account.role == "lead"


def by_id(session: Session, group_id: int) -> GroupRow:
    """Return the group with *group_id*; raises `Missing`."""
    row = session.get(GroupRow, group_id)
    if row is None:
        raise Missing(N_("There is no such acceptance group."))
    return row


def make(session: Session, name: str) -> GroupRow:
    """Make the group *name*; raises `Invalid` where the name is empty, too long or taken."""
    row = GroupRow(name=_free_name(session, name))
    session.add(row)
    session.flush()
    return row


def rename(session: Session, group: GroupRow, name: str) -> None:
    """Call *group* by *name* from now on; raises `Invalid` as `make` does."""
    group.name = _free_name(session, name, but=group.id)
    session.flush()


def delete(session: Session, group: GroupRow) -> None:
    """Delete *group*; raises `Refused` while a person, a village or a round belongs to it."""
    if not is_empty(session, group):
        raise Refused(
            N_(
                "Somebody or some village belongs to this group, or did in a round. Only an empty "
                "group can be deleted."
            )
        )
    session.delete(group)
    session.flush()


def is_empty(session: Session, group: GroupRow) -> bool:
    """Say whether nothing at all belongs to *group*, now or in any round."""
    held = (sa.select(row.group_id).where(row.group_id == group.id).limit(1) for row in _HELD_BY)
    return not any(session.execute(one).first() for one in held)


def villages(session: Session) -> Mapping[int, int]:
    """Return how many villages of the register each group has, by group id."""
    counted = sa.select(VillageRow.group_id, sa.func.count()).group_by(VillageRow.group_id)
    return {group: number for group, number in session.execute(counted) if group is not None}


def _free_name(session: Session, name: str, but: int | None = None) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(
            N_("A group has a name of at most %(maximum)d characters."), maximum=LONGEST_NAME
        )
    taken = session.scalar(sa.select(GroupRow.id).where(GroupRow.name == name))
    if taken not in (None, but):
        raise Invalid(N_("There is a group of this name: please choose another."))
    return name


def today(session: Session, timezone: str) -> date:
    """Return the day in *timezone*, by the database's clock."""
    return spoken(now(session), timezone).date()


def tables(
    session: Session, round_: RoundRow, group_ids: Iterable[int | None]
) -> dict[int | None, Table]:
    """Return who sits at the table of each of *group_ids* today, as *round_* counts days."""
    wanted = set(group_ids) - {None}
    acting = _acting(session, today(session, round_.timezone))
    members = _members(session, wanted)
    found: dict[int | None, Table] = {None: Table()}
    for group in wanted:
        found[group] = _table(members[group], acting.get(group))
    return found


def _table(members: list[AccountRow], acting: AccountRow | None) -> Table:
    elsewhere = acting is not None and acting.id not in {member.id for member in members}
    return Table(tuple([*members, acting] if acting and elsewhere else members), acting)


def _members(
    session: Session, group_ids: Iterable[int | None]
) -> dict[int | None, list[AccountRow]]:
    found: dict[int | None, list[AccountRow]] = defaultdict(list)
    wanted = sa.select(AccountRow).where(
        AccountRow.group_id.in_(group_ids),
        AccountRow.role.in_(REVIEWING_ROLES),
        AccountRow.disabled.is_(False),
    )
    for account in session.scalars(wanted.order_by(AccountRow.role, AccountRow.id)):
        found[account.group_id].append(account)
    return found


def _acting(session: Session, day: date) -> dict[int | None, AccountRow]:
    standing_in = (
        sa.select(SubstituteRow)
        .join(AccountRow, AccountRow.id == SubstituteRow.account_id)
        .where(
            SubstituteRow.since <= day,
            SubstituteRow.until >= day,
            SubstituteRow.ended_at.is_(None),
            AccountRow.disabled.is_(False),
            AccountRow.role.in_(REVIEWING_ROLES),
        )
        .order_by(SubstituteRow.id)
    )
    return {row.group_id: row.account for row in session.scalars(standing_in)}


def of_account(session: Session, round_: RoundRow, account: AccountRow) -> set[int]:
    """Return the ids of the groups at whose table *account* sits today: their own, and acting."""
    if account.role not in REVIEWING_ROLES:
        return set()
    acting = _acting(session, today(session, round_.timezone))
    led = {group for group, other in acting.items() if other.id == account.id}
    return {group for group in {account.group_id, *led} if group is not None}
