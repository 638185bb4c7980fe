"""A questionnaire that asks beside its grades: one question of each kind, two of the texts."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from survey.core import questionnaire as questionnaires
from survey.core.extras import Answer
from survey.core.questionnaire import Questionnaire
from survey.core.round import AudienceDraft
from survey.storage import questionnaires as kept
from survey.storage.questionnaires import defaults


def text(en: str, zh: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def options(*words: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "text": text(en, zh)} for key, en, zh in words]


ROAD: dict[str, Any] = {
    "key": "effects.road",
    "kind": "choice",
    "text": text("Which road should be mended first?", "哪条路最该先修？"),
    "options": options(
        ("east", "The one in the east", "村东头的"),
        ("west", "The one in the west", "村西头的"),
        ("none", "None", "都不用修"),
    ),
}
MISSING: dict[str, Any] = {
    "key": "effects.missing",
    "kind": "choices",
    "text": text("What is still missing in the village?", "村里还缺什么？"),
    "options": options(
        ("lamps", "Street lamps", "路灯"),
        ("water", "Running water", "自来水"),
        ("bus", "A bus", "公交车"),
    ),
}
VISITS: dict[str, Any] = {
    "key": "effects.visits",
    "kind": "number",
    "text": text(
        "How often did you need the village office this year?", "今年去村委会办过几回事？"
    ),
    "least": 0,
    "most": 50,
}
FIRST: dict[str, Any] = {
    "key": "effects.first",
    "kind": "text",
    "maximum": 60,
    "text": text("What should be done first?", "最想先办的一件事？"),
}
WISH: dict[str, Any] = {
    "key": "responsibility.wish",
    "kind": "text",
    "text": text("What do you wish of the committee?", "您对村干部有什么盼头？"),
}
EXTRAS = (ROAD, MISSING, VISITS, FIRST, WISH)
ANSWERED: tuple[Answer, ...] = (1, (0, 2), 7, "Lamps by the well", "To listen")
"""One answer to each, and below how a form sends the same."""
FORM = {
    "effects.road": "west",
    "effects.missing.lamps": "1",
    "effects.missing.bus": "1",
    "effects.visits": "7",
    "effects.first": "Lamps by the well",
    "responsibility.wish": "To listen",
}


def questionnaire(
    audience: str = "mass", extras: tuple[dict[str, Any], ...] = EXTRAS
) -> Questionnaire:
    """Return the default questionnaire of *audience* with *extras* in their dimensions."""
    document = json.loads(defaults()[audience].to_json())
    for dimension in document["dimensions"]:
        found = [one for one in extras if one["key"].split(".")[0] == dimension["key"]]
        dimension["extras"] = found
    return questionnaires.from_dict(document | {"key": f"beside-{audience}"})


def audiences(session: Session, access: str = "both") -> dict[str, AudienceDraft]:
    """Keep such a questionnaire for each audience; return what a round asks then."""
    found = {}
    for audience in ("mass", "self"):
        row = kept.add(session, questionnaire(audience))
        found[audience] = AudienceDraft(questionnaire_digest=row.digest, access=access)
    return found
