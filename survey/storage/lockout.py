"""Slowing down whoever guesses: wrong attempts are counted, and the wait before the next grows.

An account counts the wrong attempts of all strangers together, and each browser that is known
counts its own. So somebody who guesses slows strangers only; the holder, on a browser from which
they signed in before, is not kept out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage import db
from survey.storage.tables import SignInRefusalRow

FREE_FAILURES = 5
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_FAILURES_AFTER = timedelta(days=1)


class Counted(Protocol):
    """What has wrong attempts of its own: an account (strangers' attempts), a known browser."""

    failures: int
    last_failure_at: datetime | None


def may_try_from(counted: Counted, now: datetime) -> datetime:
    """Return the time from which the next attempt is looked at; *now* where there is no wait."""
    beyond = counted.failures - FREE_FAILURES
    if beyond < 0 or counted.last_failure_at is None:
        return now
    doubled: timedelta = FIRST_WAIT * 2 ** min(beyond, 10)
    return counted.last_failure_at + min(doubled, LONGEST_WAIT)


def count_failure(counted: Counted, now: datetime) -> None:
    """Count one wrong attempt; those before a day without any are forgotten."""
    last = counted.last_failure_at
    if last is not None and now - last > FORGET_FAILURES_AFTER:
        counted.failures = 0
    counted.failures += 1
    counted.last_failure_at = now


def forget_failures(counted: Counted) -> None:
    """Begin anew after a right attempt."""
    counted.failures, counted.last_failure_at = 0, None


def count_refusal(session: Session) -> None:
    """Count one refusal of today, for known and unknown names alike: the same work for both."""
    insert = sqlite.insert if db.is_sqlite(session) else postgresql.insert
    row = insert(SignInRefusalRow).values(day=db.now(session).date(), number=1)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["day"], set_={"number": SignInRefusalRow.number + 1}
        )
    )


def refusals(session: Session, days: int = 7) -> int:
    """Return how many attempts to sign in were refused in the last *days* days, today included."""
    first = db.now(session).date() - timedelta(days=days - 1)
    counted = sa.select(sa.func.coalesce(sa.func.sum(SignInRefusalRow.number), 0))
    return int(session.execute(counted.where(SignInRefusalRow.day >= first)).scalar_one())
