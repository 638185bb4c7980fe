"""The village files: records read, added, changed and removed, and how complete many files are.

Every act is audited by village, kind and number; never by its text, so that what was written by
mistake and taken out again is in no log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.village_file import (
    BRANCH_MEETINGS,
    LARGEST_NUMBER,
    PARTY_DAY,
    RECORDS,
    Kind,
    Record,
    Tally,
    fingerprint,
)
from survey.core.village_file_fields import make
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.tables import (
    AccountRow,
    CallBackRow,
    MeasureRow,
    MeetingRow,
    ProblemRow,
    ProofRow,
    RoundRow,
    RoundVillageRow,
    VillageRow,
)

RecordRow = ProblemRow | MeasureRow | CallBackRow | MeetingRow
TABLES: Mapping[Kind, type[RecordRow]] = {
    "problem": ProblemRow,
    "measure": MeasureRow,
    "call_back": CallBackRow,
    "meeting": MeetingRow,
}
_COUNTED = tuple(Tally.__dataclass_fields__)


def village(session: Session, code: str) -> VillageRow:
    """Return the village of the register with *code*; raises `Missing`."""
    row = session.scalars(sa.select(VillageRow).where(VillageRow.code == code)).one_or_none()
    if row is None:
        raise Missing(N_("There is no such village in the register."))
    return row


def newest_round(session: Session, village: VillageRow, states: Iterable[str]) -> RoundRow | None:
    """Return the newest round with *village* that is in one of *states*, or None."""
    return session.scalars(
        sa.select(RoundRow)
        .join(RoundVillageRow, RoundVillageRow.round_id == RoundRow.id)
        .where(RoundVillageRow.village_id == village.id, RoundRow.state.in_(tuple(states)))
        .order_by(RoundRow.opens_at.desc(), RoundRow.id.desc())
        .limit(1)
    ).one_or_none()


def rows(session: Session, kind: Kind, village: VillageRow) -> Sequence[Any]:
    """Return the rows of *kind* in the file of *village*, by number."""
    table = TABLES[kind]
    chosen = sa.select(table).where(table.village_id == village.id).order_by(table.number)
    return session.scalars(chosen).all()


def record_of(kind: Kind, row: RecordRow) -> Record:
    """Return what *row* keeps as a record."""
    made = RECORDS[kind]
    return made(**{name: getattr(row, name) for name in made.__dataclass_fields__})


def find(session: Session, kind: Kind, village: VillageRow, number: int) -> Any:
    """Return the row of *kind* numbered *number* in the file of *village*; raises `Missing`."""
    row = session.get(TABLES[kind], (village.id, number))
    if row is None:
        raise Missing(N_("There is no such entry in this village's file."))
    return row


def add(
    session: Session, kind: Kind, village: VillageRow, values: Mapping[str, Any], by: AccountRow
) -> Record:
    """Add a record of *kind* with *values* under the next number and return it."""
    hold(session, village)
    _require_problem(session, village, values)
    record = make(kind, _next_number(session, kind, village), values)
    session.add(TABLES[kind](village_id=village.id, **vars(record)))
    session.flush()
    log(session, "add", village, by, kind=kind, number=record.number)
    return record


def change(
    session: Session,
    kind: Kind,
    village: VillageRow,
    number: int,
    values: Mapping[str, Any],
    seen: str,
    by: AccountRow,
) -> Record:
    """Write *values* over the record that had the fingerprint *seen* when it was shown.

    Raises `Refused` where somebody changed it meanwhile, or where it is a measure reported done.
    """
    hold(session, village)
    row = find(session, kind, village, number)
    if fingerprint(record_of(kind, row)) != seen:
        raise Refused(
            N_("Somebody else changed this entry meanwhile. Please look at it and write it again.")
        )
    _require_open(row)
    _require_problem(session, village, values)
    record = make(kind, number, values)
    for name, value in vars(record).items():
        setattr(row, name, value)
    session.flush()
    log(session, "change", village, by, kind=kind, number=number)
    return record


def remove(
    session: Session, kind: Kind, village: VillageRow, number: int, by: AccountRow
) -> list[str]:
    """Remove a record and return the digests of the proof that went with it.

    Raises `Refused` for a problem that measures or call-backs belong to, and for a measure that
    was reported done.
    """
    hold(session, village)
    row = find(session, kind, village, number)
    _require_open(row)
    if kind == "problem" and _is_referred_to(session, village, number):
        raise Refused(
            N_("Measures or call-backs belong to this problem. Please remove them first.")
        )
    digests = _remove_proof(session, village, number) if kind == "measure" else []
    session.delete(row)
    session.flush()
    log(session, "remove", village, by, kind=kind, number=number)
    return digests


def _remove_proof(session: Session, village: VillageRow, measure: int) -> list[str]:
    belonging = (ProofRow.village_id == village.id, ProofRow.measure == measure)
    digests = list(session.scalars(sa.select(ProofRow.digest).where(*belonging)))
    session.execute(sa.delete(ProofRow).where(*belonging))
    return digests


def log(session: Session, act: str, village: VillageRow, by: AccountRow, **detail: Any) -> None:
    """Write into the audit log what *by* did to the file of *village*."""
    audit.record(session, by.username, f"file.{act}", village.code, **detail)


def hold(session: Session, village: VillageRow) -> None:
    """Let one writer at a time at the file of *village*, so that no number is given twice."""
    session.refresh(village, with_for_update={"of": VillageRow})


def _next_number(session: Session, kind: Kind, village: VillageRow) -> int:
    table = TABLES[kind]
    highest = sa.select(sa.func.max(table.number)).where(table.village_id == village.id)
    number = (session.scalar(highest) or 0) + 1
    if number > LARGEST_NUMBER:
        raise Refused(N_("This village's file has no number left for another entry."))
    return number


def _require_problem(session: Session, village: VillageRow, values: Mapping[str, Any]) -> None:
    if "problem" in values:
        find(session, "problem", village, values["problem"])


def _require_open(row: RecordRow) -> None:
    if isinstance(row, MeasureRow) and row.state != "open":
        raise Refused(
            N_("This measure is reported done. Take that back before you change or remove it.")
        )


def _is_referred_to(session: Session, village: VillageRow, number: int) -> bool:
    return any(
        session.scalar(
            sa.select(sa.func.count())
            .select_from(table)
            .where(table.village_id == village.id, table.problem == number)
        )
        for table in (MeasureRow, CallBackRow)
    )


def of_village(village: VillageRow) -> sa.Select[int]:
    """Return what chooses *village* alone, for `tallies`."""
    return sa.select(VillageRow.id).where(VillageRow.id == village.id)


def of_round(round_: RoundRow) -> sa.Select[int]:
    """Return what chooses the villages of *round_*, for `tallies`."""
    return sa.select(RoundVillageRow.village_id).where(RoundVillageRow.round_id == round_.id)


def tallies(session: Session, wanted: sa.Select[int], day: date) -> dict[int, Tally]:
    """Return what the files of the *wanted* villages hold on *day*, by village id; in one query.

    A village whose file is empty is not in it.
    """
    parts = sa.union_all(_problems(wanted), _measures(wanted, day), _meetings(wanted)).subquery()
    sums = [sa.func.sum(parts.c[name]).label(name) for name in _COUNTED]
    found = session.execute(sa.select(parts.c.village_id, *sums).group_by(parts.c.village_id))
    return {
        row.village_id: Tally(**{name: int(row._mapping[name]) for name in _COUNTED})
        for row in found
    }


def _problems(wanted: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    one = ProblemRow
    called_back = _exists(CallBackRow, one)
    return _part(
        one,
        wanted,
        problems=sa.func.count(),
        with_cause=_count(one.cause != ""),
        with_measure=_count(_exists(MeasureRow, one)),
        petitions=_count(one.petition.is_(True)),
        called_back=_count(sa.and_(one.petition.is_(True), called_back)),
    )


def _measures(wanted: sa.Select[int], day: date) -> sa.Select[*tuple[Any, ...]]:
    one = MeasureRow
    proven = (
        sa.exists()
        .where(ProofRow.village_id == one.village_id, ProofRow.measure == one.number)
        .correlate(one)
    )
    return _part(
        one,
        wanted,
        measures=sa.func.count(),
        with_office=_count(one.office != ""),
        with_deadline=_count(one.deadline.is_not(None)),
        with_proof=_count(proven),
        done=_count(one.state == "done"),
        closed=_count(one.state == "closed"),
        overdue=_count(sa.and_(one.state == "open", one.deadline < day)),
    )


def _meetings(wanted: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    return _part(
        MeetingRow,
        wanted,
        meetings=_count(MeetingRow.occasion.in_(BRANCH_MEETINGS)),
        party_days=_count(MeetingRow.occasion == PARTY_DAY),
    )


def _exists(table: type[MeasureRow | CallBackRow], problem: type[ProblemRow]) -> sa.Exists:
    return (
        sa.exists()
        .where(table.village_id == problem.village_id, table.problem == problem.number)
        .correlate(problem)
    )


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _part(
    table: type[RecordRow], wanted: sa.Select[int], **counted: sa.ColumnElement[int]
) -> sa.Select[*tuple[Any, ...]]:
    """Return counts of *table* by village, with 0 for what other tables count."""
    columns = [counted.get(name, sa.literal(0)).label(name) for name in _COUNTED]
    chosen = sa.select(table.village_id.label("village_id"), *columns)
    return chosen.where(table.village_id.in_(wanted)).group_by(table.village_id)
