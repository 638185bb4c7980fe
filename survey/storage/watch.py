"""A round as it may be watched: each village in full tens, and what earlier reports showed.

The exact numbers of a live round end here: `core.turnout` makes full tens of them, and whether
there are enough, before anybody else is given one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import turnout
from survey.core.errors import Refused
from survey.core.round import spoken
from survey.core.village_file import EMPTY, completeness
from survey.core.watch import Kept, Pace, Watched, passed
from survey.core.wording import N_
from survey.storage import audit, deadlines, rounds, tallies, village_files
from survey.storage.db import now
from survey.storage.tables import ConsensusRow, RoundRow, RoundVillageRow, SnapshotRow

LIVE = ("open", "closed")
STATES = (*LIVE, "sealed")

Shown = tuple[dict[int, int], dict[int, bool]]
"""What may be shown by village id: mass ballots, and whether the self-evaluation has enough."""


def require_watched(round_: RoundRow) -> None:
    """Raise `Refused` where there is nothing to be watched about *round_*, or not just now."""
    if round_.state not in STATES:
        raise Refused(N_("A round is watched while it is open, closed or sealed."))


def in_tens(round_: RoundRow) -> bool:
    """Say whether turnout is shown in full tens only: before the seal, and of a rehearsal always.

    Few answer in a rehearsal, and its pages say that no number of it is shown.
    """
    return round_.state in LIVE or round_.kind == "rehearsal"


def of_round(session: Session, round_: RoundRow) -> list[Watched]:
    """Return what may be shown of every village of *round_*, by village code.

    Mass ballots are in full tens where `in_tens` says so, and else as the ledger has them. Raises
    `Refused` in any other state.
    """
    require_watched(round_)
    mass, self_ = _live(session, round_) if round_.state in LIVE else _sealed(session, round_)
    evaluated = set(
        session.scalars(sa.select(ConsensusRow.village_id).filter_by(round_id=round_.id))
    )
    files = village_files.tallies(session, village_files.of_round(round_), today(session, round_))
    later = deadlines.postponed(session, round_)
    return [
        _watched(
            village,
            Kept(
                answered=mass.get(village.village_id),
                enough=self_.get(village.village_id),
                evaluated=village.village_id in evaluated,
            ),
            completeness(files.get(village.village_id, EMPTY)).percent if files else None,
            later.get(village.village_id),
        )
        for village in rounds.villages(session, round_)
    ]


def _watched(
    village: RoundVillageRow,
    shown: Kept,
    file: int | None = None,
    later: datetime | None = None,
) -> Watched:
    return Watched(
        village_id=village.village_id,
        code=village.code,
        township=village.township,
        name=village.name,
        group=village.group.name if village.group else "",
        answered=shown.answered,
        eligible=village.eligible,
        enough=shown.enough,
        evaluated=shown.evaluated,
        file=file,
        later=later,
    )


def _live(session: Session, round_: RoundRow) -> Shown:
    mass, self_ = {}, {}
    for cell in rounds.turnout(session, round_):
        if cell.audience == "mass":
            mass[cell.village.village_id] = turnout.tens(cell.ballots)
        else:
            self_[cell.village.village_id] = turnout.enough(cell.ballots)
    return mass, self_


def _sealed(session: Session, round_: RoundRow) -> Shown:
    by_ticket = tallies.used_tickets(session, round_)
    by_poster = [
        row.audience for row in round_.audiences if rounds.main_access(row.access) == "poster"
    ]
    received = tallies.received(session, round_) if by_poster else by_ticket
    mass, self_ = {}, {}
    for village in rounds.villages(session, round_):
        one = village.village_id
        for asked in round_.audiences:
            counted = received if asked.audience in by_poster else by_ticket
            if asked.audience == "mass":
                number = counted[one, "mass"]
                mass[one] = turnout.tens(number) if in_tens(round_) else number
            else:
                self_[one] = turnout.enough(counted[one, "self"])
    return mass, self_


def pace(session: Session, round_: RoundRow, expected: float) -> Pace:
    """Return what is expected of *round_* now, where *expected* is the share by its end."""
    if round_.state != "open":
        return Pace(expected, 1.0)
    return Pace(expected, passed(round_.opens_at, round_.closes_at, now(session)))


def today(session: Session, round_: RoundRow) -> date:
    """Return the day in the time zone of *round_*, by the database's clock."""
    return spoken(now(session), round_.timezone).date()


def days(session: Session, round_: RoundRow) -> Sequence[date]:
    """Return the days on which a report was made of *round_*, the first one first."""
    wanted = sa.select(SnapshotRow.day).filter_by(round_id=round_.id).distinct()
    return session.scalars(wanted.order_by(SnapshotRow.day)).all()


def keep(session: Session, round_: RoundRow, by: str) -> date:
    """Keep what may be shown of *round_* today, unless it is kept already; return the day.

    Numbers are kept in full tens in every state. A second report on one day shows the first one's
    figures, so that what was shown is what is kept.
    """
    session.refresh(round_, with_for_update=True)
    require_watched(round_)
    day = today(session, round_)
    if day in days(session, round_):
        return day
    session.execute(
        sa.insert(SnapshotRow),
        [
            {
                "round_id": round_.id,
                "day": day,
                "village_id": village.village_id,
                "answered": None if village.answered is None else turnout.tens(village.answered),
                "enough": village.enough,
                "evaluated": village.evaluated,
            }
            for village in of_round(session, round_)
        ],
    )
    audit.record(session, by, "report.weekly", round_.slug, day=day.isoformat())
    return day


def kept(session: Session, round_: RoundRow, day: date) -> dict[int, Kept]:
    """Return what the report of *day* showed of each village of *round_*, by village id."""
    rows = session.scalars(sa.select(SnapshotRow).filter_by(round_id=round_.id, day=day))
    return {
        row.village_id: Kept(answered=row.answered, enough=row.enough, evaluated=row.evaluated)
        for row in rows
    }


def as_kept(session: Session, round_: RoundRow, day: date) -> list[Watched]:
    """Return every village of *round_* as the report of *day* shows it, by village code."""
    shown, later = kept(session, round_, day), deadlines.postponed(session, round_)
    found = []
    for village in rounds.villages(session, round_):
        if one := shown.get(village.village_id):
            found.append(_watched(village, one, later=later.get(village.village_id)))
    return found
