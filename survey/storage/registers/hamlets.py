"""Hamlets that are assessed as one: merged, followed when one of them changes, split again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import hamlets
from survey.core.errors import Invalid, Refused
from survey.core.register import Entry, to_list
from survey.core.wording import N_, Sentence, say
from survey.storage import audit
from survey.storage.db import now
from survey.storage.registers import drafts, entries
from survey.storage.tables import AccountRow, HamletRow, VillageRow


@dataclass(frozen=True)
class Part:
    """One hamlet of a unit, as it says of itself."""

    village_id: int
    entry: Entry


def merge(session: Session, ids: Sequence[int], name: str, account: AccountRow) -> VillageRow:
    """Make one unit called *name* of the villages *ids*, under the first one's code; return it.

    Raises `Invalid` where they may not be merged (`core.hamlets`). Drafts of rounds follow.
    """
    found = entries.own(session, ids)
    wanted = [Part(id_, found[id_]) for id_ in found]
    _require_alone(session, list(found))
    hamlets.require_mergeable([part.entry for part in wanted])
    first, moment = wanted[0], now(session)
    session.add_all(
        HamletRow(
            village_id=part.village_id,
            unit_id=first.village_id,
            since=moment,
            own=to_list(part.entry) if part is first else None,
        )
        for part in wanted
    )
    unit = hamlets.unite(name, [part.entry for part in wanted])
    entries.write_lines(session, {first.village_id: unit}, entries.group_ids(session))
    drafts.replace(session, list(found), [first.village_id])
    parts = [part.entry.code for part in wanted]
    audit.record(session, account.username, "register.merge", unit.code, name=name, parts=parts)
    return session.get_one(VillageRow, first.village_id)


def _require_alone(session: Session, ids: Sequence[int]) -> None:
    retired = sa.select(VillageRow.name).where(VillageRow.id.in_(ids), VillageRow.retired)
    if name := session.scalars(retired.limit(1)).first():
        raise Invalid(N_("%(village)s is retired. Bring it back first."), village=name)
    merged = sa.select(VillageRow.name).join(HamletRow, HamletRow.village_id == VillageRow.id)
    if name := session.scalars(merged.where(VillageRow.id.in_(ids)).limit(1)).first():
        raise Invalid(N_("%(village)s is merged already. Split it first."), village=name)


def split_obstacle(session: Session, unit_id: int) -> Sentence | None:
    """Return why a unit cannot be split any more, None where it can."""
    since = session.get_one(HamletRow, unit_id).since
    for round_ in drafts.opened_with(session, unit_id):
        if round_.opened_at and round_.opened_at >= since:
            return say(
                N_("The round “%(round)s” was opened with it; its answers belong together."),
                round=round_.title,
            )
    return None


def split(session: Session, unit: VillageRow, account: AccountRow) -> None:
    """Let the hamlets of *unit* stand alone again.

    Raises `Refused` where none were merged into it, and once a round opened with it.
    """
    merged, name = parts(session, unit.id), unit.name
    if not merged:
        raise Refused(N_("This village is not made of merged hamlets."))
    obstacle = split_obstacle(session, unit.id)
    if obstacle:
        raise Refused(obstacle)
    first = next(part for part in merged if part.village_id == unit.id)
    session.execute(sa.delete(HamletRow).where(HamletRow.unit_id == unit.id))
    entries.write_lines(session, {unit.id: first.entry}, entries.group_ids(session))
    drafts.replace(session, [unit.id], [part.village_id for part in merged])
    audit.record(session, account.username, "register.split", first.entry.code, name=name)


def parts(session: Session, unit_id: int) -> list[Part]:
    """Return the hamlets of a unit by code, none where it is no unit."""
    ids = session.scalars(sa.select(HamletRow.village_id).where(HamletRow.unit_id == unit_id)).all()
    return [Part(id_, entry) for id_, entry in entries.own(session, ids).items()]


def units(session: Session, ids: Sequence[int]) -> dict[int, VillageRow]:
    """Return the unit of each of the villages *ids* that are merged; of a unit, itself."""
    query = sa.select(HamletRow.village_id, VillageRow).join(
        VillageRow, VillageRow.id == HamletRow.unit_id
    )
    rows = session.execute(query.where(HamletRow.village_id.in_(ids))).unique()
    return {row.village_id: row.VillageRow for row in rows}


def follow(session: Session) -> None:
    """Bring the sums of every unit after what its hamlets say now."""
    rows = session.execute(sa.select(HamletRow.village_id, HamletRow.unit_id)).all()
    found = entries.own(session, [row.village_id for row in rows])
    of_units: dict[int, list[Entry]] = {}
    unit_of = {row.village_id: row.unit_id for row in rows}
    for id_, entry in found.items():
        of_units.setdefault(unit_of[id_], []).append(entry)
    kept = entries.lines(session, list(of_units))
    new = {id_: hamlets.follow(kept[id_], merged) for id_, merged in of_units.items()}
    changed = {id_: unit for id_, unit in new.items() if unit != kept[id_]}
    entries.write_lines(session, changed, entries.group_ids(session))
