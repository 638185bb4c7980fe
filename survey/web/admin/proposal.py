"""What a page says about an act that needs two persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.storage import accounts, acts
from survey.storage.db import db
from survey.storage.tables import RoundRow
from survey.web.access import current_account
from survey.web.installation import settings


@dataclass(frozen=True)
class Proposal:
    """A proposed act as the person who looks at it may treat it."""

    id: int
    by: str
    at: datetime
    detail: dict[str, Any]
    may_confirm: bool


def of(round_: RoundRow, act: str, subject: str = "") -> Proposal | None:
    """Return what was proposed, or None."""
    row = acts.find(db.session, round_, act, subject)
    if row is None:
        return None
    return Proposal(
        id=row.id,
        by=accounts.by_id(db.session, row.proposed_by).name,
        at=row.proposed_at,
        detail=row.detail,
        may_confirm=row.proposed_by != current_account().id or not settings().two_person,
    )
