"""Appeals (申诉): a village contests its locked rating; the office records and answers it.

Nothing is changed once it is written: an appeal has one answer, and whoever still disagrees
appeals anew. An appeal that is upheld takes the lock off the rating that it contests.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.appeal import APPELLANTS, OUTCOMES, WAYS
from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_
from survey.storage import audit, groups, ratings
from survey.storage.db import now
from survey.storage.evaluated import subject, take_turn
from survey.storage.tables import (
    AccountRow,
    AppealAnswerRow,
    AppealRow,
    RoundRow,
    RoundVillageRow,
)


@dataclass(frozen=True)
class Contest:
    """What a village contests: who brought it by office, never by name, how and when.

    *answer_by* is the day that the office set itself, or None.
    """

    appellant: str
    way: str
    received_on: date
    contested: str
    answer_by: date | None = None


def of_round(session: Session, round_: RoundRow) -> dict[int, list[AppealRow]]:
    """Return the appeals of *round_* with their answers, oldest first, by village id."""
    found: dict[int, list[AppealRow]] = defaultdict(list)
    wanted = sa.select(AppealRow).where(AppealRow.round_id == round_.id)
    for row in session.scalars(wanted.order_by(AppealRow.village_id, AppealRow.number)):
        found[row.village_id].append(row)
    return dict(found)


def of_village(session: Session, round_: RoundRow, village: RoundVillageRow) -> list[AppealRow]:
    """Return the appeals of *village* in *round_* with their answers, oldest first."""
    wanted = sa.select(AppealRow).where(
        AppealRow.round_id == round_.id, AppealRow.village_id == village.village_id
    )
    fresh = wanted.order_by(AppealRow.number).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def record(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    contest: Contest,
    seen: int,
) -> AppealRow:
    """Keep that *village* contests the rating that stands; *seen* appeals were on the page.

    Raises `Refused` for anybody but an administrator, where no rating is locked, and where somebody
    recorded one meanwhile; `Invalid` where something is missing or the days cannot be.
    """
    take_turn(session, round_, village)
    rating = ratings.standing_of(ratings.of_village(session, round_, village))
    before = of_village(session, round_, village)
    _require_administrator(account)
    if rating is None or not ratings.is_locked(rating):
        raise Refused(N_("Only a rating that is signed and locked can be contested."))
    if len(before) != seen:
        raise Refused(N_("An appeal of this village was recorded meanwhile. Please look at it."))
    _check(session, round_, contest)
    row = AppealRow(
        round_id=round_.id,
        village_id=village.village_id,
        number=len(before) + 1,
        rating_id=rating.id,
        appellant=contest.appellant,
        way=contest.way,
        received_on=contest.received_on,
        answer_by=contest.answer_by,
        contested=ratings.written(contest.contested),
        recorded_by=account.id,
        recorded_name=account.name,
        recorded_at=now(session),
    )
    session.add(row)
    audit.record(
        session,
        account.username,
        "appeal.record",
        subject(round_, village),
        number=row.number,
        version=rating.version,
        appellant=row.appellant,
        received_on=row.received_on.isoformat(),
        answer_by=row.answer_by.isoformat() if row.answer_by else None,
    )
    session.flush()
    return row


def answer(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    number: int,
    outcome: str,
    text: str,
) -> AppealAnswerRow:
    """Answer the appeal *number* of *village*; one that is upheld reopens the rating it contests.

    Raises `Missing` where there is none; `Refused` for anybody but an administrator who did not
    sign the rating, and where it is answered; `Invalid` where outcome or *text* is missing.
    """
    take_turn(session, round_, village)
    appeal = _numbered(of_village(session, round_, village), number)
    _require_administrator(account)
    ratings.refuse_signers(appeal.rating, account)
    if appeal.answer is not None:
        raise Refused(N_("This appeal was answered before. The answer stays as it is."))
    if outcome not in OUTCOMES:
        raise Invalid(N_("Please choose what became of the appeal."))
    appeal.answer = AppealAnswerRow(
        round_id=round_.id,
        outcome=outcome,
        text=ratings.written(text),
        answered_by=account.id,
        answered_name=account.name,
        answered_at=now(session),
    )
    audit.record(
        session,
        account.username,
        "appeal.answer",
        subject(round_, village),
        number=number,
        outcome=outcome,
    )
    if outcome == "upheld" and ratings.is_locked(appeal.rating):
        version = appeal.rating.version
        ratings.reopen(session, round_, village, account, version, text, appeal)
    session.flush()
    return appeal.answer


def _numbered(appeals: list[AppealRow], number: int) -> AppealRow:
    found = next((row for row in appeals if row.number == number), None)
    if found is None:
        raise Missing(N_("There is no such appeal."))
    return found


def _require_administrator(account: AccountRow) -> None:
    if account.role != "administrator":
        raise Refused(N_("Administrators record and answer appeals."))


def _check(session: Session, round_: RoundRow, contest: Contest) -> None:
    if contest.appellant not in APPELLANTS or contest.way not in WAYS:
        raise Invalid(N_("Please choose who brought the appeal, and how it came."))
    if contest.received_on > groups.today(session, round_.timezone):
        raise Invalid(N_("An appeal cannot have come later than today."))
    if contest.answer_by is not None and contest.answer_by < contest.received_on:
        raise Invalid(N_("The answer cannot be due before the appeal came."))
