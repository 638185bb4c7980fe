"""The columns of an office's file: named by hand once, remembered by its header, forgettable."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing
from survey.core.register import Fault, Table
from survey.core.register_columns import Remembered, signature
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.registers.previews import PREVIEW_KEPT, forget_old
from survey.storage.tables import AccountRow, RegisterColumnsRow, RegisterUploadRow

TOP = 60
"""Rows of a file that are kept to be shown: all in which its column names may stand, and more."""


def remembered(session: Session) -> Remembered:
    """Return the columns that were named by hand, by the signature of the header."""
    rows = session.execute(sa.select(RegisterColumnsRow.signature, RegisterColumnsRow.columns))
    return {row.signature: row.columns for row in rows}


def layouts(session: Session) -> Sequence[RegisterColumnsRow]:
    """Return every header whose columns are remembered, the newest first."""
    newest = RegisterColumnsRow.at.desc()
    return session.scalars(
        sa.select(RegisterColumnsRow).order_by(newest, RegisterColumnsRow.signature)
    ).all()


def remember(
    session: Session,
    names: Sequence[str],
    columns: Mapping[str, int],
    filename: str,
    account: AccountRow,
) -> None:
    """Keep which of the columns called *names* holds which field, in place of an earlier choice."""
    session.merge(
        RegisterColumnsRow(
            signature=signature(names),
            names=list(names),
            columns=dict(columns),
            filename=filename,
            by=account.username,
            at=now(session),
        )
    )
    audit.record(session, account.username, "register.columns", filename, columns=dict(columns))


def forget(session: Session, wanted: str, account: AccountRow) -> None:
    """Forget the columns of the header with the signature *wanted*; raises `Missing`."""
    row = session.get(RegisterColumnsRow, wanted)
    if row is None:
        raise Missing(N_("These columns are not remembered any more."))
    session.delete(row)
    audit.record(session, account.username, "register.forget", row.filename)


def keep_upload(
    session: Session, account: AccountRow, filename: str, content: bytes, table: Table
) -> str:
    """Keep a file until *account* has named its columns; return the token that finds it again."""
    forget_old(session)
    row = RegisterUploadRow(
        token=secrets.token_urlsafe(24),
        account_id=account.id,
        created_at=now(session),
        filename=filename,
        content=content,
        top=[[_plain(cell) for cell in cells] for cells in table[:TOP]],
    )
    session.add(row)
    session.flush()
    return row.token


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, Fault) else cell


def upload(session: Session, account: AccountRow, token: str) -> RegisterUploadRow:
    """Return the file that *account* kept under *token*.

    Raises `Missing` where there is none, it is somebody else's, or older than a day.
    """
    row = session.get(RegisterUploadRow, token)
    if row is None or row.account_id != account.id or row.created_at < now(session) - PREVIEW_KEPT:
        raise Missing(N_("This file is no longer kept. Please choose it again."))
    return row
