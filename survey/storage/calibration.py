"""The calibration villages of a round: who named and scored what, kept as one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.calibration import Change, Sheet, changes
from survey.core.errors import Refused
from survey.core.groups import Calibration, calibrate
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.tables import (
    AccountRow,
    CalibrationScoreRow,
    CalibrationVillageRow,
    GroupRow,
    RoundRow,
    RoundVillageRow,
)

ACT = "calibration.enter"
STATES = ("open", "closed", "sealed")


@dataclass(frozen=True)
class Entered:
    """Who entered or cleared a group's points last, and when."""

    by: str
    at: datetime


def require_open(round_: RoundRow) -> None:
    """Raise `Refused` where *round_* is not, or no longer, one whose villages are evaluated."""
    if round_.state not in STATES:
        raise Refused(
            N_("Calibration villages are scored while a round is open, closed or sealed.")
        )


def groups(session: Session, round_: RoundRow) -> dict[int, str]:
    """Return the names of the acceptance groups that have villages in *round_*, by id."""
    chosen = (
        sa.select(GroupRow.id, GroupRow.name)
        .where(
            GroupRow.id.in_(
                sa.select(RoundVillageRow.group_id).where(RoundVillageRow.round_id == round_.id)
            )
        )
        .order_by(GroupRow.name)
    )
    return {row.id: row.name for row in session.execute(chosen)}


def sheet(session: Session, round_: RoundRow) -> Sheet:
    """Return the calibration villages of *round_* and the points that stand."""
    named = sa.select(CalibrationVillageRow).filter_by(round_id=round_.id).order_by("place")
    scored = sa.select(CalibrationScoreRow).filter_by(round_id=round_.id)
    return Sheet(
        {row.place: row.name for row in session.scalars(named)},
        {
            (row.place, row.group_id): row.points
            for row in session.scalars(scored)
            if row.points is not None
        },
    )


def told(session: Session, round_: RoundRow) -> Calibration:
    """Return what the calibration villages of *round_* tell of its groups."""
    kept = sheet(session, round_)
    return calibrate(list(kept.names.values()), kept.of_groups(groups(session, round_)))


def entered(session: Session, round_: RoundRow) -> dict[int, Entered]:
    """Return who changed the points of each group last, by group id."""
    rows = session.execute(
        sa.select(CalibrationScoreRow.group_id, AccountRow.name, CalibrationScoreRow.entered_at)
        .join(AccountRow, AccountRow.id == CalibrationScoreRow.entered_by)
        .where(CalibrationScoreRow.round_id == round_.id)
        .order_by(CalibrationScoreRow.entered_at)
    )
    return {row.group_id: Entered(row.name, row.entered_at) for row in rows}


def lock(session: Session, round_: RoundRow) -> None:
    """Let nobody else change the sheet of *round_* in this transaction; raises `Refused`."""
    session.refresh(round_, with_for_update=True)
    require_open(round_)


def keep(session: Session, round_: RoundRow, account: AccountRow, wanted: Sheet) -> None:
    """Keep *wanted* in place of the sheet that stands; raises `Refused`.

    The audit log gets one entry with every change, old and new. A village that is named no more
    takes its points with it.
    """
    lock(session, round_)
    changed = changes(sheet(session, round_), wanted)
    if not changed:
        return
    for change in changed:
        if change.group_id is None:
            _name(session, round_, change)
    session.flush()
    for change in changed:
        if change.group_id is not None and change.place in wanted.names:
            cell = (change.place, change.group_id)
            _score(session, round_, cell, wanted.points.get(cell), account)
    told = [_told(session, change) for change in changed]
    audit.record(session, account.username, ACT, round_.slug, changes=told)


def _name(session: Session, round_: RoundRow, change: Change) -> None:
    here = {"round_id": round_.id, "place": change.place}
    if change.new:
        session.merge(CalibrationVillageRow(**here, name=change.new))
        return
    session.execute(sa.delete(CalibrationScoreRow).filter_by(**here))
    session.execute(sa.delete(CalibrationVillageRow).filter_by(**here))


def _score(
    session: Session,
    round_: RoundRow,
    cell: tuple[int, int],
    points: float | None,
    account: AccountRow,
) -> None:
    place, group_id = cell
    session.merge(
        CalibrationScoreRow(
            round_id=round_.id,
            place=place,
            group_id=group_id,
            points=points,
            entered_by=account.id,
            entered_at=now(session),
        )
    )


def _told(session: Session, change: Change) -> str:
    """Return *change* as the audit log keeps it: place and group, old → new."""
    where = str(change.place)
    if change.group_id is not None:
        where += f" · {session.get_one(GroupRow, change.group_id).name}"
    return f"{where}: {change.old or '—'} → {change.new or '—'}"
