"""A questionnaire of the demonstration that is being written: something lacks, something is odd."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.core.drafting import edits
from survey.core.drafting.draft import Draft, Text
from survey.demo.people import administrators
from survey.storage import audit, drafts, questionnaires

_ASKED = Text(zh="村里的路和路灯，修得怎么样？", en="How well were roads and street lights mended?")
_WISH = Text(zh="接下来最该办哪几件？", en="What should be done next?")
_OPTIONS = ("修路\n路灯\n自来水\n垃圾清运", "Roads\nStreet lights\nTap water")


def load(session: Session) -> None:
    """Begin it, unless it was ever begun."""
    if audit.listing(session, act="questionnaire.draft").total:
        return
    first, _second = administrators(session)
    asked = questionnaires.defaults()["mass"]
    draft = _with_more(drafts.copy(session, asked))
    drafts.add(session, draft, first, f"{asked.key} {asked.version}")


def _with_more(draft: Draft) -> Draft:
    draft, key = edits.add(draft, "effects", "grades")
    draft = edits.put(draft, edits.question(draft, key).model_copy(update={"text": _ASKED}))
    draft, key = edits.add(draft, "effects", "choices")
    wish = {"text": _WISH, "options": edits.options((), *_OPTIONS)}
    return edits.put(draft, edits.question(draft, key).model_copy(update=wish))
