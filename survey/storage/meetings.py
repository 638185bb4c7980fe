"""The calibration meeting of a round: when it may begin, who opened and closed it, who sees all.

It begins when every village that can be assessed has its consensus. While it lasts, leads see the
figures of all groups; before and after, their own (docs/decisions/calibration-meeting.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import audit, groups, rounds
from survey.storage.db import now
from survey.storage.standings import Standing, latest, standings
from survey.storage.tables import AccountRow, CalibrationMeetingRow, RoundRow, RoundVillageRow


@dataclass(frozen=True)
class Waiting:
    """What a meeting waits for: villages without consensus, each with how far its group is.

    *unassessed*: villages for which nobody sits at the table. They are not waited for.
    """

    villages: tuple[tuple[RoundVillageRow, Standing], ...]
    unassessed: tuple[RoundVillageRow, ...]


@dataclass(frozen=True)
class Held:
    """One meeting and the names of who opened and closed it; "" while it lasts."""

    row: CalibrationMeetingRow
    opened_by: str
    closed_by: str


def waiting(session: Session, round_: RoundRow, reader: AccountRow) -> Waiting:
    """Return which villages of *round_* have no consensus yet, as *reader* may see it."""
    agreed = latest(session, round_)
    open_ = [one for one in rounds.villages(session, round_) if one.village_id not in agreed]
    found = standings(session, round_, open_, reader) if open_ else {}
    seated = [one for one in open_ if _can_be_assessed(one, found[one.village_id])]
    return Waiting(
        tuple((one, found[one.village_id]) for one in seated),
        tuple(one for one in open_ if one not in seated),
    )


def _can_be_assessed(village: RoundVillageRow, standing: Standing) -> bool:
    return village.group_id is not None and any(not seat.recused for seat in standing.seats)


def lasting(session: Session, round_: RoundRow) -> CalibrationMeetingRow | None:
    """Return the meeting of *round_* that is open, if one is."""
    wanted = sa.select(CalibrationMeetingRow).where(
        CalibrationMeetingRow.round_id == round_.id, CalibrationMeetingRow.closed_at.is_(None)
    )
    return session.scalars(wanted).one_or_none()


def held(session: Session, round_: RoundRow) -> list[Held]:
    """Return every meeting of *round_*, the latest first."""
    opener, closer = aliased(AccountRow), aliased(AccountRow)
    found = session.execute(
        sa.select(CalibrationMeetingRow, opener.name, closer.name)
        .join(opener, opener.id == CalibrationMeetingRow.opened_by)
        .outerjoin(closer, closer.id == CalibrationMeetingRow.closed_by)
        .where(CalibrationMeetingRow.round_id == round_.id)
        .order_by(CalibrationMeetingRow.id.desc())
    )
    return [Held(row, opened, closed or "") for row, opened, closed in found]


def begin(session: Session, round_: RoundRow, account: AccountRow) -> None:
    """Open the meeting of *round_*, with an entry in the audit log.

    Raises `Refused` before the seal, for a rehearsal, while a group has not handed in, or where
    the meeting lasts already.
    """
    session.refresh(round_, with_for_update=True)
    if round_.state != "sealed" or round_.kind == "rehearsal":
        raise Refused(N_("A calibration meeting needs scores: the round must be sealed first."))
    if lasting(session, round_):
        raise Refused(N_("The calibration meeting is open already."))
    missing = waiting(session, round_, account).villages
    if missing:
        raise Refused(
            N_("Not all groups have handed in: %(number)d villages have no consensus yet."),
            number=len(missing),
        )
    session.add(
        CalibrationMeetingRow(round_id=round_.id, opened_by=account.id, opened_at=now(session))
    )
    audit.record(session, account.username, "meeting.open", round_.slug)
    session.flush()


def end(session: Session, round_: RoundRow, account: AccountRow) -> None:
    """Close the meeting of *round_*, with an entry in the audit log; raises `Refused`."""
    session.refresh(round_, with_for_update=True)
    row = lasting(session, round_)
    if row is None:
        raise Refused(N_("The calibration meeting is closed already."))
    row.closed_by, row.closed_at = account.id, now(session)
    audit.record(session, account.username, "meeting.close", round_.slug)
    session.flush()


def takes_part(session: Session, round_: RoundRow, account: AccountRow) -> bool:
    """Say whether *account* leads, today, a group that has villages in *round_* while it meets."""
    if account.role not in groups.REVIEWING_ROLES or lasting(session, round_) is None:
        return False
    here = {row.group_id for row in rounds.villages(session, round_)}
    own = groups.of_account(session, round_, account) & here
    tables = groups.tables(session, round_, own)
    return any(tables[group].leads(account) for group in own)
