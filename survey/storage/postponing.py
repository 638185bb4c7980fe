"""One village's meeting is later: a deadline of its own by two persons, before its old one passes.

The others are not touched. Who has been told that answering has ended is told nothing else later.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import acts, audit, boxes, deadlines
from survey.storage.db import now
from survey.storage.extending import proposed_time, require_later
from survey.storage.tables import (
    AccountRow,
    PendingActRow,
    PostponementRow,
    RoundRow,
    RoundVillageRow,
)

ACT = "round.postpone"


def propose(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    until: datetime,
) -> PendingActRow:
    """Keep that *account* proposes that *village* may answer *until* a later time (aware)."""
    _require_postponable(session, round_, village, until)
    seconds = int(until.timestamp())
    return acts.propose(session, round_, ACT, account, village.code, until=seconds)


def postpone(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    *,
    two_person: bool,
) -> None:
    """Give *village* the deadline that was proposed, because *account* confirms."""
    proposal = acts.confirm(session, round_, ACT, account, village.code, two_person=two_person)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    until = proposed_time(proposal)
    _require_postponable(session, round_, village, until)
    times = {
        "earlier": deadlines.of_village(session, round_, village.village_id).isoformat(),
        "until": until.isoformat(),
    }
    session.merge(
        PostponementRow(round_id=round_.id, village_id=village.village_id, closes_at=until)
    )
    audit.record(session, account.username, ACT, round_.slug, village=village.code, **times)


def _require_postponable(
    session: Session, round_: RoundRow, village: RoundVillageRow, until: datetime
) -> None:
    deadline = deadlines.of_village(session, round_, village.village_id)
    if round_.state != "open" or now(session) >= deadline:
        raise Refused(
            N_("A village can be given a later time while it may answer, not after its time ended.")
        )
    require_later(round_, deadline, until)
