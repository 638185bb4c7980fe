"""The slips of a round, counted and never listed: printed, handed out, used, returned, void.

What was used and what was void is known after the seal only: before it, either would say how many
have answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import slips
from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence
from survey.storage import audit, boxes, sheets, tallies
from survey.storage.tables import AccountingRow, AccountRow, RoundRow, RoundVillageRow

Cell = tuple[int, str]
"""Village id, audience."""


@dataclass(frozen=True)
class Slips:
    """The count of one village and audience; None where nobody has counted yet, or may not know."""

    village: RoundVillageRow
    audience: str
    printed: int
    spare: int
    handed_out: int | None
    used: int | None
    returned: int | None
    void: int | None
    counted_by: str

    @property
    def faults(self) -> tuple[Sentence, ...]:
        """What does not add up, once the round is sealed."""
        account = slips.Account(
            printed=self.printed,
            handed_out=self.handed_out,
            returned=self.returned,
            used=self.used,
            void=self.void,
        )
        return slips.faults(account)


@dataclass(frozen=True)
class Count:
    """What two witnesses counted at the bag; *reason* is needed once the round is sealed."""

    handed_out: int
    returned: int
    witnesses: tuple[str, str]
    reason: str = ""


def of_round(session: Session, round_: RoundRow) -> list[Slips]:
    """Return the slips of every village and audience of *round_* that has tickets, by code."""
    return list(_of_round(session, round_))


def one(session: Session, round_: RoundRow, village_id: int, audience: str) -> Slips:
    """Return the slips of one village and audience; raises `Missing`."""
    for found in _of_round(session, round_, village_id):
        if found.audience == audience:
            return found
    raise Missing(N_("There are no slips of this village and audience."))


def _of_round(session: Session, round_: RoundRow, village_id: int | None = None) -> Iterator[Slips]:
    with_tickets = [asked.audience for asked in round_.audiences if asked.access != "poster"]
    chosen = (
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
    if village_id is not None:
        chosen = chosen.where(AccountingRow.village_id == village_id)
    counted = round_.state == "sealed" and round_.kind != "rehearsal"
    used = tallies.used_tickets(session, round_) if counted else None
    spare = _spare(session, round_)
    for row, village in session.execute(chosen):
        cell = (row.village_id, row.audience)
        yield Slips(
            village=village,
            audience=row.audience,
            printed=row.printed,
            spare=spare[cell],
            handed_out=row.handed_out,
            used=None if used is None else used[cell],
            returned=row.returned,
            void=None if used is None else row.void,
            counted_by=row.counted_by,
        )


def _spare(session: Session, round_: RoundRow) -> Counter[Cell]:
    """Return the spare slips on sheets that are in force."""
    counted: Counter[Cell] = Counter()
    for sheet in sheets.listing(session, round_):
        counted[sheet.village_id, sheet.audience] += 0 if sheet.void else sheet.spare
    return counted


def count(
    session: Session,
    round_: RoundRow,
    village_id: int,
    audience: str,
    counted: Count,
    account: AccountRow,
) -> None:
    """Keep what two witnesses *counted*; a later count takes the place of an earlier one.

    After the seal it is possible with a reason, and the audit log keeps both counts: then everybody
    can see how many slips were used. Raises `Invalid` where the numbers cannot be, the witnesses
    are not two, or the reason is missing; `Refused` where the round has no slips to count.
    """
    if round_.state not in {"open", "closed", "sealed"}:
        raise Refused(N_("Slips are counted while a round is open, closed or sealed."))
    row = session.get(AccountingRow, (round_.id, village_id, audience))
    if row is None:
        raise Missing(N_("There are no slips of this village and audience."))
    _check(counted, row.printed)
    if round_.state == "sealed" and not counted.reason.strip():
        raise Invalid(
            N_("The round is sealed: say why the slips are counted again. The audit log keeps it.")
        )
    earlier = {"handed_out": row.handed_out, "returned": row.returned}
    row.handed_out = counted.handed_out
    row.returned = counted.returned
    row.counted_by = "、".join(name.strip() for name in counted.witnesses)
    village = session.get_one(RoundVillageRow, (round_.id, village_id))
    audit.record(
        session,
        account.username,
        "slips.count",
        round_.slug,
        village=village.code,
        audience=audience,
        earlier=earlier,
        now={"handed_out": counted.handed_out, "returned": counted.returned},
        reason=counted.reason.strip(),
    )


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


def keep_void(session: Session, round_: RoundRow) -> None:
    """Keep how many slips of each village and audience are void, before the seal drops them."""
    ticket = boxes.of_round(round_.id).ticket
    void = session.execute(
        sa.select(ticket.c.village_id, ticket.c.audience, sa.func.count())
        .where(ticket.c.void.is_(True))
        .group_by(ticket.c.village_id, ticket.c.audience)
    )
    for village_id, audience, number in void:
        session.execute(
            sa.update(AccountingRow)
            .filter_by(round_id=round_.id, village_id=village_id, audience=audience)
            .values(void=number)
        )
