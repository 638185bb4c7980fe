"""Villages as entries: read for what each says of itself, written where that is kept.

Of a unit of hamlets the register's line is the sum; what its first hamlet says of itself is beside
it (`HamletRow.own`), and an import or an edit of that village means it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.register import FIELDS, Entry, from_list, to_list
from survey.storage.tables import GroupRow, HamletRow, VillageRow

PORTION = 1000
"""Villages that one statement names or writes."""

T = TypeVar("T")
_COLUMNS = tuple(getattr(VillageRow, field) for field in FIELDS if field != "acceptance_group")
_LINE = sa.select(
    VillageRow.id.label("village_id"), *_COLUMNS, sa.func.coalesce(GroupRow.name, "")
).outerjoin(GroupRow, VillageRow.group_id == GroupRow.id)


def portions(things: Iterable[T]) -> Iterator[list[T]]:
    """Yield *things* in lists of at most `PORTION`."""
    left = iter(things)
    while some := list(islice(left, PORTION)):
        yield some


def ids_of(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """Return the id of each village of *codes* that the register has."""
    query = sa.select(VillageRow.code, VillageRow.id)
    return {
        row.code: row.id
        for some in portions(codes)
        for row in session.execute(query.where(VillageRow.code.in_(some)))
    }


def own(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return by id what each village says of itself, in the order of the codes."""
    query = (
        _LINE.add_columns(HamletRow.own)
        .outerjoin(HamletRow, HamletRow.village_id == VillageRow.id)
        .order_by(VillageRow.code)
    )
    return {
        row.village_id: from_list(row.own or row[1:-1])
        for some in portions(ids)
        for row in session.execute(query.where(VillageRow.id.in_(some)))
    }


def lines(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return by id what the register's lines say: of a unit its name and its sums."""
    return {
        row.village_id: from_list(row[1:])
        for some in portions(ids)
        for row in session.execute(_LINE.where(VillageRow.id.in_(some)))
    }


def write_own(session: Session, entries: Mapping[int, Entry], groups: Mapping[str, int]) -> None:
    """Write what villages say of themselves; `hamlets.follow` then brings the sums after."""
    of_units = set(
        session.scalars(sa.select(HamletRow.village_id).where(HamletRow.own.is_not(None)))
    )
    write_lines(session, {id_: e for id_, e in entries.items() if id_ not in of_units}, groups)
    for id_ in of_units & set(entries):
        entry = entries[id_]
        session.get_one(HamletRow, id_).own = to_list(entry)
        session.get_one(VillageRow, id_).code = entry.code
    session.flush()


def write_lines(session: Session, entries: Mapping[int, Entry], groups: Mapping[str, int]) -> None:
    """Write lines of the register by id; *groups* holds the id of every group that they name."""
    if entries:
        session.execute(
            sa.update(VillageRow),
            [{"id": id_, **columns(entry, groups)} for id_, entry in entries.items()],
        )
        session.expire_all()


def columns(entry: Entry, groups: Mapping[str, int]) -> dict[str, Any]:
    """Return the columns of a village's row."""
    values: dict[str, Any] = dict(zip(FIELDS, to_list(entry), strict=True))
    return {**values, "group_id": groups.get(values.pop("acceptance_group"))}


def group_ids(session: Session) -> dict[str, int]:
    """Return the id of every acceptance group by its name."""
    return {row.name: row.id for row in session.execute(sa.select(GroupRow.name, GroupRow.id))}


def make_groups(session: Session, names: Iterable[str]) -> list[int]:
    """Make the acceptance groups among *names* that are not there; return their ids."""
    known = group_ids(session)
    made = [GroupRow(name=name) for name in dict.fromkeys(names) if name and name not in known]
    session.add_all(made)
    session.flush()
    return [row.id for row in made]
