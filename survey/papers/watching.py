"""A round as it is watched: the wall as a workbook, and the weekly report (周报) as a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.core.round import spoken
from survey.core.watch import Pace, Watched, passed
from survey.papers.reader import Reader
from survey.reports.wall import WallAbout, wall
from survey.reports.weekly import WeeklyAbout, weekly
from survey.storage import deadlines, watch
from survey.storage.tables import RoundRow


def write_wall(
    session: Session, round_: RoundRow, villages: Sequence[Watched], pace: Pace, reader: Reader
) -> bytes:
    """Return *villages* of *round_* and what is expected of them, as .xlsx."""
    about = WallAbout(
        title=round_.title,
        office=round_.office,
        day=watch.today(session, round_),
        closes_at=spoken(deadlines.taken_until(round_), round_.timezone),
        pace=pace,
        tens=watch.in_tens(round_),
    )
    return wall(villages, about, reader.translate)


def write_weekly(
    session: Session, round_: RoundRow, day: date, expected: float, reader: Reader
) -> bytes:
    """Return the report of *day*, a day on which one was kept, as .docx.

    What is late is reckoned at the beginning of the day; dates are as they stand now.
    """
    before = max((one for one in watch.days(session, round_) if one < day), default=None)
    about = WeeklyAbout(
        title=round_.title,
        office=round_.office,
        day=day,
        before=before,
        deadline=spoken(deadlines.taken_until(round_), round_.timezone),
        open=round_.state == "open",
        help_on=round_.help_on,
        help_place=round_.help_place,
        results_on=round_.results_on,
        results_place=round_.results_place,
        pace=Pace(expected, _passed(round_, day)),
    )
    earlier = watch.kept(session, round_, before) if before else None
    return weekly(watch.as_kept(session, round_, day), earlier, about, reader.translate)


def _passed(round_: RoundRow, day: date) -> float:
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(round_.timezone))
    return passed(round_.opens_at, deadlines.taken_until(round_), begins)
