"""Ratings: what was suggested, what the group decided, and the two signatures that lock it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.evaluated import subject, take_turn
from survey.storage.standings import Standing, standing
from survey.storage.tables import (
    RATINGS,
    AccountRow,
    AppealRow,
    RatingRow,
    ReopeningRow,
    RoundRow,
    RoundVillageRow,
)

LONGEST_REASON = 2000


def of_village(session: Session, round_: RoundRow, village: RoundVillageRow) -> list[RatingRow]:
    """Return every version of the rating of *village*, oldest first.

    Each has its signatures, and its `reopening` where its lock was taken off again.
    """
    wanted = sa.select(RatingRow).where(
        RatingRow.round_id == round_.id, RatingRow.village_id == village.village_id
    )
    fresh = wanted.order_by(RatingRow.version).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def latest(session: Session, round_: RoundRow) -> dict[int, RatingRow]:
    """Return the rating that stands of each village of *round_* that has one, by village id.

    It is the newest version; a village whose newest was reopened has none until it is signed anew.
    """
    newest = _newest(session, round_)
    return {village: row for village, row in newest.items() if row.reopening is None}


def reopened(session: Session, round_: RoundRow) -> dict[int, RatingRow]:
    """Return the newest version of each village of *round_* that is open again, by village id."""
    newest = _newest(session, round_)
    return {village: row for village, row in newest.items() if row.reopening is not None}


def _newest(session: Session, round_: RoundRow) -> dict[int, RatingRow]:
    wanted = sa.select(RatingRow).where(RatingRow.round_id == round_.id)
    return {row.village_id: row for row in session.scalars(wanted.order_by(RatingRow.version))}


def standing_of(versions: Sequence[RatingRow]) -> RatingRow | None:
    """Return the one of *versions* that stands: the newest, unless it was reopened."""
    return versions[-1] if versions and versions[-1].reopening is None else None


def is_locked(rating: RatingRow | None) -> bool:
    """Say whether *rating* has all its signatures, and nobody has taken the lock off since."""
    return rating is not None and rating.audit_head is not None and rating.reopening is None


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
    seen: int | None = None,
) -> RatingRow:
    """Keep the group's decision beside the *suggestion*, signed by its lead.

    *evidence* is the JSON form of what the suggestion stood on. Signing again before the
    countersignature makes a new version. Without *two_person* the one signature locks it. Raises
    `Refused` for anybody but the lead, before the seal or the consensus, once it is locked, and
    where the page had *seen* another number of versions; `Invalid` where the decision is no
    rating, or differs from the suggestion without a reason.
    """
    take_turn(session, round_, village)
    group = standing(session, round_, village, account)
    versions = of_village(session, round_, village)
    _check_ready(round_, group, versions)
    if seen not in (None, len(versions)):
        raise Refused(N_("The rating was signed anew meanwhile. Please read it again."))
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
    the rating is locked or was reopened, or it, or the consensus under it, has changed since it
    was signed.
    """
    take_turn(session, round_, village)
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


def reopen(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    version: int,
    reason: str,
    appeal: AppealRow | None = None,
) -> ReopeningRow:
    """Take the lock off *version*, because of *appeal* if there is one; the group signs anew.

    The version and its signatures stay. Raises `Refused` for anybody but an administrator, for one
    who signed it, where another version stands or it is not locked; `Invalid` without a *reason*.
    """
    take_turn(session, round_, village)
    row = standing_of(of_village(session, round_, village))
    if account.role != "administrator":
        raise Refused(N_("An administrator reopens a rating."))
    if row is None or row.version != version or not is_locked(row):
        raise Refused(N_("This rating is not locked, or was reopened before. Please look again."))
    refuse_signers(row, account)
    row.reopening = ReopeningRow(
        round_id=round_.id,
        reason=written(reason),
        appeal_id=appeal.id if appeal else None,
        reopened_by=account.id,
        reopened_name=account.name,
        reopened_at=now(session),
    )
    audit.record(
        session,
        account.username,
        "rating.reopen",
        subject(round_, village),
        version=row.version,
        reason=row.reopening.reason,
        appeal=appeal.number if appeal else None,
    )
    session.flush()
    return row.reopening


def refuse_signers(row: RatingRow, account: AccountRow) -> None:
    """Raise `Refused` where *account* signed *row*, so that nobody judges their own signature."""
    if account.id in (row.signed_by, row.countersigned_by):
        raise Refused(N_("You signed this rating. Another administrator has to do this."))


def written(text: str) -> str:
    """Return *text* without what stands around it; raises `Invalid` where it is empty, too long."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST_REASON:
        raise Invalid(
            N_("Please write why, in %(maximum)d characters at most."), maximum=LONGEST_REASON
        )
    return text


def _check_ready(round_: RoundRow, group: Standing, versions: list[RatingRow]) -> None:
    if round_.state != "sealed":
        raise Refused(N_("There are no scores before the round is sealed, so nothing to decide."))
    if is_locked(standing_of(versions)):
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
    if row.reopening is not None:
        raise Refused(N_("This rating was reopened meanwhile. The lead signs anew."))
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
