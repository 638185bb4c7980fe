"""What one does to a draft; each act gives a new draft and leaves the old one as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from survey.core.cleaning import clean
from survey.core.drafting.draft import (
    EXTRAS,
    ITEMS,
    OPTIONS,
    Dimension,
    Draft,
    Extra,
    Item,
    Kind,
    Option,
    Question,
    Text,
)
from survey.core.errors import Invalid, Missing
from survey.core.wording import N_

LONGEST_TEXT = 100
"""Characters of a new short text."""


def dimension(draft: Draft, key: str) -> Dimension:
    """Return the dimension *key* of *draft*; raises `Missing`."""
    for found in draft.dimensions:
        if found.key == key:
            return found
    raise Missing(N_("There is no such dimension."))


def question(draft: Draft, key: str) -> Question:
    """Return the question *key* of *draft*; raises `Missing`: somebody may have taken it away."""
    for _, found in draft.questions:
        if found.key == key:
            return found
    raise Missing(N_("This question is no longer there. Somebody has taken it away."))


def add(draft: Draft, where: str, kind: Kind) -> tuple[Draft, str]:
    """Return *draft* with a question without words at the end of dimension *where*, and its key.

    Raises `Invalid` where the dimension is full.
    """
    place = dimension(draft, where)
    key = _free_key(place)
    if kind == "grades":
        _refuse_beyond(len(place.items), ITEMS)
        return with_dimension(draft, place, items=(*place.items, Item(key=key))), key
    _refuse_beyond(len(place.extras), EXTRAS)
    extra = Extra(key=key, kind=kind, maximum=LONGEST_TEXT if kind == "text" else None)
    return with_dimension(draft, place, extras=(*place.extras, extra)), key


def _free_key(place: Dimension) -> str:
    taken = {one.key for one in place.questions}
    names = (f"{place.key}.q{number}" for number in range(1, ITEMS + EXTRAS + 2))
    return next(name for name in names if name not in taken)


def _refuse_beyond(count: int, most: int) -> None:
    if count >= most:
        raise Invalid(
            N_("This dimension has %(count)d questions already; no more fit."), count=most
        )


def with_dimension(draft: Draft, place: Dimension, **changed: Any) -> Draft:
    """Return *draft* in which the dimension *place* has *changed* fields."""
    new = place.model_copy(update=changed)
    return draft.model_copy(
        update={
            "dimensions": tuple(new if one.key == place.key else one for one in draft.dimensions)
        }
    )


def put(draft: Draft, changed: Question) -> Draft:
    """Return *draft* with *changed* in place of the question that has its key."""
    return _among(
        draft,
        changed.key,
        lambda found: [changed if one.key == changed.key else one for one in found],
    )


def remove(draft: Draft, key: str) -> Draft:
    """Return *draft* without the question *key*; raises `Missing`."""
    return _among(draft, key, lambda found: [one for one in found if one.key != key])


def move(draft: Draft, key: str, step: int) -> Draft:
    """Return *draft* with the question *key* moved by *step* places, −1 upwards; raises `Missing`.

    At either end it stays. A question stays among those of its dimension, scored or not.
    """

    def moved(found: list[Any]) -> list[Any]:
        old = next(place for place, one in enumerate(found) if one.key == key)
        one = found.pop(old)
        found.insert(min(max(0, old + step), len(found)), one)
        return found

    return _among(draft, key, moved)


def _among(draft: Draft, key: str, change: Callable[[list[Any]], list[Any]]) -> Draft:
    """Return *draft* after *change* to the questions among which *key* stands."""
    field = "items" if isinstance(question(draft, key), Item) else "extras"
    place = dimension(draft, key.split(".")[0])
    return with_dimension(draft, place, **{field: tuple(change(list(getattr(place, field))))})


def options(before: Sequence[Option], chinese: str, english: str) -> tuple[Option, ...]:
    """Return the options written one on each line, side by side in both languages.

    An option whose words in one of the languages are the same keeps its key. Raises `Invalid`.
    """
    lines = _side_by_side(chinese, english)
    if len(lines) > OPTIONS:
        raise Invalid(N_("A question has %(count)d answers at most."), count=OPTIONS)
    left = list(before)
    kept = [_taken(left, text) for text in lines]
    taken = {option.key for option in before}
    names = (f"a{number}" for number in range(1, 2 * OPTIONS + 1))
    free = (name for name in names if name not in taken)
    return tuple(
        Option(key=old.key if old else next(free), text=text)
        for old, text in zip(kept, lines, strict=True)
    )


def _side_by_side(chinese: str, english: str) -> list[Text]:
    columns = [[clean(line) for line in text.splitlines()] for text in (chinese, english)]
    rows = max(map(len, columns))
    padded = [column + [""] * (rows - len(column)) for column in columns]
    return [Text(zh=zh, en=en) for zh, en in zip(*padded, strict=True) if zh or en]


def _taken(left: list[Option], text: Text) -> Option | None:
    for option in left:
        if (text.zh and option.text.zh == text.zh) or (text.en and option.text.en == text.en):
            left.remove(option)
            return option
    return None
