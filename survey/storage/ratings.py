"""Ratings: what was suggested, what the group decided, and the two signatures that lock it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.evaluated import subject
from survey.storage.standings import Standing, standing
from survey.storage.tables import RATINGS, AccountRow, RatingRow, RoundRow, RoundVillageRow


def of_village(session: Session, round_: RoundRow, village: RoundVillageRow) -> list[RatingRow]:
    """Return every version of the rating of *village*, oldest first."""
    wanted = sa.select(RatingRow).where(
        RatingRow.round_id == round_.id, RatingRow.village_id == village.village_id
    )
    return list(session.scalars(wanted.order_by(RatingRow.version)))


def latest(session: Session, round_: RoundRow) -> dict[int, RatingRow]:
    """Return the newest rating of each village of *round_* that has one, by village id."""
    wanted = sa.select(RatingRow).where(RatingRow.round_id == round_.id)
    return {row.village_id: row for row in session.scalars(wanted.order_by(RatingRow.version))}


def is_locked(rating: RatingRow | None) -> bool:
    """Say whether *rating* has all its signatures, so that nothing can be changed any more."""
    return rating is not None and rating.audit_head is not None


def sign(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    *,
    suggestion: str | None,
    evidence: dict[str, Any],
    decision: str,
    reason: str = "",
    two_person: bool = True,
) -> RatingRow:
    """Keep the group's decision beside the *suggestion*, signed by its lead.

    *evidence* is the JSON form of what the suggestion stood on. Signing again before the
    countersignature makes a new version. Without *two_person* the one signature locks it. Raises
    `Refused` for anybody but the lead, before the seal or the consensus, and once it is locked;
    `Invalid` where the decision is no rating, or differs from the suggestion without a reason.
    """
    group = standing(session, round_, village, account)
    versions = of_village(session, round_, village)
    _check_ready(round_, group, versions)
    _check_decision(suggestion, decision, reason)
    agreed = group.agreed
    row = RatingRow(
        round_id=round_.id,
        village_id=village.village_id,
        version=len(versions) + 1,
        suggestion=suggestion,
        evidence=evidence | {"consensus_version": agreed.version if agreed else None},
        decision=decision,
        reason=reason.strip(),
        signed_by=account.id,
        signed_name=account.name,
        signed_at=now(session),
    )
    session.add(row)
    _record(session, account, "rating.sign", round_, village, row)
    if not two_person:
        _lock(session, account, round_, village, row)
    session.flush()
    return row


def countersign(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    version: int,
) -> RatingRow:
    """Countersign *version* of the rating and lock it.

    Raises `Refused` where the same person signed, the person is not of the group or stands back,
    the rating is locked, or it, or the consensus under it, has changed since it was signed.
    """
    group = standing(session, round_, village, account)
    versions = of_village(session, round_, village)
    if not versions:
        raise Refused(N_("The lead has not signed a rating of this village yet."))
    row = versions[-1]
    _check_countersigner(group, row, account)
    _check_unchanged(group, row, version)
    row.countersigned_by = account.id
    row.countersigned_name = account.name
    row.countersigned_at = now(session)
    _lock(session, account, round_, village, row)
    session.flush()
    return row


def _check_ready(round_: RoundRow, group: Standing, versions: list[RatingRow]) -> None:
    if round_.state != "sealed":
        raise Refused(N_("There are no scores before the round is sealed, so nothing to decide."))
    if versions and is_locked(versions[-1]):
        raise Refused(N_("The rating of this village is locked. Nothing can be changed any more."))
    if not group.i_lead:
        raise Refused(N_("The lead of the acceptance group signs the rating."))
    if group.agreed is None:
        raise Refused(N_("Please enter the group’s consensus first."))


def _check_decision(suggestion: str | None, decision: str, reason: str) -> None:
    if decision not in RATINGS:
        raise Invalid(N_("Please choose one of the four ratings."))
    if decision != suggestion and not reason.strip():
        raise Invalid(
            N_("The decision differs from the suggestion. Please write down the group’s reason.")
            if suggestion
            else N_("No rating is suggested. Please write down the group’s reason for its own.")
        )


def _check_countersigner(group: Standing, row: RatingRow, account: AccountRow) -> None:
    if is_locked(row):
        raise Refused(N_("The rating of this village is locked. Nothing can be changed any more."))
    if row.signed_by == account.id:
        raise Refused(N_("You signed this rating. Another member of your group countersigns it."))
    if group.mine is None or group.i_am_recused:
        raise Refused(N_("A member of the same group who has not stood back countersigns."))


def _check_unchanged(group: Standing, row: RatingRow, version: int) -> None:
    agreed = group.agreed.version if group.agreed else None
    if row.version != version:
        raise Refused(N_("The rating was signed anew meanwhile. Please read it again."))
    if row.evidence.get("consensus_version") != agreed:
        raise Refused(N_("The consensus was changed after the signature. The lead signs anew."))


def _lock(
    session: Session,
    account: AccountRow,
    round_: RoundRow,
    village: RoundVillageRow,
    row: RatingRow,
) -> None:
    row.audit_head = _record(session, account, "rating.lock", round_, village, row)


def _record(
    session: Session,
    account: AccountRow,
    act: str,
    round_: RoundRow,
    village: RoundVillageRow,
    row: RatingRow,
) -> str:
    return audit.record(
        session,
        account.username,
        act,
        subject(round_, village),
        version=row.version,
        suggestion=row.suggestion,
        decision=row.decision,
    )
