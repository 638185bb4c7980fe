"""What an attacker carries off: files, rows, backups, a dump, and slips in a known order."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.conftest import text

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
"""The rows of every table, as the database gives them."""

_PAGE = 8192
_OWN_FILES = 16384
"""Below it are the files of PostgreSQL's own tables."""


@dataclass(frozen=True)
class Slip:
    """One villager: what was answered, and every value by which the rows of it are known.

    More than any attacker has: whoever watches the service sees which rows each slip becomes.
    """

    answers: Mapping[str, str]
    trace: frozenset[bytes]


@dataclass(frozen=True)
class Backup:
    """The rows of a database at one moment."""

    tables: Tables

    @cached_property
    def _by_value(self) -> Mapping[bytes, list[Row]]:
        found: dict[bytes, list[Row]] = {}
        for rows in self.tables.values():
            for row in rows:
                for value in row.values():
                    raw = value.encode() if isinstance(value, str) else value
                    if isinstance(raw, bytes):
                        found.setdefault(raw, []).append(row)
        return found

    def follow(self, slip: Slip) -> list[Row]:
        """Return the rows that belong to *slip*."""
        return [row for value in sorted(slip.trace) for row in self._by_value.get(value, ())]


@dataclass(frozen=True)
class Shelf:
    """Where answers of one kind (a dimension, or comments) lie when all is over."""

    table: str
    take: Callable[[Row], str | None]


@dataclass(frozen=True)
class Loot:
    """Everything that was carried off; *slips* in the order in which they were answered."""

    engine: sa.Engine
    shelves: Mapping[str, Shelf]
    slips: Sequence[Slip]
    early: Backup
    late: Backup
    dump: Tables
    log: bytes
    files: bytes
    scratch: Path

    @property
    def database(self) -> Path:
        """The file of a SQLite database."""
        return Path(str(self.engine.url.database))

    def texts(self, kind: str, rows: Sequence[Row]) -> list[str]:
        """Return the answers of one kind that *rows* hold, in their order."""
        found = (self.shelves[kind].take(row) for row in rows)
        return [answer for answer in found if answer is not None]

    def rows(self, kind: str, *, columns: str = "*", order: str = "") -> list[Row]:
        """Return what the database itself says of the rows of one kind."""
        statement = f"SELECT {columns} FROM {self.shelves[kind].table} {order}"
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement)).mappings())


def backup(engine: sa.Engine) -> Backup:
    """Return the rows of all tables; on PostgreSQL with the transaction that wrote each."""
    columns = "*" if engine.dialect.name == "sqlite" else "xmin::text AS xmin, *"
    with engine.connect() as connection:
        return Backup(
            {
                table: list(
                    connection.execute(sa.text(f'SELECT {columns} FROM "{table}"')).mappings()
                )
                for table in sa.inspect(connection).get_table_names()
            }
        )


def dump(engine: sa.Engine) -> Tables:
    """Return what the engine's own dump holds, in its order."""
    return _sqlite_dump(engine) if engine.dialect.name == "sqlite" else _postgres_dump(engine)


def _sqlite_dump(engine: sa.Engine) -> Tables:
    connection = sqlite3.connect(str(engine.url.database))
    found: dict[str, list[Row]] = {}
    for line in connection.iterdump():
        if line.startswith('INSERT INTO "'):
            table = line.split('"')[1]
            values = line.partition(" VALUES(")[2].removesuffix(");")
            names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
            row = connection.execute(f"SELECT {values}").fetchone()
            found.setdefault(table, []).append(dict(zip(names, row, strict=True)))
    connection.close()
    return found


def _postgres_dump(engine: sa.Engine) -> Tables:
    found: dict[str, list[Row]] = {}
    table, names = "", []
    for line in pg_dump(engine).splitlines():
        if line.startswith("COPY public."):
            table, _, listed = line.removeprefix("COPY public.").partition(" (")
            names = listed.partition(")")[0].split(", ")
        elif line == r"\.":
            table = ""
        elif table:
            row = dict(zip(names, line.replace(r"\\", "\\").split("\t"), strict=True))
            found.setdefault(table.strip('"'), []).append(row)
    return found


def pg_dump(engine: sa.Engine) -> str:
    """Return the dump of a PostgreSQL database by the server's own pg_dump."""
    with engine.connect() as connection:
        (folder,) = connection.execute(
            sa.text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        ).one()
    address = text(engine.url.set(drivername="postgresql"))
    program = str(Path(folder) / "pg_dump")
    return subprocess.run(
        [program, "--data-only", address], capture_output=True, check=True, text=True, timeout=60
    ).stdout


def files(engine: sa.Engine) -> bytes:
    """Return the files in which the database keeps the rows, one after the other."""
    if engine.dialect.name == "sqlite":
        database = Path(str(engine.url.database))
        return b"".join(path.read_bytes() for path in sorted(database.parent.glob("*.sqlite*")))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        number = connection.execute(
            sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    folder = data_folder(engine) / "base" / str(number)
    own = (path for path in folder.iterdir() if path.name.split(".")[0].split("_")[0].isdigit())
    return b"".join(
        path.read_bytes()
        for path in sorted(own)
        if int(path.name.split(".")[0].split("_")[0]) >= _OWN_FILES
    )


def data_folder(engine: sa.Engine) -> Path:
    """Return where a PostgreSQL server keeps everything."""
    with engine.connect() as connection:
        return Path(connection.execute(sa.text("SHOW data_directory")).scalar_one())


def log_position(engine: sa.Engine) -> int:
    """Return where the write-ahead log of a PostgreSQL server ends just now; 0 on SQLite."""
    if engine.dialect.name == "sqlite":
        return 0
    with engine.connect() as connection:
        position = sa.text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(connection.execute(position).scalar_one())


def log(engine: sa.Engine, start: int) -> bytes:
    """Return what is left of the write-ahead log from *start* on."""
    if engine.dialect.name == "sqlite":
        path = Path(f"{engine.url.database}-wal")
        return path.read_bytes() if path.exists() else b""
    with engine.connect() as connection:
        size = int(
            connection.execute(
                sa.text("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'")
            ).scalar_one()
        )
    first, end = start // size, log_position(engine)
    folder = data_folder(engine) / "pg_wal"
    segments = [_segment(folder, number, size) for number in range(first, end // size + 1)]
    segments[-1] = segments[-1][: end % size]
    segments[0] = segments[0].ljust(start % size)[start % size // _PAGE * _PAGE :]
    return b"".join(_without_headers(segment) for segment in segments)


def _without_headers(segment: bytes) -> bytes:
    return b"".join(segment[at + 24 : at + _PAGE] for at in range(0, len(segment), _PAGE))


def _segment(folder: Path, number: int, size: int) -> bytes:
    high, low = divmod(number * size, 2**32)
    path = folder / f"{1:08X}{high:08X}{low // size:08X}"
    return path.read_bytes() if path.exists() else b""
