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
REHEARSAL = N_("REHEARSAL")

File = tuple[str, Callable[[], bytes]]
"""A file's name, and how to make its content when its turn comes."""


@dataclass(frozen=True)
class Reader:
    """Who a paper is for: its language, ``zh`` or ``en``, and whether acts need two persons."""

    language: str
    translate: Translate
    two_person: bool = True

    def mark(self, round_: RoundRow) -> str:
        """Return the word that every paper carries of a round that is only tried out or shown."""
        if round_.kind == "rehearsal":
            return self.translate(REHEARSAL)
        return self.translate(DEMONSTRATION) if round_.demo else ""

    def named(self, round_: RoundRow, village: str) -> str:
        """Return the name of *village* as papers of *round_* print it: large, so a rehearsal shows.

        A slip that is cut from its sheet carries nothing else of the page.
        """
        return f"{self.mark(round_)} · {village}" if round_.kind == "rehearsal" else village


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
