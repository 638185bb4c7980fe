"""The ballot box of one live round: four tables made when it opens and dropped by its scrub.

No row has a time, a serial number, an address or anything else to join it by; on SQLite none has
a rowid. docs/security.md says why, and what each column may be known by.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage.db import is_sqlite
from survey.storage.tables import BallotPartRow, FreeAnswerRow

DIGESTS = ("mac", "tag", "id", "ciphertext", "row_mac")
"""Columns by which a row of a box could be known again."""

ANSWERS = (
    (BallotPartRow.__tablename__, "answers"),
    (FreeAnswerRow.__tablename__, "text"),
)
"""Tables and columns that hold what was answered, after the seal."""


@dataclass(frozen=True)
class Box:
    """The tables of one round's box."""

    ticket: sa.Table
    spent: sa.Table
    intake: sa.Table
    received: sa.Table

    @property
    def metadata(self) -> sa.MetaData:
        """The four tables together."""
        return self.ticket.metadata


@lru_cache(maxsize=64)
def of_round(round_id: int) -> Box:
    """Return the tables of the box of *round_id*, named ``box7_ticket`` and so on.

    ``received`` counts ballots by village, audience and access, so that turnout is read without
    counting ballots, and so that the seal has a second count to compare with.
    """
    metadata = sa.MetaData()
    digest, text = sa.LargeBinary(32), sa.String(8)
    ticket = sa.Table(
        f"box{round_id}_ticket",
        metadata,
        sa.Column("mac", digest, primary_key=True),
        sa.Column("village_id", sa.Integer, nullable=False),
        sa.Column("audience", text, nullable=False),
        sa.Column("sheet", sa.Integer, nullable=False),
        sa.Column("void", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    spent = sa.Table(
        f"box{round_id}_spent",
        metadata,
        sa.Column("mac", digest, primary_key=True),
        sa.Column("tag", digest, nullable=False),
        sqlite_with_rowid=False,
    )
    intake = sa.Table(
        f"box{round_id}_intake",
        metadata,
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("village_id", sa.Integer, nullable=False),
        sa.Column("audience", text, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("row_mac", digest, nullable=False),
        sqlite_with_rowid=False,
    )
    received = sa.Table(
        f"box{round_id}_received",
        metadata,
        sa.Column("village_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("audience", text, primary_key=True),
        sa.Column("access", text, primary_key=True),
        sa.Column("ballots", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    return Box(ticket, spent, intake, received)


def make(session: Session, round_id: int) -> None:
    """Make the empty tables."""
    box = of_round(round_id)
    box.metadata.create_all(session.connection(), checkfirst=False)
    if not is_sqlite(session):
        _keep_out_of_statistics(session, box)


def _keep_out_of_statistics(session: Session, box: Box) -> None:
    """Let PostgreSQL take no sample of digests and answers: samples outlive what they are of."""
    digests = [
        (table.name, column.name)
        for table in box.metadata.sorted_tables
        for column in table.columns
        if column.name in DIGESTS
    ]
    for table, column in (*digests, *ANSWERS):
        session.execute(sa.text(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS 0'))


def drop(session: Session, round_id: int) -> None:
    """Drop the tables; those that are gone already are no fault."""
    of_round(round_id).metadata.drop_all(session.connection(), checkfirst=True)


def lock_shared(session: Session, round_id: int) -> None:
    """Keep the round from closing until this transaction ends; SQLite has one writer anyway."""
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(round_id)))


def lock_alone(session: Session, round_id: int) -> None:
    """Wait until no submit of the round is under way, and let none begin (PostgreSQL)."""
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(round_id)))
