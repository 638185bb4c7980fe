"""Many village files at once: read for a workbook, and changed by one that was previewed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.village_file import KINDS, Kind, State
from survey.core.village_file_import import Known, Planned, planned_of
from survey.core.village_file_table import Entry
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.tables import AccountRow, FilePreviewRow, MeasureRow, ProofRow, VillageRow
from survey.storage.village_files import TABLES, record_of

CODES_A_QUERY = 1000
PREVIEW_KEPT = timedelta(days=1)


def entries(session: Session, wanted: sa.Select[int]) -> dict[Kind, list[Entry]]:
    """Return every entry of the files of the *wanted* villages, by village code and number."""
    proof = _proof_names(session, wanted)
    return {kind: list(_entries(session, kind, wanted, proof)) for kind in KINDS}


def _entries(
    session: Session,
    kind: Kind,
    wanted: sa.Select[int],
    proof: Mapping[tuple[int, int], Sequence[str]],
) -> Iterator[Entry]:
    table: Any = TABLES[kind]
    found = session.execute(
        sa.select(VillageRow.code, VillageRow.township, VillageRow.name, table)
        .join(VillageRow, VillageRow.id == table.village_id)
        .where(table.village_id.in_(wanted))
        .order_by(VillageRow.code, table.number)
    )
    for code, township, name, row in found:
        record = record_of(kind, row)
        if isinstance(row, MeasureRow):
            names = tuple(proof.get((row.village_id, row.number), ()))
            yield Entry(code, township, name, record, cast(State, row.state), names)
        else:
            yield Entry(code, township, name, record)


def _proof_names(session: Session, wanted: sa.Select[int]) -> dict[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    chosen = sa.select(ProofRow.village_id, ProofRow.measure, ProofRow.name)
    for village, measure, name in session.execute(
        chosen.where(ProofRow.village_id.in_(wanted)).order_by(ProofRow.id)
    ):
        found.setdefault((village, measure), []).append(name)
    return found


def known(session: Session, codes: Iterable[str]) -> dict[str, Known]:
    """Return the files of those villages among *codes* that are in the register."""
    found: dict[str, Known] = {}
    for some in _batches(sorted(set(codes))):
        wanted = sa.select(VillageRow.id).where(VillageRow.code.in_(some))
        there = session.scalars(sa.select(VillageRow.code).where(VillageRow.code.in_(some)))
        found |= {code: Known() for code in there}
        for kind, listed in entries(session, wanted).items():
            for entry in listed:
                kept = found[entry.code]
                kept.records[kind, entry.record.number] = entry.record
                if entry.state is not None:
                    kept.states[entry.record.number] = entry.state
    return found


def _batches(codes: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(codes)
    while some := list(islice(rest, CODES_A_QUERY)):
        yield some


def keep_preview(
    session: Session, account: AccountRow, filename: str, planned: Iterable[Planned]
) -> str:
    """Keep what is *planned* until *account* says yes; return the token that finds it again."""
    moment = now(session)
    old = FilePreviewRow.created_at < moment - PREVIEW_KEPT
    session.execute(sa.delete(FilePreviewRow).where(old))
    token = secrets.token_urlsafe(24)
    session.add(
        FilePreviewRow(
            token=token,
            account_id=account.id,
            created_at=moment,
            filename=filename,
            document=[one.to_list() for one in planned],
        )
    )
    session.flush()
    return token


def take_preview(session: Session, account: AccountRow, token: str) -> tuple[str, list[Planned]]:
    """Return and delete what *account* kept under *token*, with the name of its file.

    Raises `Missing` where there is none, it is somebody else's, or older than a day.
    """
    row = session.get(FilePreviewRow, token)
    if row is None or row.account_id != account.id or row.created_at < now(session) - PREVIEW_KEPT:
        raise Missing(N_("This preview is no longer kept. Please choose the file again."))
    session.delete(row)
    session.flush()
    return row.filename, [planned_of(values) for values in row.document]


def apply(
    session: Session, planned: Sequence[Planned], account: AccountRow, filename: str
) -> dict[str, int]:
    """Write what was *planned* and return how many entries were added and changed.

    All or nothing. Raises `Refused` where a file was changed since it was planned.
    """
    villages = _held(session, planned)
    kept = known(session, villages)
    if any(kept[one.code].records.get((one.kind, one.record.number)) != one.old for one in planned):
        raise Refused(
            N_("A file was changed since this was shown. Nothing was imported; choose it again.")
        )
    moment = now(session)
    for kind in KINDS:
        for one in planned:
            if one.kind == kind:
                _write(session, one, villages[one.code], account, moment)
        session.flush()
    counts = {
        "added": sum(one.old is None for one in planned),
        "changed": sum(one.old is not None for one in planned),
    }
    audit.record(
        session, account.username, "file.import", filename, **counts, villages=len(villages)
    )
    return counts


def _held(session: Session, planned: Sequence[Planned]) -> dict[str, VillageRow]:
    """Return the villages of what is *planned* by code, and let nobody else write their files."""
    found: dict[str, VillageRow] = {}
    for some in _batches(sorted({one.code for one in planned})):
        wanted = sa.select(VillageRow).where(VillageRow.code.in_(some)).order_by(VillageRow.code)
        for row in session.scalars(wanted.with_for_update(of=VillageRow)):
            found[row.code] = row
    return found


def _write(
    session: Session, one: Planned, village: VillageRow, account: AccountRow, moment: datetime
) -> None:
    row: Any
    if one.old is None:
        row = TABLES[one.kind](village_id=village.id, **vars(one.record))
        session.add(row)
    else:
        row = session.get_one(TABLES[one.kind], (village.id, one.record.number))
        for name, value in vars(one.record).items():
            setattr(row, name, value)
    if one.report:
        row.state, row.done_by, row.done_at = "done", account.id, moment
