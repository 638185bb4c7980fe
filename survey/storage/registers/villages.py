"""One village of the register: edited by hand, retired, brought back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.register import Entry
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.assessed import is_part
from survey.storage.registers import drafts, entries, hamlets
from survey.storage.tables import AccountRow, HamletRow, RoundRow, RoundVillageRow, VillageRow

OF_UNIT = ("name", "cause", "city_leader", "paired_unit", "first_secretary")
"""What of a unit is typed; the rest follows its hamlets."""


def village(session: Session, village_id: int) -> VillageRow:
    """Return one line of the register; raises `Missing`."""
    row = session.get(VillageRow, village_id)
    if row is None:
        raise Missing(N_("There is no such village in the register."))
    return row


def by_code(session: Session, code: str) -> VillageRow:
    """Return the village of the register whose code is *code*; raises `Missing`."""
    row = session.scalar(sa.select(VillageRow).where(VillageRow.code == code))
    if row is None:
        raise Missing(N_("The register has no village with the code %(code)s."), code=code)
    return row


def line(session: Session, village_id: int) -> Entry:
    """Return what the register says of a village, of a unit its sums; raises `Missing`."""
    village(session, village_id)
    return entries.lines(session, [village_id])[village_id]


def own(session: Session, village_id: int) -> Entry:
    """Return what a village says of itself, also where it gives a unit its code.

    Raises `Missing`.
    """
    village(session, village_id)
    return entries.own(session, [village_id])[village_id]


def edit(session: Session, village_id: int, seen: Entry, new: Entry, account: AccountRow) -> None:
    """Write *new* as what a village says of itself, in place of what its editor has *seen*.

    A unit's sums follow. Raises `Refused` where it was changed meanwhile, `Invalid` where another
    village has the code.
    """
    kept = own(session, village_id)
    _require_unchanged(kept, seen)
    taken = sa.select(VillageRow.name).where(VillageRow.code == new.code)
    other = session.scalars(taken.where(VillageRow.id != village_id)).first()
    if other:
        raise Invalid(N_("%(village)s has this code already."), village=other)
    groups = entries.group_ids(session)
    entries.write_own(session, {village_id: new}, groups)
    hamlets.follow(session)
    _record(session, kept, new, account)


def edit_unit(
    session: Session, village_id: int, seen: Entry, new: Entry, account: AccountRow
) -> None:
    """Write the name and the texts of *new* (`OF_UNIT`) as those of a unit; raises `Refused`."""
    kept = line(session, village_id)
    _require_unchanged(kept, seen)
    row = village(session, village_id)
    for field in OF_UNIT:
        setattr(row, field, getattr(new, field))
    session.flush()
    _record(session, kept, line(session, village_id), account)


def _require_unchanged(kept: Entry, seen: Entry) -> None:
    if kept != seen:
        raise Refused(
            N_(
                "Somebody else changed this village meanwhile. What is kept now is named beside "
                "the fields; look at both and save again."
            )
        )


def _record(session: Session, old: Entry, new: Entry, account: AccountRow) -> None:
    before, after = asdict(old), asdict(new)
    changed: dict[str, Any] = {
        field: [before[field], after[field]] for field in before if before[field] != after[field]
    }
    if changed:
        audit.record(session, account.username, "register.edit", old.code, **changed)


def retire(session: Session, village_id: int, account: AccountRow) -> VillageRow:
    """Assess a village no longer: it leaves the drafts of rounds and keeps its past.

    Raises `Refused` for a part of a unit.
    """
    row = village(session, village_id)
    part = sa.select(VillageRow.id).where(VillageRow.id == village_id, is_part())
    if session.scalars(part).first():
        raise Refused(N_("This village is a part of another one. Split that one first."))
    if not row.retired:
        row.retired = True
        drafts.replace(session, [village_id], [])
        audit.record(session, account.username, "register.retire", row.code)
    return row


def bring_back(session: Session, village_id: int, account: AccountRow) -> VillageRow:
    """Assess a retired village again, from the next round that is made."""
    row = village(session, village_id)
    if row.retired:
        row.retired = False
        audit.record(session, account.username, "register.bring_back", row.code)
    return row


def live_places(session: Session, village_id: int) -> list[tuple[RoundRow, RoundVillageRow]]:
    """Return the rounds under way that have this village, with the numbers that they copied."""
    found = session.execute(
        sa.select(RoundRow, RoundVillageRow)
        .join(RoundVillageRow, RoundVillageRow.round_id == RoundRow.id)
        .where(
            RoundVillageRow.village_id == village_id,
            RoundRow.state.in_(("open", "closed", "scrubbing")),
        )
        .order_by(RoundRow.closes_at)
    )
    return [(row[0], row[1]) for row in found]


def unit_of(session: Session, village_id: int) -> VillageRow | None:
    """Return the unit that a village is merged into; of a unit, itself; None where it is alone."""
    row = session.get(HamletRow, village_id)
    return session.get_one(VillageRow, row.unit_id) if row else None


def is_unit(session: Session, village_id: int) -> bool:
    """Say whether a village is made of merged hamlets."""
    row = session.get(HamletRow, village_id)
    return row is not None and row.unit_id == village_id
