"""The slips of a round, counted and never listed: printed, handed out, returned, void."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.tables import AccountingRow, AccountRow, RoundRow, RoundVillageRow


@dataclass(frozen=True)
class Slips:
    """The count of one village and audience; None where nobody has counted yet."""

    village: RoundVillageRow
    audience: str
    printed: int
    void: int
    handed_out: int | None
    returned: int | None
    counted_by: str


@dataclass(frozen=True)
class Count:
    """What two witnesses counted at the bag."""

    handed_out: int
    returned: int
    witnesses: tuple[str, str]


def of_round(session: Session, round_: RoundRow) -> list[Slips]:
    """Return the slips of every village and audience of *round_* that has tickets, by code."""
    with_tickets = [asked.audience for asked in round_.audiences if asked.access != "poster"]
    rows = session.execute(
        sa.select(AccountingRow, RoundVillageRow)
        .join(
            RoundVillageRow,
            sa.and_(
                RoundVillageRow.round_id == AccountingRow.round_id,
                RoundVillageRow.village_id == AccountingRow.village_id,
            ),
        )
        .where(AccountingRow.round_id == round_.id, AccountingRow.audience.in_(with_tickets))
        .order_by(RoundVillageRow.code, AccountingRow.audience)
    )
    return [_slips(row, village) for row, village in rows]


def _slips(row: AccountingRow, village: RoundVillageRow) -> Slips:
    return Slips(
        village,
        row.audience,
        row.printed,
        row.void,
        row.handed_out,
        row.returned,
        row.counted_by,
    )


def one(session: Session, round_: RoundRow, village_id: int, audience: str) -> Slips:
    """Return the slips of one village and audience; raises `Missing`."""
    row = session.get(AccountingRow, (round_.id, village_id, audience))
    village = session.get(RoundVillageRow, (round_.id, village_id))
    if row is None or village is None:
        raise Missing(N_("There are no slips of this village and audience."))
    return _slips(row, village)


def count(
    session: Session,
    round_: RoundRow,
    village_id: int,
    audience: str,
    counted: Count,
    account: AccountRow,
) -> None:
    """Keep what two witnesses *counted*; a later count takes the place of an earlier one.

    Raises `Invalid` where the numbers cannot be or the witnesses are not two, `Refused` once the
    round has been sealed.
    """
    if round_.state not in {"open", "closed"}:
        raise Refused(N_("Slips are counted while the round is open or closed, before its seal."))
    row = session.get(AccountingRow, (round_.id, village_id, audience))
    if row is None:
        raise Missing(N_("There are no slips of this village and audience."))
    _check(counted, row.printed)
    row.handed_out = counted.handed_out
    row.returned = counted.returned
    row.counted_by = "、".join(name.strip() for name in counted.witnesses)
    audit.record(session, account.username, "slips.count", round_.slug, audience=audience)


def _check(counted: Count, printed: int) -> None:
    if min(counted.handed_out, counted.returned) < 0:
        raise Invalid(N_("A number of slips cannot be below 0."))
    if max(counted.handed_out, counted.returned) > printed:
        raise Invalid(
            N_("Only %(printed)d slips were printed: there cannot be more of them."),
            printed=printed,
        )
    first, second = (name.strip().casefold() for name in counted.witnesses)
    if not first or not second or first == second:
        raise Invalid(N_("Two different persons must have witnessed the count: give both names."))
