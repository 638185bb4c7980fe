"""For whom a paper is made, and what every paper asks of a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import force_locale, gettext

from survey.core.questionnaire import Questionnaire
from survey.core.wording import N_, Translate
from survey.storage import questionnaires, rounds
from survey.storage.tables import RoundAudienceRow, RoundRow

DEMONSTRATION = N_("Demonstration")

File = tuple[str, Callable[[], bytes]]
"""A file's name, and how to make its content when its turn comes."""


@dataclass(frozen=True)
class Reader:
    """Who a paper is for: its language, ``zh`` or ``en``, and whether acts need two persons."""

    language: str
    translate: Translate
    two_person: bool = True

    def mark(self, round_: RoundRow) -> str:
        """Return the word that is printed across the papers of a round that is only shown."""
        return self.translate(DEMONSTRATION) if round_.demo else ""


def reader(language: str, two_person: bool) -> Reader:
    """Return a reader of *language*, whatever language the command or page is in."""

    def translate(message: str) -> str:
        with force_locale(language):
            return gettext(message)

    return Reader(language, translate, two_person)


def questionnaire(asked: RoundAudienceRow) -> Questionnaire:
    """Return the questionnaire that an audience is asked."""
    return questionnaires.read(asked.questionnaire.document)


def audiences(round_: RoundRow, audience: str | None) -> Sequence[RoundAudienceRow]:
    """Return the audience of that name, or all of the round."""
    return [rounds.audience_of(round_, audience)] if audience else round_.audiences
