"""Organisational evaluations: each member's own, unseen by the others, then the consensus."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.evaluation import Consensus, Evaluation, Scale, evaluation_of, lacks, recusal
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.rounds import policy_of
from survey.storage.standings import REVIEWING_ROLES, Standing, standing, versions_of
from survey.storage.tables import (
    AccountRow,
    ConsensusRow,
    EvaluationRow,
    RatingRow,
    RoundRow,
    RoundVillageRow,
)

EVALUATED_STATES = ("open", "closed", "scrubbing", "sealed")


def subject(round_: RoundRow, village: RoundVillageRow) -> str:
    """Return how the audit log names *village* in *round_*."""
    return f"{round_.slug}/{village.code}"


def draft(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    evaluation: Evaluation,
) -> EvaluationRow:
    """Keep *evaluation* as the member's draft; raises `Refused` once it was handed in."""
    row = _own_row(session, round_, village, account)
    row.document = evaluation.to_dict()
    session.flush()
    return row


def hand_in(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    evaluation: Evaluation,
) -> EvaluationRow:
    """Hand in the member's evaluation for good; raises `Invalid` where points are missing."""
    if lacks(evaluation, Scale(policy_of(round_).values)):
        raise Invalid(N_("Please give points in all four dimensions before handing in."))
    row = draft(session, round_, village, account, evaluation.model_copy(update={"recused": ""}))
    row.handed_in_at = now(session)
    audit.record(session, account.username, "evaluation.hand_in", subject(round_, village))
    session.flush()
    return row


def step_back(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    reason: str,
) -> EvaluationRow:
    """Recuse the member from *village*, before the consensus is entered."""
    stood_back = recusal(reason)
    row = _own_row(session, round_, village, account, handed_in_too=True)
    row.document = stood_back.to_dict()
    row.handed_in_at = now(session)
    audit.record(session, account.username, "evaluation.step_back", subject(round_, village))
    session.flush()
    return row


def come_back(
    session: Session, round_: RoundRow, village: RoundVillageRow, account: AccountRow
) -> None:
    """Undo `step_back`, before the consensus is entered."""
    row = _own_row(session, round_, village, account, handed_in_too=True)
    if not evaluation_of(row.document).recused:
        raise Refused(N_("You have not stood back from this village."))
    session.delete(row)
    audit.record(session, account.username, "evaluation.come_back", subject(round_, village))
    session.flush()


def agree(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    consensus: Consensus,
    reason: str = "",
) -> ConsensusRow:
    """Enter the group's consensus as a new version.

    Raises `Refused` where somebody else than the lead enters it or the rating is locked; `Invalid`
    where it is incomplete, members are waited for without a statement, or it is changed without a
    *reason* although the scores could be seen (the round is sealed).
    """
    now_standing = standing(session, round_, village, account)
    _check_consensus(session, round_, village, now_standing, consensus, reason)
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
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    standing: Standing,
    consensus: Consensus,
    reason: str,
) -> None:
    _check_open(session, round_, village)
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


def _check_open(session: Session, round_: RoundRow, village: RoundVillageRow) -> None:
    if round_.state not in EVALUATED_STATES:
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


def _own_row(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    *,
    handed_in_too: bool = False,
) -> EvaluationRow:
    """Return the member's row, new where there is none; raises where it may not be changed."""
    own = account.group_id is not None and account.group_id == village.group_id
    if account.role not in REVIEWING_ROLES or not own:
        raise Missing(N_("There is no such village in your acceptance group."))
    _check_open(session, round_, village)
    if versions_of(session, round_, [village.village_id])[village.village_id]:
        raise Refused(N_("The consensus is entered. Your own evaluation stays as it is."))
    row = session.scalar(
        sa.select(EvaluationRow).where(
            EvaluationRow.round_id == round_.id,
            EvaluationRow.village_id == village.village_id,
            EvaluationRow.account_id == account.id,
        )
    )
    if row is None:
        row = EvaluationRow(
            round_id=round_.id, village_id=village.village_id, account_id=account.id, document={}
        )
        session.add(row)
    if row.handed_in_at is not None and not handed_in_too:
        raise Refused(N_("You have handed in already. Your own evaluation stays as it is."))
    return row
