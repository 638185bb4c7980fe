"""The parts of a draft that are saved one by one: what stands in the form of each, and back.

A part is named by its place: ``title``, ``wording``, ``comment``, the key of a dimension or of a
question. Its form has a text for each name, such as ``text.zh`` or ``good.en``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from survey.core import faults
from survey.core.cleaning import clean
from survey.core.drafting import edits
from survey.core.drafting.draft import (
    Comment,
    Draft,
    Extra,
    Item,
    Question,
    Text,
    Wording,
)
from survey.core.errors import Invalid
from survey.core.questionnaire import CHOICES, DIMENSIONS, LANGUAGES
from survey.core.wording import N_

ASKED = "asked"
"""The name of the tick that says whether there is a comment."""

Form = Mapping[str, str]
T = TypeVar("T", bound=BaseModel)


def values(draft: Draft, place: str) -> dict[str, str]:
    """Return what the form of the part at *place* holds; raises `Missing`."""
    if place == "title":
        return _texts(title=draft.title)
    if place == "wording":
        return _of_wording(draft.wording)
    if place == "comment":
        return _of_comment(draft.comment)
    if place in DIMENSIONS:
        dimension = edits.dimension(draft, place)
        return _texts(title=dimension.title, lead=dimension.lead or Text())
    return _of_question(edits.question(draft, place))


def stamp(draft: Draft, place: str) -> str:
    """Return 32 hexadecimal digits that name exactly what stands at *place*."""
    known = json.dumps(values(draft, place), sort_keys=True)
    return blake2b(known.encode(), digest_size=16).hexdigest()


def change(draft: Draft, place: str, form: Form) -> Draft:
    """Return *draft* with what *form* says at *place*; raises `Invalid` or `Missing`."""
    if place == "title":
        return draft.model_copy(update={"title": _text(form, "title")})
    if place == "wording":
        return draft.model_copy(update={"wording": _wording(form)})
    if place == "comment":
        return draft.model_copy(update={"comment": _comment(form)})
    if place in DIMENSIONS:
        dimension = edits.dimension(draft, place)
        title, lead = _text(form, "title"), _text(form, "lead")
        return edits.with_dimension(draft, dimension, title=title, lead=lead or None)
    return edits.put(draft, _question(edits.question(draft, place), form))


def _texts(**named: Text) -> dict[str, str]:
    return {
        f"{name}.{language}": getattr(text, language)
        for name, text in named.items()
        for language in LANGUAGES
    }


def _of_wording(wording: Wording) -> dict[str, str]:
    return _texts(**{choice: getattr(wording, choice) for choice in CHOICES})


def _of_comment(comment: Comment | None) -> dict[str, str]:
    known = comment or Comment()
    asked = {ASKED: "1"} if comment else {}
    return _texts(text=known.text) | {"maximum": str(known.maximum)} | asked


def _of_question(question: Question) -> dict[str, str]:
    found = _texts(text=question.text)
    if isinstance(question, Item):
        return found | _of_wording(question.wording or Wording())
    if question.kind == "number":
        return found | {"least": _written(question.least), "most": _written(question.most)}
    if question.kind == "text":
        return found | {"maximum": _written(question.maximum)}
    lines = {
        f"options.{language}": "\n".join(
            getattr(option.text, language) for option in question.options
        )
        for language in LANGUAGES
    }
    return found | lines


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


def _text(form: Form, name: str) -> Text:
    return _checked(
        Text, {language: clean(form.get(f"{name}.{language}", "")) for language in LANGUAGES}
    )


def _wording(form: Form) -> Wording:
    return Wording.model_validate({choice: _text(form, choice) for choice in CHOICES})


def _comment(form: Form) -> Comment | None:
    if not form.get(ASKED):
        return None
    maximum = _number(form, "maximum")
    return Comment(
        text=_text(form, "text"), maximum=Comment().maximum if maximum is None else maximum
    )


def _question(before: Question, form: Form) -> Question:
    known = {"key": before.key, "text": _text(form, "text")}
    if isinstance(before, Item):
        return Item.model_validate(known | {"wording": _wording(form) or None})
    known["kind"] = before.kind
    if before.kind == "number":
        return _extra(known, least=_number(form, "least"), most=_number(form, "most"))
    if before.kind == "text":
        return _extra(known, maximum=_number(form, "maximum"))
    lines = (form.get(f"options.{language}", "") for language in LANGUAGES)
    return _extra(known, options=edits.options(before.options, *lines))


def _extra(known: dict[str, Any], **more: Any) -> Extra:
    return _checked(Extra, known | more)


def _number(form: Form, name: str) -> int | None:
    written = clean(form.get(name, "")).replace("−", "-")
    if not written:
        return None
    try:
        return int(written)
    except ValueError as error:
        raise Invalid(N_("“%(text)s” is no whole number."), text=written[:40]) from error


def _checked(model: type[T], fields: dict[str, Any]) -> T:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise Invalid(N_("This cannot be kept: %(faults)s"), faults=faults.of(error)) from error
