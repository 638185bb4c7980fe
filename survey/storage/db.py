"""The connection: one extension, and what each engine must be told before it is trusted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import Session

db = SQLAlchemy(engine_options={"hide_parameters": True})

WRITE = {"begin": "IMMEDIATE"}
"""Execution options of a connection whose transaction will write (SQLite: BEGIN IMMEDIATE)."""


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time: aware UTC `datetime` in code, whole seconds since 1970 in the table."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return *value* as seconds."""
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the seconds as an aware time."""
        return None if value is None else datetime.fromtimestamp(int(value), UTC)


def prepare(engine: Engine) -> None:
    """Make every new connection of a SQLite *engine* durable, and let it choose how it begins.

    synchronous=FULL and secure_delete=ON are what the two promises stand on (docs/security.md).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=15000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def begin_write(session: Session) -> None:
    """End what *session* was reading and begin a transaction that will write.

    Whoever reads first and writes later can be overtaken; this waits for its turn instead.
    """
    session.commit()
    session.connection(execution_options=WRITE)


def is_sqlite(session: Session) -> bool:
    """Say whether *session* speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def clock(on_sqlite: bool) -> sa.ColumnElement[datetime]:
    """Return the database's own clock, in whole seconds, to be selected beside other columns."""
    seconds = (
        sa.cast(sa.func.strftime("%s", "now"), sa.BigInteger)
        if on_sqlite
        else sa.func.floor(sa.func.extract("epoch", sa.func.clock_timestamp()))
    )
    return sa.type_coerce(seconds, Moment)


def now(session: Session) -> datetime:
    """Return the time by the database's own clock, which every process shares."""
    return session.execute(sa.select(clock(is_sqlite(session)))).scalar_one()
