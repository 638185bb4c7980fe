"""What a page says about an act that needs two persons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import request

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import accounts, acts
from survey.storage.db import db
from survey.storage.tables import PendingActRow, RoundRow
from survey.web.access import current_account
from survey.web.installation import settings

CHANGED = N_("The proposal has changed meanwhile. Please look at the page again.")
FIELD = "proposal"
"""The field by which a form that confirms says what it showed."""


@dataclass(frozen=True)
class Proposal:
    """A proposed act as the person who looks at it may treat it."""

    id: int
    stamp: str
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
        stamp=stamp(row),
        by=accounts.by_id(db.session, row.proposed_by).name,
        at=row.proposed_at,
        detail=row.detail,
        may_confirm=row.proposed_by != current_account().id or not two_person(round_),
    )


def two_person(round_: RoundRow) -> bool:
    """Say whether acts on *round_* need two persons: not in a rehearsal, which holds no answer."""
    return settings().two_person and round_.kind != "rehearsal"


def require_seen(round_: RoundRow, act: str, subject: str = "") -> None:
    """Raise `Refused` where the proposal is another than the page had that is confirmed now.

    Somebody may have proposed anew in between, with another time, number or reason.
    """
    row = acts.find(db.session, round_, act, subject)
    if row is not None and request.form.get(FIELD) != stamp(row):
        raise Refused(CHANGED)


def stamp(row: PendingActRow) -> str:
    """Return a digest of who proposes what: a form that confirms carries it."""
    said = json.dumps([row.act, row.subject, row.proposed_by, row.detail], sort_keys=True)
    return sha256(said.encode()).hexdigest()
