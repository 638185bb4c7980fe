"""Which rounds and villages are evaluated, and how the audit log names one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage.tables import RatingRow, ReopeningRow, RoundRow, RoundVillageRow

STATES = ("open", "closed", "scrubbing", "sealed")


def subject(round_: RoundRow, village: RoundVillageRow) -> str:
    """Return how the audit log names *village* in *round_*."""
    return f"{round_.slug}/{village.code}"


def take_turn(session: Session, round_: RoundRow, village: RoundVillageRow) -> None:
    """Let nobody else write about *village* in *round_* until this transaction ends.

    What decides over an act is read after this; SQLite lets only one write at all.
    """
    session.execute(
        sa.select(RoundVillageRow.village_id)
        .where(
            RoundVillageRow.round_id == round_.id,
            RoundVillageRow.village_id == village.village_id,
        )
        .with_for_update()
    )


def require_open(session: Session, round_: RoundRow, village: RoundVillageRow) -> None:
    """Raise `Refused` where *village* is not evaluated yet, or its rating is locked.

    Whoever asks is about to write, and takes their turn.
    """
    if round_.state not in STATES:
        raise Refused(N_("This round is not open, so nothing can be evaluated in it."))
    take_turn(session, round_, village)
    locked = session.scalar(
        sa.select(sa.func.count())
        .select_from(RatingRow)
        .outerjoin(ReopeningRow)
        .where(
            RatingRow.round_id == round_.id,
            RatingRow.village_id == village.village_id,
            RatingRow.audit_head.is_not(None),
            ReopeningRow.rating_id.is_(None),
        )
    )
    if locked:
        raise Refused(N_("The rating of this village is locked. Nothing can be changed any more."))
