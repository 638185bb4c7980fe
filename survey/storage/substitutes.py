"""Somebody who leads an acceptance group while its lead is ill or away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.groups import REVIEWING_ROLES
from survey.storage.tables import AccountRow, GroupRow, SubstituteRow

LONGEST_REASON = 300


@dataclass(frozen=True)
class Term:
    """From which day to which somebody leads, both included, and why."""

    since: date
    until: date
    reason: str


def name(
    session: Session, group: GroupRow, account: AccountRow, term: Term, by: AccountRow
) -> SubstituteRow:
    """Let *account* lead *group* for *term*; the rating's other signature is another person's.

    Raises `Invalid` where the days or the reason do not do, the person is neither of the group
    nor another lead, or somebody else leads it on one of the days.
    """
    _check(session, group, account, term)
    row = SubstituteRow(
        group_id=group.id,
        account_id=account.id,
        since=term.since,
        until=term.until,
        reason=term.reason.strip(),
        entered_by=by.id,
        entered_at=now(session),
    )
    session.add(row)
    audit.record(
        session,
        by.username,
        "substitute.name",
        group.name,
        person=account.username,
        since=term.since.isoformat(),
        until=term.until.isoformat(),
        reason=row.reason,
    )
    session.flush()
    return row


def _check(session: Session, group: GroupRow, account: AccountRow, term: Term) -> None:
    if not 0 < len(term.reason.strip()) <= LONGEST_REASON:
        raise Invalid(
            N_("Please write why, in %(maximum)d characters at most."), maximum=LONGEST_REASON
        )
    if term.until < term.since:
        raise Invalid(N_("The last day cannot be before the first."))
    if account not in candidates(session, group):
        raise Invalid(N_("A member of the group or the lead of another group can lead it."))
    overlaps = sa.select(SubstituteRow.id).where(
        SubstituteRow.group_id == group.id,
        SubstituteRow.ended_at.is_(None),
        SubstituteRow.since <= term.until,
        SubstituteRow.until >= term.since,
    )
    if session.scalars(overlaps.limit(1)).first() is not None:
        raise Invalid(N_("Somebody is named for one of these days already. End that first."))


def end(session: Session, substitute_id: int, by: AccountRow) -> SubstituteRow:
    """End a term before its time; raises `Missing`, and `Refused` where it has ended."""
    row = session.get(SubstituteRow, substitute_id)
    if row is None:
        raise Missing(N_("There is no such acting lead."))
    if row.ended_at is not None:
        raise Refused(N_("This was ended before."))
    row.ended_at = now(session)
    group = session.get_one(GroupRow, row.group_id)
    audit.record(session, by.username, "substitute.end", group.name, person=row.account.username)
    session.flush()
    return row


def candidates(session: Session, group: GroupRow) -> Sequence[AccountRow]:
    """Return who may be named for *group*: its members, then the leads of other groups."""
    wanted = sa.select(AccountRow).where(
        AccountRow.disabled.is_(False),
        AccountRow.role.in_(REVIEWING_ROLES),
        (AccountRow.group_id == group.id) | (AccountRow.role == "lead"),
    )
    in_order = wanted.order_by(AccountRow.group_id != group.id, AccountRow.name, AccountRow.id)
    return session.scalars(in_order).all()


def current(session: Session, day: date) -> Mapping[int, list[SubstituteRow]]:
    """Return the terms that have not ended before *day*, by group id, the first one first."""
    found: dict[int, list[SubstituteRow]] = defaultdict(list)
    lasting = sa.select(SubstituteRow).where(
        SubstituteRow.ended_at.is_(None), SubstituteRow.until >= day
    )
    for row in session.scalars(lasting.order_by(SubstituteRow.since, SubstituteRow.id)):
        found[row.group_id].append(row)
    return found
