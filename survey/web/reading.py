"""What is read aloud of a round's form: the sentences before, each item, and how to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, gettext

from survey.core.questionnaire import (
    LANGUAGES,
    Extra,
    Number,
    OneOf,
    Questionnaire,
    ShortText,
    SomeOf,
)
from survey.core.recording import CONSENT, lines_of, words_of
from survey.storage import questionnaires
from survey.storage.tables import RoundAudienceRow, RoundRow
from survey.web.consent import consent

END = "end"
"""Stands for an item where the last screen is read; no item is called so."""
ACCESSES = ("ticket", "poster")


@dataclass(frozen=True)
class Reading:
    """One text that is read aloud on one screen, line by line; *title*: its question, if any."""

    item: str
    language: str
    lines: tuple[str, ...]
    title: str = ""

    @property
    def words(self) -> str:
        """What names exactly these words."""
        return words_of(self.lines, self.language)


def of_form(
    asked: RoundAudienceRow,
    round_: RoundRow,
    access: str,
    language: str,
    closes_at: datetime | None = None,
) -> list[Reading]:
    """Return what is read of one audience's form by *access* (ticket or poster), in its order.

    *closes_at* is the deadline of a village that has one of its own.
    """
    questionnaire = questionnaires.read(asked.questionnaire.document)
    with force_locale(language):
        texts = {
            CONSENT: tuple(consent(round_, access, closes_at)),
            **lines_of(questionnaire, language),
            END: _end(questionnaire, language),
        }
        for extra in questionnaire.extras:
            question, *choices = texts[extra.key]
            texts[extra.key] = (question, *filter(None, [hint(extra)]), *choices)
    titles = {
        asked.key: asked.text.in_language(language)
        for dimension in questionnaire.dimensions
        for asked in dimension.asked
    }
    return [Reading(item, language, lines, titles.get(item, "")) for item, lines in texts.items()]


def hint(extra: Extra) -> str:
    """Return how *extra* is answered; nothing where its options say so themselves."""
    match extra:
        case OneOf():
            return ""
        case SomeOf():
            return gettext("You may tick several.")
        case Number():
            return gettext(
                "A whole number from %(least)d to %(most)d, or nothing.",
                least=extra.least,
                most=extra.most,
            )
        case ShortText():
            return gettext("A few words, or nothing; no names or phone numbers, please.")


def _end(questionnaire: Questionnaire, language: str) -> tuple[str, ...]:
    comment = questionnaire.comment
    return (
        *((comment.text.in_language(language),) if comment else ()),
        how_to_send(),
    )


def how_to_send() -> str:
    """Return what is said on the last screen."""
    return gettext("Now press the large button to send. Once sent it cannot be changed.")


def of_round(round_: RoundRow) -> list[Reading]:
    """Return everything that is read in *round_*, each once: by audience, access and language."""
    found = {
        reading.words: reading
        for language in LANGUAGES
        for asked in round_.audiences
        for access in accesses(asked)
        for reading in of_form(asked, round_, access, language)
    }
    return list(found.values())


def accesses(asked: RoundAudienceRow) -> tuple[str, ...]:
    """Return the ways in which an audience answers: ticket, poster, or both."""
    return ACCESSES if asked.access == "both" else (asked.access,)
