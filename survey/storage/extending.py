"""Giving people more time: a later deadline by two persons, before the old one passes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.core.round import spoken
from survey.core.wording import N_
from survey.storage import acts, audit, boxes, deadlines
from survey.storage.db import now
from survey.storage.tables import AccountRow, PendingActRow, RoundRow

ACT = "round.extend"


def propose(
    session: Session, round_: RoundRow, account: AccountRow, until: datetime
) -> PendingActRow:
    """Keep that *account* proposes that *round_* takes answers *until* a later time (aware)."""
    _require_extendable(session, round_, until)
    return acts.propose(session, round_, ACT, account, until=int(until.timestamp()))


def extend(session: Session, round_: RoundRow, account: AccountRow, *, two_person: bool) -> None:
    """Move the deadline of *round_* as was proposed, because *account* confirms."""
    proposal = acts.confirm(session, round_, ACT, account, two_person=two_person)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    until = proposed_time(proposal)
    _require_extendable(session, round_, until)
    earlier, round_.closes_at = round_.closes_at, until
    session.flush()
    deadlines.drop_overtaken(session, round_)
    times = {"earlier": earlier.isoformat(), "until": until.isoformat()}
    audit.record(session, account.username, ACT, round_.slug, **times)


def proposed_time(proposal: PendingActRow) -> datetime:
    """Return the deadline that *proposal* wants."""
    return datetime.fromtimestamp(proposal.detail["until"], UTC)


def _require_extendable(session: Session, round_: RoundRow, until: datetime) -> None:
    if round_.state != "open" or now(session) >= round_.closes_at:
        raise Refused(N_("Only an open round can be extended, before its deadline passes."))
    require_later(round_, round_.closes_at, until)


def require_later(round_: RoundRow, deadline: datetime, until: datetime) -> None:
    """Raise `Invalid` unless *until* is later than *deadline*, and no later than results hang."""
    if until <= deadline:
        raise Invalid(N_("The new deadline must be later than the one that holds now."))
    if spoken(until, round_.timezone).date() > round_.results_on:
        raise Invalid(
            N_(
                "The posters say that the results hang on %(day)s. Choose a deadline that is not "
                "after that day."
            ),
            day=round_.results_on.isoformat(),
        )
