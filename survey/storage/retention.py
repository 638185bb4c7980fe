"""After the office's period a finished round is deleted by two persons, or kept for a reason.

Until then nobody can delete it: what was decided must be able to be looked up. Rehearsals have no
period (`rehearsing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.core.retention import LONGEST_MONTHS, months_after
from survey.core.round import spoken
from survey.core.wording import N_
from survey.storage import accounts, acts, audit, removing
from survey.storage.db import now
from survey.storage.tables import AccountRow, KeepingRow, PendingActRow, RoundRow

ACT = "round.remove"


@dataclass(frozen=True)
class Kept:
    """A finished round: since when, until when it is kept, and why longer than usual, if so."""

    round_: RoundRow
    finished_on: date
    due_on: date
    reason: str
    due: bool


def of_round(session: Session, round_: RoundRow, months: int) -> Kept | None:
    """Return until when *round_* is kept; None while it is not finished, and for a rehearsal."""
    finished = round_.sealed_at if round_.state == "sealed" else round_.destroyed_at
    if finished is None or round_.kind == "rehearsal":
        return None
    day = spoken(finished, round_.timezone).date()
    longer = session.get(KeepingRow, round_.id)
    due_on = max(months_after(day, months), longer.until if longer else day)
    today = spoken(now(session), round_.timezone).date()
    return Kept(round_, day, due_on, longer.reason if longer else "", due_on <= today)


def listing(session: Session, months: int) -> Sequence[Kept]:
    """Return every finished round, the one that is due first at the top."""
    found = (of_round(session, row, months) for row in session.scalars(sa.select(RoundRow)))
    return sorted((one for one in found if one), key=lambda one: (one.due_on, one.round_.id))


def keep(
    session: Session, round_: RoundRow, account: AccountRow, until: date, reason: str, months: int
) -> None:
    """Keep *round_* longer, *until* a day, for a *reason*; a proposal to delete it is dropped.

    Raises `Invalid` for a day that is no later than the one that holds, or too far off.
    """
    kept = _require_finished(session, round_, months)
    if not reason.strip():
        raise Invalid(N_("Please say why the round is kept longer."))
    if until <= kept.due_on:
        raise Invalid(N_("The round is kept until that day anyway. Choose a later one."))
    if until > months_after(kept.finished_on, LONGEST_MONTHS):
        raise Invalid(N_("No round is kept longer than ten years. Choose an earlier day."))
    session.merge(KeepingRow(round_id=round_.id, until=until, reason=reason.strip()))
    session.execute(
        sa.delete(PendingActRow).where(
            PendingActRow.round_id == round_.id, PendingActRow.act == ACT
        )
    )
    said = {"until": until.isoformat(), "reason": reason.strip()}
    audit.record(session, account.username, "round.keep", round_.slug, **said)


def propose_removal(
    session: Session, round_: RoundRow, account: AccountRow, months: int
) -> PendingActRow:
    """Keep that *account* proposes to delete *round_*, whose period is over."""
    _require_due(session, round_, months)
    return acts.propose(session, round_, ACT, account)


def remove(
    session: Session,
    round_: RoundRow,
    account: AccountRow,
    folder: Path,
    months: int,
    *,
    two_person: bool,
) -> None:
    """Delete *round_* because *account* confirms; `removing.clear` must follow the commit."""
    _require_due(session, round_, months)
    proposal = acts.confirm(session, round_, ACT, account, two_person=two_person)
    first = accounts.by_id(session, proposal.proposed_by)
    session.flush()
    names = dict.fromkeys((first.name, account.name))
    removing.remove(session, round_, folder, account.username, ", ".join(names))


def _require_finished(session: Session, round_: RoundRow, months: int) -> Kept:
    kept = of_round(session, round_, months)
    if kept is None:
        raise Refused(N_("Only a sealed or cancelled round is kept or deleted here."))
    return kept


def _require_due(session: Session, round_: RoundRow, months: int) -> None:
    kept = _require_finished(session, round_, months)
    if not kept.due:
        raise Refused(
            N_("This round is kept until %(day)s. It can be deleted from then on."),
            day=kept.due_on.isoformat(),
        )
