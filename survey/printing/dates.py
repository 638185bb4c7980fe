"""Days and times as a villager reads them, in the language of the paper."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime

_DAY = {"zh": "M月d日（EEEE）", "en": "EEEE d MMMM"}
_MOMENT = {"zh": "M月d日（EEEE）HH:mm", "en": "EEEE d MMMM, HH:mm"}
_SHORT = {"zh": "M月d日 HH:mm", "en": "d MMM, HH:mm"}
_FULL = {"zh": "y年M月d日 HH:mm", "en": "d MMMM y, HH:mm"}


def day(value: date, language: str) -> str:
    """Return the day with its weekday, without the year."""
    return format_date(value, _DAY[language], locale=language)


def moment(value: datetime, language: str) -> str:
    """Return the day with its weekday and the time of *value*, as its own time zone has it."""
    return format_datetime(value, _MOMENT[language], locale=language)


def full(value: datetime, language: str) -> str:
    """Return year, day and time of *value*, as its own time zone has it."""
    return format_datetime(value, _FULL[language], locale=language)


def short(value: datetime, language: str) -> str:
    """Return day and time of *value* without the weekday, as its own time zone has it."""
    return format_datetime(value, _SHORT[language], locale=language)
