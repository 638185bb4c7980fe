"""Everything that can go wrong in a way a person can mend; the message names the remedy."""

from __future__ import annotations

from typing import Any

from survey.core.wording import Sentence, say


class SurveyError(Exception):
    """A refusal with a translatable sentence. Children say what kind it is."""

    def __init__(self, message: str | Sentence, **values: Any) -> None:
        self.sentence = message if isinstance(message, Sentence) else say(message, **values)
        super().__init__(str(self.sentence))


class Invalid(SurveyError):
    """What was given cannot be read or does not fit; mend it and give it again."""


class Refused(SurveyError):
    """The act is not allowed now, or not to this person."""


class Missing(SurveyError):
    """There is no such thing, or it is not this person's to see."""


class Damaged(SurveyError):
    """Stored data is not what was stored; a person must look at it."""
