"""A measure's way to its close-out (销号): reported done by one person, closed out by another."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import village_files
from survey.storage.db import now
from survey.storage.tables import AccountRow, MeasureRow, VillageRow


def report_done(session: Session, village: VillageRow, number: int, by: AccountRow) -> None:
    """Keep that *by* reports the measure done; raises `Refused` where it is already."""
    row = _measure(session, village, number)
    if row.state != "open":
        raise Refused(N_("This measure is reported done already."))
    row.state, row.done_by, row.done_at = "done", by.id, now(session)
    _log(session, "report", village, number, by)


def close_out(session: Session, village: VillageRow, number: int, by: AccountRow) -> None:
    """Close the measure out; raises `Refused` unless somebody else than *by* reported it done.

    Always two persons, whatever SURVEY_TWO_PERSON says: one person's word is no proof.
    """
    row = _measure(session, village, number)
    if row.state != "done":
        raise Refused(N_("Only a measure that is reported done can be closed out."))
    if row.done_by == by.id:
        raise Refused(
            N_("You reported this measure done yourself. A second person looks and closes it out.")
        )
    row.state, row.closed_by, row.closed_at = "closed", by.id, now(session)
    _log(session, "close_out", village, number, by)


def take_back(session: Session, village: VillageRow, number: int, by: AccountRow) -> None:
    """Make the measure open again, also one that was closed out."""
    row = _measure(session, village, number)
    if row.state == "open":
        raise Refused(N_("This measure is under way; there is nothing to take back."))
    row.state = "open"
    row.done_by = row.done_at = row.closed_by = row.closed_at = None
    _log(session, "take_back", village, number, by)


def _measure(session: Session, village: VillageRow, number: int) -> MeasureRow:
    village_files.hold(session, village)
    row: MeasureRow = village_files.find(session, "measure", village, number)
    return row


def _log(session: Session, act: str, village: VillageRow, number: int, by: AccountRow) -> None:
    session.flush()
    village_files.log(session, act, village, by, kind="measure", number=number)
