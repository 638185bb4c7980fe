"""The scrub after a seal: drop the box, destroy its key and pepper, and clear the traces on disk.

Every step may be cut short and done again. This room commits by itself, since dropping, clearing
and being done are three things that must each be on the disk before the next begins.
"""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import audit, boxes, keys
from survey.storage.db import begin_write, now
from survey.storage.tables import RoundRow

_PATIENCE_SECONDS = 20
_PAUSE_SECONDS = 0.05


def scrub(session: Session, round_: RoundRow, folder: Path) -> None:
    """Bring a round in state scrubbing to sealed; raises `Refused` where the disk is not clear."""
    if round_.state != "scrubbing":
        raise Refused(N_("Only a round that has just been sealed is scrubbed."))
    engine, round_id = session.get_bind().engine, round_.id
    begin_write(session)
    boxes.drop(session, round_id)
    session.commit()
    keys.discard(folder, round_id)
    _clear_sqlite(engine) if engine.dialect.name == "sqlite" else _clear_postgres(engine)
    begin_write(session)
    round_.state = "sealed"
    round_.sealed_at = now(session)
    audit.record(session, "clock", "round.scrub", round_.slug)
    session.commit()
    if engine.dialect.name == "sqlite":
        _truncate_log(engine)


def resume(session: Session, folder: Path) -> list[str]:
    """Finish every scrub that was cut short; return the rounds' short names."""
    waiting = session.scalars(sa.select(RoundRow).where(RoundRow.state == "scrubbing")).all()
    slugs = [round_.slug for round_ in waiting]
    session.commit()
    for round_ in waiting:
        scrub(session, round_, folder)
    return slugs


def _clear_sqlite(engine: Engine) -> None:
    _truncate_log(engine)
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
    finally:
        connection.close()
    _truncate_log(engine)


def _truncate_log(engine: Engine) -> None:
    """Write the write-ahead log back and cut it to nothing, waiting for readers to end."""
    connection = engine.raw_connection()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    try:
        while True:
            busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return
            if time.monotonic() > deadline:
                raise Refused(
                    N_("Somebody is still reading the database. Sealing goes on when it is free.")
                )
            time.sleep(_PAUSE_SECONDS)
    finally:
        connection.close()


def _clear_postgres(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            for _ in range(2):
                connection.execute(sa.text("CHECKPOINT"))
                connection.execute(sa.text("SELECT pg_switch_wal()"))
        except ProgrammingError as error:
            raise Refused(
                N_(
                    "The database account may not clear the write-ahead log. Grant it "
                    "pg_checkpoint and pg_switch_wal(), then run: flask --app survey round resume"
                )
            ) from error
