"""What the staff did: an append-only log, each entry chained to the one before by its hash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.wording import N_, Sentence, say
from survey.storage.db import is_sqlite, now
from survey.storage.tables import AuditRow

BEGINNING = "0" * 64
PAGE = 50
_LOCK = 0x6375_6E70
_COLUMNS = tuple(AuditRow.__table__.columns)


def record(session: Session, actor: str, act: str, subject: str, **detail: Any) -> str:
    """Append one entry and return its hash, the new head of the chain, 64 hexadecimal digits.

    *detail* holds plain JSON values; never a code, a comment or an exact count before the seal.
    """
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    session.flush()
    last = session.execute(
        sa.select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    number, previous = (last.id, last.hash) if last else (0, BEGINNING)
    row = AuditRow(
        id=number + 1,
        at=now(session),
        actor=actor,
        act=act,
        subject=subject,
        detail=detail,
        previous=previous,
    )
    row.hash = _hash_of(row)
    session.add(row)
    session.flush()
    return row.hash


def _hash_of(row: AuditRow | sa.Row[Any]) -> str:
    fields = [
        row.id,
        int(row.at.timestamp()),
        row.actor,
        row.act,
        row.subject,
        row.detail,
        row.previous,
    ]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=32).hexdigest()


def head(session: Session) -> str:
    """Return the hash of the newest entry; it is printed on papers."""
    newest = sa.select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    return session.execute(newest).scalar_one_or_none() or BEGINNING


def head_of(session: Session, act: str, subject: str) -> str:
    """Return the hash of the newest entry of *act* on *subject*, for the paper about it."""
    entry = _newest_of(session, act, subject)
    return entry.hash if entry else BEGINNING


def actors_of(session: Session, act: str, subject: str) -> tuple[str, ...]:
    """Return who did *act* on *subject*: who proposed it, then who confirmed it."""
    entries = (_newest_of(session, f"{act}.propose", subject), _newest_of(session, act, subject))
    return tuple(dict.fromkeys(entry.actor for entry in entries if entry))


def _newest_of(session: Session, act: str, subject: str) -> AuditRow | None:
    return session.scalars(
        sa.select(AuditRow)
        .where(AuditRow.act == act, AuditRow.subject == subject)
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()


def verify(session: Session, printed_head: str | None = None) -> Sentence | None:
    """Return what is wrong with the log, or None when it is whole.

    With *printed_head*, a head from a paper (in groups or not), it must also be among the
    entries: that shows that nothing was cut off at the end, and that the log was not written anew.
    """
    wanted = "".join((printed_head or BEGINNING).split()).lower()
    previous, seen = BEGINNING, wanted == BEGINNING
    rows = session.execute(sa.select(*_COLUMNS).order_by(AuditRow.id)).yield_per(1000)
    for number, row in enumerate(rows, start=1):
        if row.id != number or row.previous != previous or row.hash != _hash_of(row):
            return say(
                N_("Entry %(number)d of the audit log was changed or is missing."), number=number
            )
        previous = row.hash
        seen = seen or row.hash == wanted
    if not seen:
        return say(N_("The audit log does not hold the head that was printed."))
    return None


@dataclass(frozen=True)
class Page:
    """One page of the log, newest entry first; *page* counts from 1."""

    rows: Sequence[AuditRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Period:
    """From which moment, and before which, an entry was written; None: no end on this side."""

    since: datetime | None = None
    before: datetime | None = None


def listing(
    session: Session,
    actor: str = "",
    act: str = "",
    subject: str = "",
    period: Period | None = None,
    page: int = 1,
) -> Page:
    """Return one page of the entries by *actor*, of *act*, whose subject has *subject* in it.

    What is empty is not asked; a page beyond the last is the last.
    """
    since, before = (period.since, period.before) if period else (None, None)
    asked = [
        *((AuditRow.actor == actor,) if actor else ()),
        *((AuditRow.act == act,) if act else ()),
        *((AuditRow.subject.contains(subject, autoescape=True),) if subject else ()),
        *((AuditRow.at >= since,) if since else ()),
        *((AuditRow.at < before,) if before else ()),
    ]
    total = session.execute(sa.select(sa.func.count(AuditRow.id)).where(*asked)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    found = sa.select(AuditRow).where(*asked).order_by(AuditRow.id.desc())
    rows = session.scalars(found.limit(PAGE).offset((page - 1) * PAGE)).all()
    return Page(rows, total, page, pages)


def actors(session: Session) -> list[str]:
    """Return who did anything at all, by name."""
    return list(session.scalars(sa.select(AuditRow.actor).distinct().order_by(AuditRow.actor)))


def acts(session: Session) -> list[str]:
    """Return which acts there are in the log, by name."""
    return list(session.scalars(sa.select(AuditRow.act).distinct().order_by(AuditRow.act)))
