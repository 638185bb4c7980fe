"""Sentences that a person will read, kept untranslated until somebody shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]
"""Takes an English message, gives it in the reader's language."""


def N_(message: str) -> str:
    """Mark *message* for translation and return it as it is."""
    return message


@dataclass(frozen=True)
class Sentence:
    """An English message with its values; a value may be a sentence, or a tuple of them."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def render(self, translate: Translate) -> str:
        """Return the sentence in the language of *translate*."""
        shown = {name: _rendered(value, translate) for name, value in self.values.items()}
        return translate(self.message) % shown if shown else translate(self.message)

    def __str__(self) -> str:
        return self.render(lambda message: message)


def _rendered(value: Any, translate: Translate) -> Any:
    if isinstance(value, Sentence):
        return value.render(translate)
    if isinstance(value, tuple):
        return "; ".join(str(_rendered(part, translate)) for part in value)
    return value


def to_plain(value: Any) -> Any:
    """Return a sentence, or a value of one, in JSON's own kinds."""
    if isinstance(value, Sentence):
        values = {name: to_plain(part) for name, part in value.values.items()}
        return {"message": value.message, "values": values}
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    return value


def from_plain(document: Any) -> Any:
    """Return what `to_plain` wrote down."""
    if isinstance(document, dict):
        values = {name: from_plain(part) for name, part in document["values"].items()}
        return Sentence(document["message"], values)
    if isinstance(document, list):
        return tuple(from_plain(part) for part in document)
    return document


def say(message: str, **values: Any) -> Sentence:
    """Return the sentence *message* with *values* to fill in, as in ``%(name)s``."""
    return Sentence(message, values)
