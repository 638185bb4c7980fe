"""What is asked: a questionnaire as a frozen value with a versioned JSON form.

The JSON form is described in docs/questionnaires.md. Nothing else in the house knows how many
items there are: everything counts `Questionnaire.items`.
"""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from survey.core import faults
from survey.core.errors import Invalid
from survey.core.wording import N_

FORMAT = "cunping-questionnaire/1"
DIMENSIONS = ("investigation", "measures", "effects", "responsibility")
GRADES = ("good", "fairly_good", "average", "poor")
CHOICES = (*GRADES, "unknown")
AUDIENCES = ("mass", "self")
LANGUAGES = ("zh", "en")

Audience = Literal["mass", "self"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z][a-z0-9_]{0,39}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """One sentence in each language."""

    zh: Line
    en: Line

    def in_language(self, language: str) -> str:
        """Return the sentence in *language*, ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


class Wording(_Frozen):
    """What the four grades are called, best first, and how one says that one cannot tell."""

    good: Text
    fairly_good: Text
    average: Text
    poor: Text
    unknown: Text


class Item(_Frozen):
    """One graded item. Its key begins with its dimension: ``effects.service``."""

    key: Key
    text: Text
    wording: Wording | None = None


class Option(_Frozen):
    """One answer that can be chosen for an extra; its key is what is sent and kept."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    text: Text


def _each_its_own(options: tuple[Option, ...]) -> tuple[Option, ...]:
    if len({option.key for option in options}) != len(options):
        raise ValueError(N_("Each option of a question needs a key of its own."))
    return options


Options = Annotated[
    tuple[Option, ...], Field(min_length=2, max_length=20), AfterValidator(_each_its_own)
]
Whole = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class _Extra(_Frozen):
    """A question that is asked beside the graded items and never scored."""

    key: Key
    text: Text


class OneOf(_Extra):
    """One option of 2 to 20 is chosen, or none."""

    kind: Literal["choice"]
    options: Options


class SomeOf(_Extra):
    """Any number of 2 to 20 options is chosen."""

    kind: Literal["choices"]
    options: Options


class Number(_Extra):
    """A whole number from *least* to *most*, both included."""

    kind: Literal["number"]
    least: Whole
    most: Whole

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least >= self.most:
            raise ValueError(N_("The smallest number must be below the largest."))
        return self


class ShortText(_Extra):
    """A few words; *maximum* counts characters."""

    kind: Literal["text"]
    maximum: Annotated[int, Field(ge=1, le=300)] = 100


Extra = Annotated[OneOf | SomeOf | Number | ShortText, Field(discriminator="kind")]


class Dimension(_Frozen):
    """One of the four dimensions: graded items, at least one, then questions beside them."""

    key: Literal["investigation", "measures", "effects", "responsibility"]
    title: Text
    lead: Text | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=40)]
    extras: Annotated[
        tuple[Extra, ...], Field(max_length=20, exclude_if=lambda extras: not extras)
    ] = ()

    @property
    def asked(self) -> tuple[Item | Extra, ...]:
        """Everything that is asked, in the order in which it is asked."""
        return (*self.items, *self.extras)


class Comment(_Frozen):
    """The free sentence at the end; *maximum* counts characters."""

    text: Text
    maximum: Annotated[int, Field(ge=1, le=2000)] = 300


class Questionnaire(_Frozen):
    """One version of what one audience is asked."""

    format: Literal["cunping-questionnaire/1"] = "cunping-questionnaire/1"
    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1)]
    audience: Audience
    title: Text
    wording: Wording
    dimensions: tuple[Dimension, ...]
    comment: Comment | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if tuple(dimension.key for dimension in self.dimensions) != DIMENSIONS:
            raise ValueError(N_("The four dimensions must be there, once each and in their order."))
        keys = [asked.key for dimension in self.dimensions for asked in dimension.asked]
        if len(set(keys)) != len(keys):
            raise ValueError(N_("Each item needs a key of its own."))
        for dimension in self.dimensions:
            if any(one.key.split(".")[0] != dimension.key for one in dimension.asked):
                raise ValueError(N_("The key of an item begins with its dimension."))
        return self

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All graded items in the order in which they are asked."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    @cached_property
    def extras(self) -> tuple[Extra, ...]:
        """All questions that are not graded, in the order in which they are asked."""
        return tuple(extra for dimension in self.dimensions for extra in dimension.extras)

    @cached_property
    def dimension_columns(self) -> dict[str, tuple[int, ...]]:
        """For each dimension the positions of its items among `items`."""
        columns: dict[str, tuple[int, ...]] = {}
        start = 0
        for dimension in self.dimensions:
            columns[dimension.key] = tuple(range(start, start + len(dimension.items)))
            start += len(dimension.items)
        return columns

    @cached_property
    def digest(self) -> str:
        """32 hexadecimal digits that name exactly this text (BLAKE2b of the canonical JSON)."""
        return blake2b(self.to_json().encode(), digest_size=16).hexdigest()

    def wording_of(self, item: Item) -> Wording:
        """Return the names of the grades for *item*."""
        return item.wording or self.wording

    def to_json(self) -> str:
        """Return the canonical JSON form: sorted keys, no spaces, nothing left out but defaults."""
        return json.dumps(
            self.model_dump(mode="json", exclude_none=True),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )


def from_dict(document: dict[str, Any]) -> Questionnaire:
    """Return the questionnaire that *document* describes.

    Raises `Invalid` with the place and the reason of every fault, all at once.
    """
    try:
        return Questionnaire.model_validate(document)
    except ValidationError as error:
        raise Invalid(
            N_("This is not a questionnaire that can be used: %(faults)s"), faults=faults.of(error)
        ) from error


def from_json(text: str) -> Questionnaire:
    """Return the questionnaire written in *text*; raises `Invalid` as `from_dict` does."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(
            N_("This file is not JSON: line %(line)d, column %(column)d."),
            line=error.lineno,
            column=error.colno,
        ) from error
    return from_dict(document)
