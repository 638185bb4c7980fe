"""A draft as villagers would see it now: gaps are filled in, so that it can be looked at."""

from __future__ import annotations

from survey.core.drafting import draft as drafts
from survey.core.drafting.draft import (
    Dimension,
    Draft,
    Extra,
    Item,
    Option,
    Text,
    Wording,
)
from survey.core.questionnaire import CHOICES, Questionnaire

GAP = "……"
"""Stands where a text is missing in both languages."""
FURTHEST = 1_000_000


def shown(draft: Draft) -> Questionnaire:
    """Return *draft* with a missing text in the other language, or `GAP`; it is never kept."""
    filled = draft.model_copy(
        update={
            "title": _text(draft.title),
            "wording": _wording(draft.wording, Wording()),
            "dimensions": tuple(_dimension(one) for one in draft.dimensions),
        }
    )
    if filled.comment:
        comment = {
            "text": _text(filled.comment.text),
            "maximum": _within(filled.comment.maximum, 1, 2000),
        }
        filled = filled.model_copy(update={"comment": filled.comment.model_copy(update=comment)})
    return drafts.finish(filled)


def _text(text: Text, instead: str = GAP) -> Text:
    return Text(zh=text.zh or text.en or instead, en=text.en or text.zh or instead)


def _wording(wording: Wording, common: Wording) -> Wording:
    return Wording.model_validate(
        {name: _text(getattr(wording, name) or getattr(common, name)) for name in CHOICES}
    )


def _dimension(dimension: Dimension) -> Dimension:
    items = dimension.items or (Item(key=f"{dimension.key}.none"),)
    return dimension.model_copy(
        update={
            "title": _text(dimension.title),
            "lead": _text(dimension.lead) if dimension.lead else None,
            "items": tuple(_item(item) for item in items),
            "extras": tuple(_extra(extra) for extra in dimension.extras),
        }
    )


def _item(item: Item) -> Item:
    wording = _wording(item.wording, Wording()) if item.wording else None
    return item.model_copy(update={"text": _text(item.text), "wording": wording})


def _extra(extra: Extra) -> Extra:
    least = _within(extra.least or 0, -FURTHEST, FURTHEST - 1)
    most = _within(extra.most or 0, least + 1, FURTHEST)
    maximum = None if extra.maximum is None else _within(extra.maximum, 1, 300)
    return extra.model_copy(
        update={
            "text": _text(extra.text),
            "options": _options(extra),
            "least": least,
            "most": most,
            "maximum": maximum,
        }
    )


def _options(extra: Extra) -> tuple[Option, ...]:
    found = [option.model_copy(update={"text": _text(option.text)}) for option in extra.options]
    taken = {option.key for option in found}
    free = (name for name in ("none_1", "none_2", "none_3", "none_4") if name not in taken)
    while len(found) < 2:
        found.append(Option(key=next(free), text=_text(Text())))
    return tuple(found)


def _within(number: int, least: int, most: int) -> int:
    return min(max(number, least), most)
