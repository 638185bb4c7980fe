"""Clearing the disk of what a dropped ballot box leaves in the files of the database.

SQLite: the log is written back and cut, the file is written anew, the log is cut again.
PostgreSQL: the log is switched and checkpointed away. A server that uses old log files again
(wal_recycle) leaves their content in them, so they are filled, too. Both as docs/security.md says.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from survey.core.doctor import Copies
from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import health

NO_RIGHT = N_(
    "The database account may not clear the write-ahead log. As a superuser of PostgreSQL grant it "
    "pg_checkpoint, pg_switch_wal() and pg_ls_waldir(), as docs/operate.md says, then run: "
    "flask --app survey round resume"
)

_PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.1
_WAIT_MILLISECONDS = 2000
"""How long one attempt holds up those who write, while it waits for those who read."""

_DEMANDS = {"journal_mode": "wal", "secure_delete": 1, "temp_store": 2}
_PRIVILEGE = "42501"


def clear(engine: Engine) -> Copies:
    """Clear the files of the database; return who else keeps its log.

    Raises `Refused` where it could not be done; it may be done again at any time.
    """
    if engine.dialect.name == "sqlite":
        _clear_sqlite(engine)
        return Copies()
    return _clear_postgres(engine)


def wipe(engine: Engine, table: str) -> None:
    """Clear the files of the database of what was overwritten in *table*.

    SQLite wipes what it overwrites (secure_delete), so its log is written back and cut.
    PostgreSQL writes the table anew and rids itself of its log. Raises `Refused` as `clear` does.
    """
    if engine.dialect.name == "sqlite":
        with _thorough(engine) as connection:
            _truncate_log(connection)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connected:
        connected.exec_driver_sql(f"VACUUM FULL {table}")
    _clear_postgres(engine)


def _clear_sqlite(engine: Engine) -> None:
    with _thorough(engine) as connection:
        _truncate_log(connection)
        _patiently(lambda: _vacuum(connection), _READERS)
        _truncate_log(connection)


@contextmanager
def _thorough(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Lend a connection that wipes what it frees; it is not used again."""
    borrowed = engine.raw_connection()
    connection = cast(sqlite3.Connection, borrowed.driver_connection)
    try:
        connection.execute(f"PRAGMA busy_timeout={_WAIT_MILLISECONDS}")
        _require_thorough(connection)
        yield connection
    finally:
        borrowed.invalidate()


_READERS = N_("Somebody is still reading the database. Sealing goes on when it is free.")


def _require_thorough(connection: sqlite3.Connection) -> None:
    """Raise `Refused` unless this connection wipes what it frees and copies nothing elsewhere."""
    for name, demand in _DEMANDS.items():
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != demand:
            raise Refused(
                N_(
                    "The database cannot be cleared: %(name)s is %(found)s, not %(demand)s. Keep "
                    "it on a local disk, start again, then run: flask --app survey round resume"
                ),
                name=name,
                found=found,
                demand=demand,
            )


def _truncate_log(connection: sqlite3.Connection) -> None:
    """Write the write-ahead log back and cut it to nothing, waiting for readers to end."""

    def cut() -> bool:
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    _patiently(cut, _READERS)


def _vacuum(connection: sqlite3.Connection) -> bool:
    """Write the whole file anew; False where somebody else was writing."""
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise Refused(
            N_(
                "The database could not be written anew: %(reason)s. It needs its own size in "
                "memory and on the disk. Then run: flask --app survey round resume"
            ),
            reason=str(error),
        ) from error
    return True


def _patiently(attempt: Callable[[], bool], refusal: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not attempt():
        if time.monotonic() > deadline:
            raise Refused(refusal)
        time.sleep(_PAUSE_SECONDS)


def _clear_postgres(engine: Engine) -> Copies:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            _rid_of_log(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _PRIVILEGE:
                raise
            raise Refused(NO_RIGHT) from error
        return health.copies(connection)


def _rid_of_log(connection: Connection) -> None:
    """Leave no log file that was written before now, under its own name or under a later one."""
    last = _run(connection, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
    for _ in range(2):
        connection.execute(sa.text("CHECKPOINT"))
        _run(connection, "SELECT pg_switch_wal()")
    for _ in range(_files_to_fill(connection)):
        _run(connection, "SELECT pg_current_xact_id()")  # something must be in a file to switch it
        _run(connection, "SELECT pg_switch_wal()")

    def gone() -> bool:
        connection.execute(sa.text("CHECKPOINT"))
        count = sa.text(
            "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name <= :last"
        )
        left: int = connection.execute(count, {"last": last}).scalar_one()
        return left == 0

    _patiently(
        gone,
        N_(
            "PostgreSQL still keeps the log of the open round, for a replication slot, a standby "
            "or an archive. flask --app survey doctor names them. Let them catch up or drop them, "
            "then run: flask --app survey round resume"
        ),
    )


def _files_to_fill(connection: Connection) -> int:
    """Return how many files wait to be used again, and how many the server keeps for standbys."""
    waiting = _run(
        connection,
        "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
        " AND name > pg_walfile_name(pg_current_wal_insert_lsn())",
    )
    kept = _run(
        connection,
        "SELECT ceil(keep.setting::bigint * 1048576.0 / size.setting::bigint)"
        " FROM pg_settings keep, pg_settings size"
        " WHERE keep.name = 'wal_keep_size' AND size.name = 'wal_segment_size'",
    )
    return int(waiting) + int(kept) + 1


def _run(connection: Connection, question: str) -> str:
    return str(connection.execute(sa.text(question)).scalar_one())
