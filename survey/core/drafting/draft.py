"""A questionnaire that may be unfinished: texts missing, a dimension without an item.

Its JSON form is that of a questionnaire (docs/questionnaires.md) with empty texts, short lists
and numbers left out. What it still lacks is told by `lacking.faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from survey.core import faults
from survey.core import questionnaire as questionnaires
from survey.core.errors import Invalid
from survey.core.questionnaire import DIMENSIONS, Audience, Key, Questionnaire
from survey.core.wording import N_

ITEMS, EXTRAS, OPTIONS = 40, 20, 20
"""The most graded items and other questions of a dimension, and options of a question."""

Kind = Literal["grades", "choice", "choices", "number", "text"]
KINDS: tuple[Kind, ...] = ("grades", "choice", "choices", "number", "text")
_CONTROLS = str.maketrans("", "", "".join(map(chr, range(32))).replace("\n", ""))


def _without_controls(text: Any) -> Any:
    """Return *text* without what nobody types; not every database takes NUL."""
    return text.translate(_CONTROLS) if isinstance(text, str) else text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=300),
    BeforeValidator(_without_controls),
]
OptionKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

_FIELDS = {
    "choice": ("options",),
    "choices": ("options",),
    "number": ("least", "most"),
    "text": ("maximum",),
}
"""What each kind of question has beside key, kind and text."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """One sentence in each language, either of which may still be missing."""

    zh: Line = ""
    en: Line = ""

    def in_language(self, language: str) -> str:
        """Return the sentence in *language*, or in the other one where that is missing."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


class Wording(_Frozen):
    """What the four grades and “cannot say” are called."""

    good: Text = Text()
    fairly_good: Text = Text()
    average: Text = Text()
    poor: Text = Text()
    unknown: Text = Text()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in questionnaires.CHOICES)


class Item(_Frozen):
    """A graded item."""

    key: Key
    text: Text = Text()
    wording: Wording | None = None

    @property
    def kind(self) -> Kind:
        """Return ``grades``, as an `Extra` returns its own."""
        return "grades"


class Option(_Frozen):
    """One answer to choose."""

    key: OptionKey
    text: Text = Text()


class Extra(_Frozen):
    """A question that is not scored; only the fields of its *kind* count."""

    key: Key
    kind: Literal["choice", "choices", "number", "text"]
    text: Text = Text()
    options: Annotated[tuple[Option, ...], Field(max_length=OPTIONS)] = ()
    least: int | None = None
    most: int | None = None
    maximum: int | None = None


Question = Item | Extra


class Dimension(_Frozen):
    """One of the four dimensions: graded items, then other questions."""

    key: Literal["investigation", "measures", "effects", "responsibility"]
    title: Text = Text()
    lead: Text | None = None
    items: Annotated[tuple[Item, ...], Field(max_length=ITEMS)] = ()
    extras: Annotated[tuple[Extra, ...], Field(max_length=EXTRAS)] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All its questions in the order in which they are asked."""
        return (*self.items, *self.extras)


class Comment(_Frozen):
    """The free sentence at the end."""

    text: Text = Text()
    maximum: int = 300


class Draft(_Frozen):
    """A questionnaire that may be unfinished, with its four dimensions."""

    format: Literal["cunping-questionnaire/1"] = "cunping-questionnaire/1"
    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1)] = 1
    audience: Audience
    title: Text = Text()
    wording: Wording = Wording()
    dimensions: tuple[Dimension, ...]
    comment: Comment | None = None

    @model_validator(mode="after")
    def _in_its_places(self) -> Self:
        if tuple(dimension.key for dimension in self.dimensions) != DIMENSIONS:
            raise ValueError(N_("The four dimensions must be there, once each and in their order."))
        keys = [question.key for _, question in self.questions]
        if len(set(keys)) != len(keys):
            raise ValueError(N_("Each item needs a key of its own."))
        if any(question.key.split(".")[0] != place.key for place, question in self.questions):
            raise ValueError(N_("The key of an item begins with its dimension."))
        return self

    @property
    def questions(self) -> tuple[tuple[Dimension, Question], ...]:
        """Every question with its dimension, in the order in which they are asked."""
        return tuple(
            (dimension, question)
            for dimension in self.dimensions
            for question in dimension.questions
        )

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Return each text that a villager reads with the place that it belongs to."""
        yield "title", self.title
        yield from (("wording", getattr(self.wording, name)) for name in questionnaires.CHOICES)
        for dimension in self.dimensions:
            yield dimension.key, dimension.title
            if dimension.lead:
                yield dimension.key, dimension.lead
        for _, question in self.questions:
            yield question.key, question.text
            yield from ((question.key, text) for text in answers(question))
        if self.comment:
            yield "comment", self.comment.text

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is empty and may be."""
        document = self.model_dump(mode="json", exclude_none=True)
        for written, dimension in zip(document["dimensions"], self.dimensions, strict=True):
            written["items"] = [_item(item) for item in dimension.items]
            written["extras"] = [_extra(extra) for extra in dimension.extras]
            if not dimension.extras:
                del written["extras"]
            if not dimension.lead:
                written.pop("lead", None)
        return document


def _item(item: Item) -> dict[str, Any]:
    left_out = {"wording"} if not item.wording else set()
    return item.model_dump(mode="json", exclude_none=True, exclude=left_out)


def _extra(extra: Extra) -> dict[str, Any]:
    kept = {"key", "kind", "text", *_FIELDS[extra.kind]}
    return extra.model_dump(mode="json", exclude_none=True, include=kept)


def answers(question: Question) -> tuple[Text, ...]:
    """Return the texts that a question offers to choose from, in their order."""
    if isinstance(question, Extra):
        return tuple(option.text for option in question.options)
    wording = question.wording
    return tuple(getattr(wording, name) for name in questionnaires.CHOICES) if wording else ()


def from_dict(document: Any) -> Draft:
    """Return the draft that *document* describes; raises `Invalid` with every fault of its form."""
    try:
        return Draft.model_validate(document)
    except ValidationError as error:
        raise Invalid(
            N_("This is not a questionnaire that can be edited: %(faults)s"),
            faults=faults.of(error),
        ) from error


def of(questionnaire: Questionnaire) -> Draft:
    """Return *questionnaire* as a draft that can be edited."""
    return from_dict(questionnaire.model_dump(mode="json", exclude_none=True))


def empty(key: str, audience: Audience, like: Questionnaire) -> Draft:
    """Return a draft without a question; titles and wording are those of *like*."""
    known = of(like)
    bare = tuple(
        Dimension(key=dimension.key, title=dimension.title) for dimension in known.dimensions
    )
    return known.model_copy(
        update={"key": key, "version": 1, "audience": audience, "dimensions": bare}
    )


def finish(draft: Draft) -> Questionnaire:
    """Return the questionnaire; raises `Invalid` with every fault where something is lacking."""
    return questionnaires.from_dict(draft.to_dict())
