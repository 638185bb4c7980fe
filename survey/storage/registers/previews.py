"""Files that wait for somebody: for the names of their columns, or a yes to what they change."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing
from survey.core.register import Entry, Problem, from_list, to_list
from survey.core.wording import N_, from_plain, to_plain
from survey.storage import progress
from survey.storage.db import now
from survey.storage.progress import Report, Stage
from survey.storage.registers.entries import portions
from survey.storage.registers.imports import Change, Changes, Difference, compare
from survey.storage.tables import (
    AccountRow,
    RegisterPreviewLineRow,
    RegisterPreviewRow,
    RegisterUploadRow,
)

PREVIEW_KEPT = timedelta(days=1)
PAGE = 50
_GONE = N_("This preview is no longer kept. Please choose the file again.")


@dataclass(frozen=True)
class Preview:
    """A checked file that waited for its reader's yes."""

    filename: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PreviewPage:
    """One page of what a preview would do in one way; *page* counts from 1.

    *rows* are entries (added), changes (changed) or problems (doubt).
    """

    rows: list[Any]
    total: int
    page: int
    pages: int


def keep_preview(
    session: Session,
    account: AccountRow,
    filename: str,
    entries: Sequence[Entry],
    doubts: Sequence[Problem] = (),
    *,
    report: Report = progress.silent,
) -> str:
    """Keep checked *entries* until *account* says yes; return the token that finds them again.

    They are compared with the register as it is now, and kept village by village.
    """
    forget_old(session)
    changes = compare(session, entries, report=report)
    row = RegisterPreviewRow(
        token=secrets.token_urlsafe(24),
        account_id=account.id,
        created_at=now(session),
        filename=filename,
        counts={**changes.counts, "doubt": len(doubts)},
    )
    session.add(row)
    session.flush()
    stage = Stage(report, "preview", len(entries) + len(doubts))
    for some in portions(_lines(row.token, entries, changes, doubts)):
        session.execute(sa.insert(RegisterPreviewLineRow), some)
        stage.step(len(some))
    stage.end()
    return row.token


def _lines(
    token: str, entries: Sequence[Entry], changes: Changes, doubts: Sequence[Problem]
) -> Iterable[dict[str, Any]]:
    """Yield the rows of a preview; of each village it keeps what the file says, no more."""
    said = {entry.code: entry for entry in entries}
    documents = {
        "added": ([to_list(entry)] for entry in changes.added),
        "changed": (
            [
                to_list(said[change.entry.code]),
                [list(astuple(one)) for one in change.differences],
            ]
            for change in changes.changed
        ),
        "unchanged": ([to_list(entry)] for entry in changes.same),
        "doubt": (_doubt_document(problem) for problem in doubts),
    }
    return chain.from_iterable(
        (
            {"token": token, "kind": kind, "number": number, "document": document}
            for number, document in enumerate(of_kind)
        )
        for kind, of_kind in documents.items()
    )


def _doubt_document(problem: Problem) -> list[Any]:
    return [problem.row, problem.column, problem.severity, to_plain(problem.sentence)]


def _read_line(kind: str, document: list[Any]) -> Any:
    if kind == "doubt":
        row, column, severity, sentence = document
        return Problem(row, column, severity, from_plain(sentence))
    entry = from_list(document[0])
    if kind == "changed":
        return Change(entry, tuple(Difference(*said) for said in document[1]))
    return entry


def forget_old(session: Session) -> None:
    """Delete previews and files that nobody wanted for a day."""
    past = now(session) - PREVIEW_KEPT
    old = sa.select(RegisterPreviewRow.token).where(RegisterPreviewRow.created_at < past)
    session.execute(
        sa.delete(RegisterPreviewLineRow).where(RegisterPreviewLineRow.token.in_(old)),
        execution_options={"synchronize_session": False},
    )
    for table in (RegisterPreviewRow, RegisterUploadRow):
        session.execute(sa.delete(table).where(table.created_at < past))


def waiting(session: Session, account: AccountRow) -> Sequence[RegisterPreviewRow]:
    """Return the previews that wait for the yes of *account*, newest first."""
    return session.scalars(
        sa.select(RegisterPreviewRow)
        .where(
            RegisterPreviewRow.account_id == account.id,
            RegisterPreviewRow.created_at >= now(session) - PREVIEW_KEPT,
        )
        .order_by(RegisterPreviewRow.created_at.desc(), RegisterPreviewRow.token)
    ).all()


def preview(session: Session, account: AccountRow, token: str) -> RegisterPreviewRow:
    """Return what *account* kept under *token*.

    Raises `Missing` where there is none, it is somebody else's, or older than a day.
    """
    row = session.get(RegisterPreviewRow, token)
    if row is None or row.account_id != account.id or row.created_at < now(session) - PREVIEW_KEPT:
        raise Missing(_GONE)
    return row


def preview_page(
    session: Session, preview: RegisterPreviewRow, kind: str, page: int = 1
) -> PreviewPage:
    """Return one page of the lines of *kind* in *preview*; beyond the last it is the last."""
    total = preview.counts[kind]
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    documents = session.scalars(
        sa.select(RegisterPreviewLineRow.document)
        .where(
            RegisterPreviewLineRow.token == preview.token,
            RegisterPreviewLineRow.kind == kind,
            RegisterPreviewLineRow.number >= (page - 1) * PAGE,
            RegisterPreviewLineRow.number < page * PAGE,
        )
        .order_by(RegisterPreviewLineRow.number)
    )
    return PreviewPage([_read_line(kind, document) for document in documents], total, page, pages)


def take_preview(session: Session, account: AccountRow, token: str) -> Preview:
    """Return and delete what *account* kept under *token*; raises `Missing` as `preview` does."""
    row = preview(session, account, token)
    lines = session.scalars(
        sa.select(RegisterPreviewLineRow.document)
        .where(RegisterPreviewLineRow.token == token, RegisterPreviewLineRow.kind != "doubt")
        .order_by(RegisterPreviewLineRow.kind, RegisterPreviewLineRow.number)
    )
    found = tuple(from_list(document[0]) for document in lines)
    drop_preview(session, row)
    return Preview(row.filename, found)


def drop_preview(session: Session, preview: RegisterPreviewRow) -> None:
    """Delete *preview*; nothing of it is imported."""
    session.execute(
        sa.delete(RegisterPreviewLineRow).where(RegisterPreviewLineRow.token == preview.token),
        execution_options={"synchronize_session": False},
    )
    session.delete(preview)
    session.flush()
