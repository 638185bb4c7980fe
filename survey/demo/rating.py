"""What the acceptance groups of the demonstration have done so far: five have decided."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.core.evaluation import DIMENSIONS, Consensus, Evaluation, Interview
from survey.core.release import to_dict
from survey.storage import accounts, evaluations, ratings, results, rounds
from survey.storage.tables import AccountRow, ConsensusRow, RoundRow, RoundVillageRow

DECIDED, AGREED = 5, 6
"""The first groups have decided, one more has agreed on its evaluation, the last has not begun."""


def load(session: Session, round_: RoundRow) -> None:
    """Let the groups evaluate, agree and decide, where they have not yet."""
    if session.scalars(
        sa.select(ConsensusRow.id).where(ConsensusRow.round_id == round_.id).limit(1)
    ).first():
        return
    places = [
        (number, lead, member, village)
        for number, lead, member in _groups(session)
        for village in rounds.villages(session, round_)
        if village.group_id == lead.group_id
    ]
    for number, lead, member, village in places:
        if number <= AGREED:
            _evaluate(session, round_, village, lead, member)
    for number, lead, member, village in places:
        if number <= DECIDED:
            _decide(session, round_, village, lead, member)


def _groups(session: Session) -> list[tuple[int, AccountRow, AccountRow]]:
    found = []
    for number in range(1, AGREED + 1):
        lead = accounts.by_username(session, f"lead{number}")
        member = accounts.by_username(session, f"member{number}")
        if lead and member:
            found.append((number, lead, member))
    return found


def _evaluate(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    lead: AccountRow,
    member: AccountRow,
) -> None:
    for account, shift in ((lead, 0), (member, 3)):
        points = _points(village, shift)
        heard = (
            Interview(role="villager", number=6, said=gettext("Most find that things got better.")),
            Interview(role="committee", number=2),
        )
        evaluations.hand_in(
            session, round_, village, account, Evaluation(points=points, interviews=heard)
        )
    evaluations.agree(session, round_, village, lead, Consensus(points=_points(village, 1)))


def _points(village: RoundVillageRow, shift: int) -> dict[str, int]:
    """Return points that differ from village to village, 40–100."""
    base = 76 + village.village_id * 7 % 19
    return {
        dimension: max(40, min(100, base + (position * 3 + shift) % 7 - 3))
        for position, dimension in enumerate(DIMENSIONS)
    }


def _decide(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    lead: AccountRow,
    member: AccountRow,
) -> None:
    shown = results.released(session, round_)[village.code]
    suggested = shown.suggestion.rating
    row = ratings.sign(
        session,
        round_,
        village,
        lead,
        suggestion=suggested,
        evidence=to_dict({village.code: shown}, rounds.policy_of(round_)),
        decision=suggested or "fairly_good",
        reason="" if suggested else gettext("The group went through the file once more."),
    )
    ratings.countersign(session, round_, village, member, row.version)
