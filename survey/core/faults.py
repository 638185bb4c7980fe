"""What a schema found wrong, as sentences: by kind, with the place where it is wrong."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from survey.core.wording import N_, Sentence, say

SHOWN = 20

_SENTENCE = "sentence"

EMPTY = N_("must not be empty")
ABSENT = N_("is missing")
FEW = N_("has fewer than %(min_length)d entries")

_KINDS = {
    "missing": ABSENT,
    "extra_forbidden": N_("is not known here"),
    "string_type": N_("must be text"),
    "string_too_short": EMPTY,
    "string_too_long": N_("is longer than %(max_length)d characters"),
    "string_pattern_mismatch": N_("has signs that are not allowed here"),
    "literal_error": N_("must be one of %(expected)s"),
    "int_type": N_("must be a whole number"),
    "int_parsing": N_("must be a whole number"),
    "int_from_float": N_("must be a whole number"),
    "float_type": N_("must be a number"),
    "float_parsing": N_("must be a number"),
    "finite_number": N_("must be a number"),
    "greater_than_equal": N_("must be %(ge)g or more"),
    "greater_than": N_("must be more than %(gt)g"),
    "less_than_equal": N_("must be %(le)g or less"),
    "less_than": N_("must be less than %(lt)g"),
    "too_short": FEW,
    "too_long": N_("has more than %(max_length)d entries"),
    "list_type": N_("must be a list"),
    "tuple_type": N_("must be a list"),
    "dict_type": N_("must be an object"),
    "model_type": N_("must be an object"),
    "bool_parsing": N_("must be true or false"),
    "datetime_parsing": N_("must be a date and time"),
    "datetime_from_date_parsing": N_("must be a date and time"),
    "timezone_aware": N_("needs a time zone"),
    "date_parsing": N_("must be a date such as 2026-12-20"),
    "date_from_datetime_parsing": N_("must be a date such as 2026-12-20"),
}

PHRASES = frozenset(_KINDS.values())
"""What is said of a place, and is no sentence without it."""


def fault(message: str, **values: Any) -> PydanticCustomError:
    """Return what a validator raises to say *message* with *values*."""
    return PydanticCustomError(_SENTENCE, "{message}", {"message": message, **values})


def of(error: ValidationError) -> tuple[Sentence, ...]:
    """Return one sentence for each fault, the first `SHOWN` of them and how many more there are."""
    found = placed(error)
    sentences = [_place(where, kind) for where, kind in found[:SHOWN]]
    if len(found) > SHOWN:
        sentences.append(say(N_("and %(count)d more"), count=len(found) - SHOWN))
    return tuple(sentences)


def placed(error: ValidationError) -> list[tuple[tuple[int | str, ...], Sentence]]:
    """Return the place of every fault in the document and what is wrong there."""
    found = error.errors(include_input=False, include_url=False)
    return [(fault["loc"], _kind(fault)) for fault in found]


def _kind(fault: Any) -> Sentence:
    if fault["type"] == "value_error":
        return say(str(fault["ctx"]["error"]))
    if fault["type"] == _SENTENCE:
        values = dict(fault["ctx"])
        return say(values.pop("message"), **values)
    message = _KINDS.get(fault["type"])
    return (
        say(message, **fault.get("ctx", {}))
        if message
        else Sentence("%(text)s", {"text": fault["msg"]})
    )


def _place(where: tuple[int | str, ...], kind: Sentence) -> Sentence:
    if not where:
        return kind
    return Sentence("%(place)s: %(kind)s", {"place": ".".join(map(str, where)), "kind": kind})
