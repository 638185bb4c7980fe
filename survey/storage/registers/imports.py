"""An import: a file's entries compared with the register, written, kept so that it can be undone.

A file changes only what it says: a village that is not in it stays as it is, and so does a field
whose cell is blank or whose column is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing
from survey.core.register import FIELDS, Entry
from survey.core.wording import N_
from survey.storage import progress
from survey.storage.db import now
from survey.storage.progress import Report, Stage
from survey.storage.registers import entries as kept_entries
from survey.storage.registers import hamlets
from survey.storage.registers.entries import portions
from survey.storage.tables import RegisterChangeRow, RegisterImportRow, VillageRow

IMPORTS_SHOWN = 50
PAGE = 50


@dataclass(frozen=True)
class Difference:
    """One field that the file says otherwise; None or '' where nothing was kept."""

    field: str
    old: str | int | None
    new: str | int | None


@dataclass(frozen=True)
class Change:
    """A village that is kept already, as it will be, and what differs from what is kept."""

    entry: Entry
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Changes:
    """What an import does, or did: villages added, changed, and those that stay as they are.

    *same*: what the file says of the last.
    """

    added: tuple[Entry, ...]
    changed: tuple[Change, ...]
    same: tuple[Entry, ...]

    @property
    def unchanged(self) -> int:
        """How many villages stay as they are."""
        return len(self.same)

    @property
    def counts(self) -> dict[str, int]:
        """How many villages were added, changed and left unchanged."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
        }


def compare(
    session: Session, entries: Sequence[Entry], *, report: Report = progress.silent
) -> Changes:
    """Return what importing *entries* would do; their codes must differ. Nothing is written."""
    stage = Stage(report, "comparison", len(entries))
    added: list[Entry] = []
    changed: list[Change] = []
    same: list[Entry] = []
    for some in portions(entries):
        ids = kept_entries.ids_of(session, [entry.code for entry in some])
        found = kept_entries.own(session, list(ids.values())).values()
        kept = {entry.code: entry for entry in found}
        added += [entry for entry in some if entry.code not in kept]
        known = [(entry, _change(kept[entry.code], entry)) for entry in some if entry.code in kept]
        changed += [change for _entry, change in known if change.differences]
        same += [entry for entry, change in known if not change.differences]
        stage.step(len(some))
    stage.end()
    return Changes(tuple(added), tuple(changed), tuple(same))


def _change(kept: Entry, entry: Entry) -> Change:
    """Return what *entry* says otherwise than *kept*; blanks in it say nothing."""
    differences = tuple(
        Difference(field, getattr(kept, field), getattr(entry, field))
        for field in FIELDS
        if getattr(entry, field) not in (None, "", getattr(kept, field))
    )
    said: dict[str, Any] = {difference.field: difference.new for difference in differences}
    return Change(replace(kept, **said), differences)


def apply(
    session: Session,
    entries: Sequence[Entry],
    by: str,
    filename: str,
    *,
    report: Report = progress.silent,
) -> Changes:
    """Write *entries* into the register and the import into its history; return what it did.

    Acceptance groups that are named for the first time are made; the sums of merged hamlets
    follow. All or nothing, with the caller's transaction.
    """
    changes = compare(session, entries, report=report)
    written = (*changes.added, *(change.entry for change in changes.changed))
    made = kept_entries.make_groups(session, (entry.acceptance_group for entry in written))
    row = RegisterImportRow(
        at=now(session), by=by, filename=filename, groups=made, **changes.counts
    )
    session.add(row)
    session.flush()
    _write(session, row.id, changes, Stage(report, "writing", len(written)))
    hamlets.follow(session)
    return changes


def _write(session: Session, import_id: int, changes: Changes, stage: Stage) -> None:
    groups = kept_entries.group_ids(session)
    for added in portions(changes.added):
        session.execute(
            sa.insert(VillageRow), [kept_entries.columns(entry, groups) for entry in added]
        )
        _remember(session, import_id, {entry.code: (None, asdict(entry)) for entry in added})
        stage.step(len(added))
    for changed in portions(changes.changed):
        ids = kept_entries.ids_of(session, [change.entry.code for change in changed])
        new = {ids[change.entry.code]: change.entry for change in changed}
        kept_entries.write_own(session, new, groups)
        _remember(session, import_id, {change.entry.code: _said(change) for change in changed})
        stage.step(len(changed))
    stage.end()


def _said(change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what was kept and what is said now, by field, where they differ."""
    return (
        {difference.field: difference.old for difference in change.differences},
        {difference.field: difference.new for difference in change.differences},
    )


def _remember(
    session: Session,
    import_id: int,
    said: Mapping[str, tuple[dict[str, Any] | None, dict[str, Any]]],
) -> None:
    """Keep what was said before and now of each village, by its code."""
    ids = kept_entries.ids_of(session, list(said))
    session.execute(
        sa.insert(RegisterChangeRow),
        [
            {"import_id": import_id, "village_id": ids[code], "old": old, "new": new}
            for code, (old, new) in said.items()
        ],
    )


def history(session: Session) -> list[RegisterImportRow]:
    """Return the last imports, newest first."""
    return list(
        session.scalars(
            sa.select(RegisterImportRow).order_by(RegisterImportRow.id.desc()).limit(IMPORTS_SHOWN)
        )
    )


def by_id(session: Session, import_id: int) -> RegisterImportRow:
    """Return one import; raises `Missing`."""
    row = session.get(RegisterImportRow, import_id)
    if row is None:
        raise Missing(N_("There is no such import."))
    return row


@dataclass(frozen=True)
class Changed:
    """One page of what an import changed: each village's row and its change, by code."""

    rows: list[tuple[VillageRow, RegisterChangeRow]]
    total: int
    page: int
    pages: int


def changed_by(session: Session, import_: RegisterImportRow, page: int = 1) -> Changed:
    """Return one page of what *import_* changed; empty once it is undone."""
    of_import = RegisterChangeRow.import_id == import_.id
    total = session.execute(
        sa.select(sa.func.count()).select_from(RegisterChangeRow).where(of_import)
    ).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    found = session.execute(
        sa.select(VillageRow, RegisterChangeRow)
        .join(RegisterChangeRow, RegisterChangeRow.village_id == VillageRow.id)
        .where(of_import)
        .order_by(VillageRow.code)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Changed([(row[0], row[1]) for row in found], total, page, pages)
