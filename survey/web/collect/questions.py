"""What a form asks, as its template shows it: dimensions with their items and what is beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from survey.core import extras
from survey.core.questionnaire import (
    CHOICES,
    Dimension,
    Extra,
    Number,
    OneOf,
    Questionnaire,
    ShortText,
    SomeOf,
    Text,
)
from survey.web.reading import hint

LONGEST_NUMBER = 20
"""Signs of a number, with what somebody writes around it."""


@dataclass(frozen=True)
class Choice:
    """One radio button or tick."""

    value: str
    label: str
    chosen: bool
    name: str


@dataclass(frozen=True)
class Question:
    """One graded item as it is shown."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    missing: bool


@dataclass(frozen=True)
class Beside:
    """One question that is not graded: with *choices* to choose from, or a field to write in.

    *keys*: the keyboard that fits the field, as ``inputmode`` names it.
    """

    key: str
    text: str
    hint: str
    kind: str
    choices: tuple[Choice, ...] = ()
    written: str = ""
    longest: int = 0
    keys: str = "text"


@dataclass(frozen=True)
class Step:
    """One dimension as it is shown; *number* of *total*."""

    number: int
    total: int
    title: str
    lead: str
    questions: tuple[Question, ...]
    beside: tuple[Beside, ...]


def steps(
    questionnaire: Questionnaire, tongue: str, filled: Mapping[str, str], missing: tuple[str, ...]
) -> tuple[Step, ...]:
    """Return the dimensions in the language *tongue*, with what was *filled* in."""
    total = len(questionnaire.dimensions)
    return tuple(
        Step(
            number,
            total,
            dimension.title.in_language(tongue),
            dimension.lead.in_language(tongue) if dimension.lead else "",
            _questions(questionnaire, dimension, tongue, filled, missing),
            tuple(_beside(questionnaire, extra, tongue, filled) for extra in dimension.extras),
        )
        for number, dimension in enumerate(questionnaire.dimensions, start=1)
    )


def _questions(
    questionnaire: Questionnaire,
    dimension: Dimension,
    tongue: str,
    filled: Mapping[str, str],
    missing: tuple[str, ...],
) -> tuple[Question, ...]:
    return tuple(
        Question(
            item.key,
            item.text.in_language(tongue),
            tuple(
                Choice(value, label.in_language(tongue), filled.get(item.key) == value, item.key)
                for value, label in _labels(questionnaire, item.key)
            ),
            item.key in missing,
        )
        for item in dimension.items
    )


@lru_cache(maxsize=1024)
def _labels(questionnaire: Questionnaire, key: str) -> tuple[tuple[str, Text], ...]:
    item = next(item for item in questionnaire.items if item.key == key)
    wording = questionnaire.wording_of(item)
    return tuple((value, getattr(wording, value)) for value in CHOICES)


def _beside(
    questionnaire: Questionnaire, extra: Extra, tongue: str, filled: Mapping[str, str]
) -> Beside:
    text, written = extra.text.in_language(tongue), filled.get(extra.key, "")
    match extra:
        case OneOf():
            unknown = questionnaire.wording.unknown.in_language(tongue)
            choices = (*_one_of(extra, tongue, written), Choice("", unknown, False, extra.key))
            return Beside(extra.key, text, "", extra.kind, choices)
        case SomeOf():
            choices = _some_of(extra, tongue, filled)
            return Beside(extra.key, text, hint(extra), extra.kind, choices)
        case Number():
            keys = "numeric" if extra.least >= 0 else "text"
            return Beside(
                extra.key, text, hint(extra), extra.kind, (), written, LONGEST_NUMBER, keys
            )
        case ShortText():
            return Beside(extra.key, text, hint(extra), extra.kind, (), written, extra.maximum)


def _one_of(extra: OneOf, tongue: str, written: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(option.key, option.text.in_language(tongue), option.key == written, extra.key)
        for option in extra.options
    )


def _some_of(extra: SomeOf, tongue: str, filled: Mapping[str, str]) -> tuple[Choice, ...]:
    names = [extras.field_of(extra, option) for option in extra.options]
    return tuple(
        Choice("1", option.text.in_language(tongue), bool(filled.get(name)), name)
        for name, option in zip(names, extra.options, strict=True)
    )
