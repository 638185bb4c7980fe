"""Organisational evaluations: each member's own, unseen by the others, then the consensus."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.evaluation import Consensus, Evaluation, Scale, lacks
from survey.core.wording import N_
from survey.storage import audit, groups, recusals
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
    row = draft(session, round_, village, account, evaluation)
    row.handed_in_at = now(session)
    audit.record(session, account.username, "evaluation.hand_in", subject(round_, village))
    session.flush()
    return row


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
    require_open(session, round_, village)
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
    own = village.group_id in groups.of_account(session, round_, account)
    if not own or recusals.of_account(session, round_, [village], account):
        raise Missing(N_("There is no such village in your acceptance group."))
    require_open(session, round_, village)
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
    if row.handed_in_at is not None:
        raise Refused(N_("You have handed in already. Your own evaluation stays as it is."))
    return row
