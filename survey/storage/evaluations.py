"""Organisational evaluations: each member's own, unseen by the others, then the consensus."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.evaluation import Consensus, Evaluation, Scale, lacks
from survey.core.wording import N_
from survey.storage import audit, evaluated, groups, recusals
from survey.storage.db import now
from survey.storage.evaluated import require_open, subject
from survey.storage.rounds import policy_of
from survey.storage.standings import Standing, standing, versions_of
from survey.storage.tables import (
    AccountRow,
    ConsensusRow,
    EvaluationRow,
    RoundRow,
    RoundVillageRow,
)


class Overtaken(Refused):
    """Somebody saved meanwhile from another window or device what would be written over."""


@dataclass(frozen=True)
class Window:
    """One open page: its own *mark*, and the revision of the draft that it has *seen* last."""

    mark: str
    seen: int


def own(
    session: Session, round_: RoundRow, village: RoundVillageRow, account: AccountRow
) -> EvaluationRow | None:
    """Return what *account* has saved or handed in of *village*, if anything."""
    return session.scalar(
        sa.select(EvaluationRow)
        .where(
            EvaluationRow.round_id == round_.id,
            EvaluationRow.village_id == village.village_id,
            EvaluationRow.account_id == account.id,
        )
        .execution_options(populate_existing=True)
    )


def draft(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    evaluation: Evaluation,
    window: Window | None = None,
) -> EvaluationRow:
    """Keep *evaluation* as the member's draft; raises `Refused` once it was handed in.

    Raises `Overtaken` where *window* has not seen what is saved, and another one saved it. None
    stands for a writer that nobody can overtake.
    """
    row = _own_row(session, round_, village, account)
    if window is not None:
        if window.seen != row.revision and window.mark != row.saved_from:
            raise Overtaken(
                N_("This evaluation was changed in another window or on another device meanwhile.")
            )
        row.saved_from = window.mark
    row.document = evaluation.to_dict()
    row.revision += 1
    session.flush()
    return row


def hand_in(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    evaluation: Evaluation,
    window: Window | None = None,
) -> EvaluationRow:
    """Hand in the member's evaluation for good; raises `Invalid` where points are missing.

    Raises `Refused` and `Overtaken` as `draft` does; what one *window* sends twice is taken once.
    """
    if lacks(evaluation, Scale(policy_of(round_).values)):
        raise Invalid(N_("Please give points in all four dimensions before handing in."))
    evaluated.take_turn(session, round_, village)
    before = own(session, round_, village, account)
    if before is not None and _sent_before(before, evaluation, window):
        return before
    row = draft(session, round_, village, account, evaluation, window)
    row.handed_in_at = now(session)
    audit.record(session, account.username, "evaluation.hand_in", subject(round_, village))
    session.flush()
    return row


def _sent_before(row: EvaluationRow, evaluation: Evaluation, window: Window | None) -> bool:
    same_window = window is not None and window.mark == row.saved_from
    return bool(row.handed_in_at) and same_window and row.document == evaluation.to_dict()


def agree(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    consensus: Consensus,
    reason: str = "",
    seen: int | None = None,
) -> ConsensusRow:
    """Enter the group's consensus as a new version; *seen* is the version that was on the page.

    Raises `Refused` where somebody else than the lead enters it or the rating is locked; `Invalid`
    where it is incomplete, members are waited for without a statement, or it is changed without a
    *reason* although the scores could be seen (the round is sealed); `Overtaken` where the version
    that holds is not the one *seen*.
    """
    require_open(session, round_, village)
    now_standing = standing(session, round_, village, account)
    _check_consensus(round_, now_standing, consensus, reason)
    if seen not in (None, len(now_standing.versions)):
        raise Overtaken(N_("The consensus was entered anew meanwhile. Please read it again."))
    row = ConsensusRow(
        round_id=round_.id,
        village_id=village.village_id,
        version=len(now_standing.versions) + 1,
        document=consensus.to_dict(),
        reason=reason.strip(),
        entered_by=account.id,
        entered_at=now(session),
    )
    session.add(row)
    audit.record(
        session,
        account.username,
        "consensus.enter",
        subject(round_, village),
        version=row.version,
        reason=row.reason,
    )
    session.flush()
    return row


def _check_consensus(
    round_: RoundRow, standing: Standing, consensus: Consensus, reason: str
) -> None:
    if not standing.i_lead:
        raise Refused(N_("The lead of the acceptance group enters the consensus."))
    if lacks(consensus, Scale(policy_of(round_).values)):
        raise Invalid(N_("Please give points in all four dimensions before handing in."))
    if not standing.handed_in:
        raise Refused(N_("Nobody has handed in an evaluation yet. Please begin with that."))
    if standing.waiting and not consensus.statement.strip():
        raise Invalid(
            N_("Not yet handed in: %(names)s. Please wait, or write a statement why you go on."),
            names=", ".join(seat.name for seat in standing.waiting),
        )
    if standing.agreed and round_.state == "sealed" and not reason.strip():
        raise Invalid(N_("The scores can be seen already, so a change needs a written reason."))


def _own_row(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
) -> EvaluationRow:
    """Return the member's row, new where there is none; raises where it may not be changed."""
    seated = village.group_id in groups.of_account(session, round_, account)
    if not seated or recusals.of_account(session, round_, [village], account):
        raise Missing(N_("There is no such village in your acceptance group."))
    require_open(session, round_, village)
    if versions_of(session, round_, [village.village_id])[village.village_id]:
        raise Refused(N_("The consensus is entered. Your own evaluation stays as it is."))
    row = own(session, round_, village, account)
    if row is None:
        row = EvaluationRow(
            round_id=round_.id,
            village_id=village.village_id,
            account_id=account.id,
            document={},
            revision=0,
        )
        session.add(row)
    if row.handed_in_at is not None:
        raise Refused(N_("You have handed in already. Your own evaluation stays as it is."))
    return row
