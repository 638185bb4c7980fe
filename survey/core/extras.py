"""Questions that are not graded: from the form to an answer, and from answers to counts.

An answer is the position of an option (choice), the positions of all that were ticked in their
order (choices), a whole number, or a text; None where nothing was answered. What may be shown of
the counts is decided in `release`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.core.cleaning import clean
from survey.core.errors import Damaged, Invalid
from survey.core.questionnaire import Extra, Number, OneOf, Option, ShortText, SomeOf
from survey.core.wording import N_

FORMAT = "cunping-extra/1"

Answer = int | str | tuple[int, ...] | None

_NUMBER = re.compile(r"[^\d+-]*([+-]?\d{1,8})[^\d+-]*", re.ASCII)
_MINUS = str.maketrans({"−": "-", "–": "-", "负": "-"})
_WIDEST = "\U0010ffff"


def field_of(extra: Extra, option: Option) -> str:
    """Return the name under which a form sends that *option* was ticked, beside others."""
    return f"{extra.key}.{option.key}"


def read(form: Mapping[str, str], extra: Extra) -> Answer:
    """Return how *form* answers *extra*: None where it does not, or not as it was asked.

    Too long a text is cut; what is no option, or no number in its range, is left blank: nobody is
    sent back for what need not be answered.
    """
    match extra:
        case OneOf():
            keys = [option.key for option in extra.options]
            chosen = form.get(extra.key, "")
            return keys.index(chosen) if chosen in keys else None
        case SomeOf():
            ticked = [bool(form.get(field_of(extra, option))) for option in extra.options]
            return tuple(place for place, here in enumerate(ticked) if here) or None
        case Number():
            return _number(form.get(extra.key, ""), extra)
        case ShortText():
            return clean(form.get(extra.key, ""))[: extra.maximum].rstrip() or None


def _number(text: str, extra: Number) -> int | None:
    """Return the one whole number in *text*, whatever digits and unit it is written with."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).translate(_MINUS))
    number = int(found[1]) if found else None
    return number if number is not None and extra.least <= number <= extra.most else None


def longest(extra: Extra) -> Answer:
    """Return an answer to *extra* than which none is longer in a ballot."""
    match extra:
        case OneOf():
            candidates: tuple[Answer, ...] = (None, len(extra.options) - 1)
        case SomeOf():
            candidates = (None, tuple(range(len(extra.options))))
        case Number():
            candidates = (None, extra.least, extra.most)
        case ShortText():
            candidates = (None, _WIDEST * extra.maximum)
    return max(candidates, key=lambda answer: len(json.dumps(answer, ensure_ascii=False).encode()))


def from_stored(values: Iterable[object]) -> tuple[Answer, ...]:
    """Return the answers that JSON holds as *values*; raises `Invalid` for anything else."""
    return tuple(map(_from_stored, values))


def _from_stored(value: object) -> Answer:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list) and all(type(place) is int for place in value):
        return tuple(value)
    raise Invalid(_UNREADABLE)


_UNREADABLE = N_("Stored answers cannot be read.")


def fit(answers: Sequence[Answer], asked: Sequence[Extra]) -> bool:
    """Say whether *answers* can be those of one ballot to what was *asked*."""
    return len(answers) == len(asked) and all(
        answer is None or _fits(answer, extra) for answer, extra in zip(answers, asked, strict=True)
    )


def _fits(answer: Answer, extra: Extra) -> bool:
    match extra, answer:
        case OneOf(), int():
            return 0 <= answer < len(extra.options)
        case SomeOf(), tuple():
            places = range(len(extra.options))
            return bool(answer) and answer == tuple(place for place in places if place in answer)
        case Number(), int():
            return extra.least <= answer <= extra.most
        case ShortText(), str():
            return 0 < len(answer) <= extra.maximum
    return False


@dataclass(frozen=True)
class ExtraTally:
    """How one question was answered in one village, audience and access.

    *counts*: how often each option was chosen, by its key, or each number given, by the number as
    text; how it was combined with others is not kept. Empty for a text.
    """

    received: int
    answered: int
    counts: Mapping[str, int]

    @property
    def blank(self) -> int:
        """Ballots that leave the question out."""
        return self.received - self.answered

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain numbers, ready for JSON."""
        return {
            "format": FORMAT,
            "received": self.received,
            "answered": self.answered,
            "counts": dict(self.counts),
        }


def from_dict(document: Mapping[str, Any]) -> ExtraTally:
    """Return what `ExtraTally.to_dict` wrote; raises `Damaged` where it is not whole."""
    try:
        tally = ExtraTally(
            int(document["received"]),
            int(document["answered"]),
            {str(name): int(number) for name, number in document["counts"].items()},
        )
        whole = document["format"] == FORMAT and 0 <= tally.answered <= tally.received
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(_DAMAGED) from error
    if not whole:
        raise Damaged(_DAMAGED)
    return tally


_DAMAGED = N_("A stored tally cannot be read. Restore it from the backup made after the seal.")


def count(answers: Sequence[Answer], extra: Extra) -> ExtraTally:
    """Return the tally of *answers* to *extra*, one for each ballot; each must `fit`."""
    given = [answer for answer in answers if answer is not None]
    found = Counter(name for answer in given for name in _names(answer, extra))
    names = sorted(found, key=int) if isinstance(extra, Number) else _option_keys(extra)
    return ExtraTally(len(answers), len(given), {name: found[name] for name in names})


def _option_keys(extra: Extra) -> list[str]:
    return [option.key for option in extra.options] if isinstance(extra, OneOf | SomeOf) else []


def _names(answer: Answer, extra: Extra) -> list[str]:
    """Return under which names *answer* is counted."""
    match extra, answer:
        case OneOf(), int():
            return [extra.options[answer].key]
        case SomeOf(), tuple():
            return [extra.options[place].key for place in answer]
        case Number(), int():
            return [str(answer)]
    return []
