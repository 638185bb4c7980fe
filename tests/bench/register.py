"""The register of a whole city, 469 villages, from a file into an empty database."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from survey import create_app
from survey.core.register import read_rows
from survey.reports import register_file
from survey.storage import audit, registers
from survey.storage.db import begin_write, db
from survey.storage.tables import Base

FILE = Path(__file__).parents[1] / "data" / "registers" / "city-469.csv"
_DURABLE = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY")


def first(folder: Path) -> Callable[[], object]:
    """Read, check, preview and import, as the admin page does in two steps."""
    app = _app(folder)
    return lambda: _import(app)


def again(folder: Path) -> Callable[[], object]:
    """The same once more: every village is there."""
    app = _app(folder)
    _import(app)
    return lambda: _import(app)


def _app(folder: Path) -> Flask:
    app = create_app({"instance_path": folder, "testing": True})
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def _import(app: Flask) -> None:
    with app.app_context():
        with FILE.open("rb") as stream:
            found = read_rows(register_file.read(stream, FILE.name))
        registers.compare(db.session, found.entries)
        begin_write(db.session)
        changes = registers.apply(db.session, found.entries, "bench", FILE.name)
        audit.record(db.session, "bench", "register.import", FILE.name, **changes.counts)
        db.session.commit()


def floor(folder: Path) -> Callable[[], object]:
    """The same rows, as durable, with nothing looked at."""
    connection = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    for pragma in _DURABLE:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE village (code TEXT PRIMARY KEY, township TEXT, name TEXT)")
    return lambda: _insert(connection)


def _insert(connection: sqlite3.Connection) -> None:
    with FILE.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO village VALUES (?, ?, ?)", rows)
    connection.execute("COMMIT")
