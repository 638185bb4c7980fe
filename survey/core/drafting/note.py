"""One thing to say about a place of a draft."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.wording import Sentence


@dataclass(frozen=True)
class Note:
    """*place* is the key of a question or dimension, ``title``, ``wording`` or ``comment``."""

    place: str
    sentence: Sentence
