"""The register (台账) as it is kept: compared with a file's entries, updated by code, looked up.

A file changes only what it says: a village that is not in it stays as it is, and so does a field
whose cell is blank or whose column is missing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing
from survey.core.register import FIELDS, Entry, from_list, to_list
from survey.core.wording import N_
from survey.storage.db import now
from survey.storage.tables import (
    AccountRow,
    GroupRow,
    RegisterImportRow,
    RegisterPreviewRow,
    VillageRow,
)

PAGE = 50
IMPORTS_SHOWN = 50
CODES_A_QUERY = 1000
PREVIEW_KEPT = timedelta(days=1)


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
    """What an import does, or did: villages added, changed, and how many stay as they are."""

    added: tuple[Entry, ...]
    changed: tuple[Change, ...]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        """How many villages were added, changed and left unchanged."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
        }


@dataclass(frozen=True)
class Preview:
    """A checked file that waited for its reader's yes."""

    filename: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Page:
    """One page of the register, ordered by code; *page* counts from 1."""

    rows: list[VillageRow]
    total: int
    page: int
    pages: int


def compare(session: Session, entries: Sequence[Entry]) -> Changes:
    """Return what importing *entries* would do; their codes must differ. Nothing is written."""
    kept = _kept(session, [entry.code for entry in entries])
    added = tuple(entry for entry in entries if entry.code not in kept)
    known = [_change(kept[entry.code], entry) for entry in entries if entry.code in kept]
    changed = tuple(change for change in known if change.differences)
    return Changes(added, changed, len(known) - len(changed))


def apply(session: Session, entries: Sequence[Entry], by: str, filename: str) -> Changes:
    """Write *entries* into the register and the import into its history; return what it did.

    Acceptance groups that are named for the first time are made. All or nothing, with the
    caller's transaction.
    """
    changes = compare(session, entries)
    changed = [change.entry for change in changes.changed]
    groups = _groups(session, (*changes.added, *changed))
    if changes.added:
        session.execute(sa.insert(VillageRow), [_columns(entry, groups) for entry in changes.added])
    if changed:
        ids = _ids(session, [entry.code for entry in changed])
        session.execute(
            sa.update(VillageRow),
            [{"id": ids[entry.code], **_columns(entry, groups)} for entry in changed],
        )
        session.expire_all()
    session.add(
        RegisterImportRow(at=now(session), by=by, filename=filename, **changes.counts),
    )
    session.flush()
    return changes


def keep_preview(
    session: Session, account: AccountRow, filename: str, entries: Sequence[Entry]
) -> str:
    """Keep checked *entries* until *account* says yes; return the token that finds them again."""
    moment = now(session)
    session.execute(
        sa.delete(RegisterPreviewRow).where(RegisterPreviewRow.created_at < moment - PREVIEW_KEPT)
    )
    token = secrets.token_urlsafe(24)
    session.add(
        RegisterPreviewRow(
            token=token,
            account_id=account.id,
            created_at=moment,
            filename=filename,
            document=[to_list(entry) for entry in entries],
        )
    )
    session.flush()
    return token


def take_preview(session: Session, account: AccountRow, token: str) -> Preview:
    """Return and delete what *account* kept under *token*.

    Raises `Missing` where there is none, it is somebody else's, or older than a day.
    """
    row = session.get(RegisterPreviewRow, token)
    if row is None or row.account_id != account.id or row.created_at < now(session) - PREVIEW_KEPT:
        raise Missing(N_("This preview is no longer kept. Please choose the file again."))
    session.delete(row)
    session.flush()
    return Preview(row.filename, tuple(from_list(values) for values in row.document))


def listing(
    session: Session,
    search: str = "",
    township: str = "",
    group: int | None = None,
    page: int = 1,
) -> Page:
    """Return one page of villages whose code begins with *search*, or whose name has it.

    *township* is a whole name, *group* the id of an acceptance group; a page beyond the last is
    the last.
    """
    conditions = _conditions(search.strip(), township, group)
    total = session.scalar(sa.select(sa.func.count(VillageRow.id)).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = session.scalars(
        sa.select(VillageRow)
        .where(*conditions)
        .order_by(VillageRow.code)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Page(list(rows), total, page, pages)


def townships(session: Session) -> list[str]:
    """Return every township's name, in the order of the codes."""
    return list(
        session.scalars(
            sa.select(VillageRow.township)
            .group_by(VillageRow.township)
            .order_by(sa.func.min(VillageRow.code))
        )
    )


def codes_of(session: Session, townships: Sequence[str]) -> list[str]:
    """Return the code of every village in *townships*, whole names, in order."""
    chosen = sa.select(VillageRow.code).where(VillageRow.township.in_(townships))
    return list(session.scalars(chosen.order_by(VillageRow.code)))


def groups(session: Session) -> list[GroupRow]:
    """Return every acceptance group, by name."""
    return list(session.scalars(sa.select(GroupRow).order_by(GroupRow.name)))


def group(session: Session, name: str) -> GroupRow:
    """Return the acceptance group called *name*; raises `Missing`."""
    row = session.scalar(sa.select(GroupRow).where(GroupRow.name == name.strip()))
    if row is None:
        raise Missing(
            N_("There is no acceptance group called %(name)s. Groups come from the register."),
            name=name,
        )
    return row


def history(session: Session) -> list[RegisterImportRow]:
    """Return the last imports, newest first."""
    return list(
        session.scalars(
            sa.select(RegisterImportRow).order_by(RegisterImportRow.id.desc()).limit(IMPORTS_SHOWN)
        )
    )


def _conditions(search: str, township: str, group: int | None) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if search:
        conditions.append(
            VillageRow.code.startswith(search, autoescape=True)
            | VillageRow.name.contains(search, autoescape=True)
            | VillageRow.township.contains(search, autoescape=True)
        )
    if township:
        conditions.append(VillageRow.township == township)
    if group is not None:
        conditions.append(VillageRow.group_id == group)
    return conditions


def _change(kept: Entry, entry: Entry) -> Change:
    """Return what *entry* says otherwise than *kept*; blanks in it say nothing."""
    differences = tuple(
        Difference(field, getattr(kept, field), getattr(entry, field))
        for field in FIELDS
        if getattr(entry, field) not in (None, "", getattr(kept, field))
    )
    said: dict[str, Any] = {difference.field: difference.new for difference in differences}
    return Change(replace(kept, **said), differences)


def _kept(session: Session, codes: Sequence[str]) -> dict[str, Entry]:
    columns = [getattr(VillageRow, field) for field in FIELDS if field != "acceptance_group"]
    query = sa.select(*columns, sa.func.coalesce(GroupRow.name, "")).outerjoin(
        GroupRow, VillageRow.group_id == GroupRow.id
    )
    return {
        row.code: from_list(row)
        for some in _portions(codes)
        for row in session.execute(query.where(VillageRow.code.in_(some)))
    }


def _ids(session: Session, codes: Sequence[str]) -> dict[str, int]:
    query = sa.select(VillageRow.code, VillageRow.id)
    return {
        row.code: row.id
        for some in _portions(codes)
        for row in session.execute(query.where(VillageRow.code.in_(some)))
    }


def _portions(codes: Sequence[str]) -> Iterator[list[str]]:
    left = iter(codes)
    while some := list(islice(left, CODES_A_QUERY)):
        yield some


def _groups(session: Session, entries: Sequence[Entry]) -> dict[str, int]:
    """Return the ids of all acceptance groups by name, those of *entries* made where needed."""
    known = {group.name for group in groups(session)}
    named = dict.fromkeys(entry.acceptance_group for entry in entries)
    session.add_all(GroupRow(name=name) for name in named if name and name not in known)
    session.flush()
    return {group.name: group.id for group in groups(session)}


def _columns(entry: Entry, groups: dict[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(FIELDS, to_list(entry), strict=True))
    return {**values, "group_id": groups.get(values.pop("acceptance_group"))}
