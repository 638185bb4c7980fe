"""Days and times as a villager reads them, in the language of the paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

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


class Announced(Protocol):
    """What a villager is told of a round: where to call, until when, where help and results are."""

    phone: str
    deadline: datetime
    help_on: date
    help_place: str
    results_on: date
    results_place: str


def announced(text: Announced, language: str) -> dict[str, str]:
    """Return what *text* announces, written out, by the names that sentences use."""
    return {
        "phone": text.phone,
        "deadline": moment(text.deadline, language),
        "help_on": day(text.help_on, language),
        "help_place": text.help_place,
        "results_on": day(text.results_on, language),
        "results_place": text.results_place,
    }
