"""When invented respondents answer: mostly in the evening, over several days, five minutes by five.

Real ballots get their five minutes from the clock in web/collect; nobody but the demonstration says
when a ballot came.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from survey.core.box import BUCKET_SECONDS
from survey.storage.tables import RoundRow

_AN_HOUR = 3600 // BUCKET_SECONDS
_DAY, _EVENING = (8, 18), (18, 22)
"""Hours between which people answer, by day and in the evening."""
_IN_THE_EVENING = 0.75
_MEETING = 19 * _AN_HOUR
_MEETING_LASTS = 4

Buckets = NDArray[np.int64]


def first_whole_day(round_: RoundRow) -> date:
    """Return the first day on which *round_* is open from morning to evening."""
    return round_.opens_at.astimezone(ZoneInfo(round_.timezone)).date() + timedelta(days=1)


def spread(
    number: int, first: date, days: int, timezone: str, random: np.random.Generator
) -> Buckets:
    """Return the five minutes of *number* villagers' ballots, over *days* days from *first* on."""
    evening = random.random(number) < _IN_THE_EVENING
    begin = np.where(evening, _EVENING[0], _DAY[0]) * _AN_HOUR
    end = np.where(evening, _EVENING[1], _DAY[1]) * _AN_HOUR
    within = begin + (random.random(number) * (end - begin)).astype(np.int64)
    midnights = np.array([_midnight(first + timedelta(day), timezone) for day in range(days)])
    return np.asarray(midnights[random.integers(days, size=number)] + within)


def meeting(number: int, day: date, timezone: str, random: np.random.Generator) -> Buckets:
    """Return the five minutes of *number* ballots that are given at one meeting on *day*."""
    begin = _midnight(day, timezone) + _MEETING
    return begin + random.integers(_MEETING_LASTS, size=number)


def quarter(number: int, day: date, timezone: str, random: np.random.Generator) -> Buckets:
    """Return the five minutes of *number* ballots that come in one quarter of an hour on *day*."""
    begin = _midnight(day, timezone) + _EVENING[0] * _AN_HOUR
    return begin + random.integers(3, size=number)


def _midnight(day: date, timezone: str) -> int:
    begin = datetime.combine(day, time(), ZoneInfo(timezone))
    return int(begin.timestamp()) // BUCKET_SECONDS
