"""A round made from another one: asked the same by the same office, in villages of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from survey.core.errors import Invalid
from survey.core.round import AudienceDraft, RoundDraft
from survey.core.wording import N_
from survey.storage import rounds
from survey.storage.tables import OriginRow, RoundRow, RoundVillageRow

LONGEST_TITLE = 120


def copy(
    session: Session, origin: RoundRow, villages: Sequence[RoundVillageRow], by: str, **other: Any
) -> RoundRow:
    """Keep a draft like *origin* with *villages* of it; *other* fields of a `RoundDraft` differ.

    Raises `Invalid` where no village is chosen, or a short name or village is not there any more.
    """
    if not villages:
        raise Invalid(N_("Please choose at least one village."))
    fields: dict[str, Any] = {
        name: getattr(origin, name)
        for name in RoundDraft.model_fields
        if name not in {"audiences", "village_codes", "policy", "title"}
    }
    fields |= {
        "title": origin.title,
        "policy": rounds.policy_of(origin),
        "village_codes": tuple(row.code for row in villages),
        "audiences": {
            asked.audience: AudienceDraft(
                questionnaire_digest=asked.questionnaire_digest, access=asked.access
            )
            for asked in origin.audiences
        },
    } | other
    fields["title"] = fields["title"][:LONGEST_TITLE]
    made = rounds.create(session, RoundDraft.model_validate(fields), by)
    session.add(OriginRow(round_id=made.id, origin_id=origin.id))
    session.flush()
    return made


def origin_of(session: Session, round_: RoundRow) -> RoundRow | None:
    """Return the round that *round_* was copied from or repeats, where it is still there."""
    row = session.get(OriginRow, round_.id)
    return session.get(RoundRow, row.origin_id) if row else None


def copies_of(session: Session, round_: RoundRow) -> list[RoundRow]:
    """Return the rehearsals and reassessments made from *round_*, oldest first."""
    rows = session.query(RoundRow).join(OriginRow, OriginRow.round_id == RoundRow.id)
    return rows.filter(OriginRow.origin_id == round_.id).order_by(RoundRow.id).all()
