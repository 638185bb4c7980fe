"""What a draft lacks before anybody can be asked: told by the questionnaire's own rules."""

from __future__ import annotations

from pydantic import ValidationError

from survey.core import faults
from survey.core.drafting.draft import Draft
from survey.core.drafting.note import Note
from survey.core.questionnaire import Questionnaire
from survey.core.wording import N_, Sentence, say

GRADE_NAMES = {
    "good": N_("Good"),
    "fairly_good": N_("Fairly good"),
    "average": N_("Average"),
    "poor": N_("Poor"),
    "unknown": N_("Don't know"),
}
_MISSING = {"zh": N_("The Chinese is missing."), "en": N_("The English is missing.")}
_MISSING_GRADE = {
    "zh": N_("What “%(grade)s” is called is missing in Chinese."),
    "en": N_("What “%(grade)s” is called is missing in English."),
}
_MISSING_OPTION = {
    "zh": N_("Answer %(number)d is missing in Chinese."),
    "en": N_("Answer %(number)d is missing in English."),
}
_MISSING_LEAD = {
    "zh": N_("The sentence before its questions is missing in Chinese."),
    "en": N_("The sentence before its questions is missing in English."),
}
_LACKING = {
    "items": N_("There is no graded question yet. Each dimension needs one at least."),
    "options": N_("It needs two answers to choose from at least."),
    "least": N_("The smallest number that is possible is missing."),
    "most": N_("The largest number that is possible is missing."),
}

Where = tuple[int | str, ...]


def faults_of(draft: Draft) -> list[Note]:
    """Return all that must be mended first; empty exactly where the draft can be used."""
    try:
        Questionnaire.model_validate(draft.to_dict())
    except ValidationError as error:
        return [
            Note(_place(draft, where), _sentence(where, kind))
            for where, kind in faults.placed(error)
        ]
    return []


def _place(draft: Draft, where: Where) -> str:
    if where[:1] != ("dimensions",) or len(where) < 2:
        return str(where[0]) if where else "title"
    dimension = draft.dimensions[int(where[1])]
    if len(where) > 3 and where[2] in {"items", "extras"}:
        questions = dimension.items if where[2] == "items" else dimension.extras
        return questions[int(where[3])].key
    return dimension.key


def _sentence(where: Where, kind: Sentence) -> Sentence:
    last = where[-1] if where else ""
    if last in _MISSING and kind.message == faults.EMPTY:
        return _missing(where, str(last))
    if last in _LACKING and kind.message in {faults.ABSENT, faults.FEW}:
        return say(_LACKING[str(last)])
    return say(N_("This part %(kind)s."), kind=kind) if kind.message in faults.PHRASES else kind


def _missing(where: Where, language: str) -> Sentence:
    owner = where[-2]
    if owner in GRADE_NAMES:
        return say(_MISSING_GRADE[language], grade=say(GRADE_NAMES[str(owner)]))
    if "options" in where:
        number = int(where[where.index("options") + 1]) + 1
        return say(_MISSING_OPTION[language], number=number)
    return say(_MISSING_LEAD[language] if owner == "lead" else _MISSING[language])
