"""Whom the acceptance groups heard: numbers by role, once the group has its consensus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.evaluation import evaluation_of
from survey.storage import recusals
from survey.storage.tables import (
    AccountRow,
    ConsensusRow,
    EvaluationRow,
    RoundRow,
    RoundVillageRow,
)


def heard(
    session: Session, round_: RoundRow, villages: Sequence[RoundVillageRow]
) -> dict[int, dict[str, int]]:
    """Return how many people of each role the members heard, by village id.

    Of those who handed in and do not stand back; the same person may have been heard by two.
    """
    agreed = sa.select(ConsensusRow.village_id).where(ConsensusRow.round_id == round_.id)
    wanted = (
        sa.select(EvaluationRow, AccountRow)
        .join(AccountRow, AccountRow.id == EvaluationRow.account_id)
        .where(
            EvaluationRow.round_id == round_.id,
            EvaluationRow.handed_in_at.is_not(None),
            EvaluationRow.village_id.in_([village.village_id for village in villages]),
            EvaluationRow.village_id.in_(agreed),
        )
    )
    rows = [(row, account) for row, account in session.execute(wanted)]
    seated: dict[int, list[AccountRow]] = defaultdict(list)
    for row, account in rows:
        seated[row.village_id].append(account)
    recused = recusals.of_seats(session, round_, seated)
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, account in rows:
        if account.id in recused.get(row.village_id, {}):
            continue
        for interview in evaluation_of(row.document).interviews:
            found[row.village_id][interview.role] += interview.number or 0
    return {village: dict(numbers) for village, numbers in found.items()}
