"""One respondent's answers: from the raw form to a checked value and its compact text.

A grade is a small integer: 0 good, 1 fairly good, 2 average, 3 poor, −1 unknown, −2 blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core import extras
from survey.core.cleaning import clean
from survey.core.errors import Invalid
from survey.core.extras import Answer
from survey.core.questionnaire import GRADES, Questionnaire
from survey.core.wording import N_

UNKNOWN = -1
BLANK = -2
COMMENT = "comment"

_CODES = {name: code for code, name in enumerate(GRADES)} | {"unknown": UNKNOWN, "": BLANK}
_SIGNS = {0: "0", 1: "1", 2: "2", 3: "3", UNKNOWN: "-", BLANK: "."}
_GRADES = {sign: code for code, sign in _SIGNS.items()}


@dataclass(frozen=True)
class Ballot:
    """Answers in the order of the questionnaire's items, and a comment that may be empty.

    *extras*: one answer for each question that is not graded, in their order (core/extras).
    """

    answers: tuple[int, ...]
    comment: str = ""
    extras: tuple[Answer, ...] = ()


def check(form: Mapping[str, str], questionnaire: Questionnaire) -> Ballot:
    """Return the ballot that *form* holds: item keys → grade names, ``comment`` → text.

    An item that is not there is blank. Raises `Invalid` where a value is no grade; a comment that
    is too long is cut, because a villager must not be sent back for it.
    """
    return Ballot(
        answers=tuple(_grade(form.get(item.key, "")) for item in questionnaire.items),
        comment=_comment(form, questionnaire),
        extras=tuple(extras.read(form, extra) for extra in questionnaire.extras),
    )


def _comment(form: Mapping[str, str], questionnaire: Questionnaire) -> str:
    if questionnaire.comment is None:
        return ""
    return clean(form.get(COMMENT, ""))[: questionnaire.comment.maximum]


def _grade(name: str) -> int:
    try:
        return _CODES[name]
    except KeyError:
        raise Invalid(N_("One answer could not be read. Please choose it again.")) from None


def unanswered(form: Mapping[str, str], questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the keys of the items for which *form* has no choice, or one that is no grade."""
    return tuple(
        item.key
        for item in questionnaire.items
        if _CODES.get(form.get(item.key, ""), BLANK) == BLANK
    )


def blanks(ballot: Ballot, questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the keys of the items that were left blank, in their order."""
    return tuple(
        item.key
        for item, answer in zip(questionnaire.items, ballot.answers, strict=True)
        if answer == BLANK
    )


def is_valid(answers: tuple[int, ...]) -> bool:
    """Say whether a ballot counts for scores: at least half of its items are graded."""
    return 2 * sum(answer >= 0 for answer in answers) >= len(answers)


def to_text(answers: tuple[int, ...]) -> str:
    """Return *answers* as one sign each: ``0123`` grades, ``-`` unknown, ``.`` blank."""
    return "".join(_SIGNS[answer] for answer in answers)


def from_text(text: str) -> tuple[int, ...]:
    """Return the answers that `to_text` wrote; raises `Invalid` for any other sign."""
    try:
        return tuple(_GRADES[sign] for sign in text)
    except KeyError as error:
        raise Invalid(N_("Stored answers cannot be read.")) from error
