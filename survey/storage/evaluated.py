"""Which rounds and villages are evaluated, and how the audit log names one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage.tables import RatingRow, RoundRow, RoundVillageRow

STATES = ("open", "closed", "scrubbing", "sealed")


def subject(round_: RoundRow, village: RoundVillageRow) -> str:
    """Return how the audit log names *village* in *round_*."""
    return f"{round_.slug}/{village.code}"


def require_open(session: Session, round_: RoundRow, village: RoundVillageRow) -> None:
    """Raise `Refused` where *village* is not evaluated yet, or its rating is locked."""
    if round_.state not in STATES:
        raise Refused(N_("This round is not open, so nothing can be evaluated in it."))
    locked = session.scalar(
        sa.select(sa.func.count())
        .select_from(RatingRow)
        .where(
            RatingRow.round_id == round_.id,
            RatingRow.village_id == village.village_id,
            RatingRow.audit_head.is_not(None),
        )
    )
    if locked:
        raise Refused(N_("The rating of this village is locked. Nothing can be changed any more."))
