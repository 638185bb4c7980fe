"""A register of 500, 5,000 and 50,000 made-up villages: import, page and search, by size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask

from survey import create_app
from survey.core.register import Entry
from survey.storage import registers
from survey.storage.db import begin_write, db
from survey.storage.tables import Base

SIZES = (500, 5_000, 50_000)
TOWNSHIP = 25
"""Villages of a township."""


def entries(number: int) -> list[Entry]:
    """Return *number* villages, twenty-five a township, seven groups, twenty causes."""
    return [
        Entry(
            f"99{at:010d}",
            f"第{at // TOWNSHIP}乡",
            f"村{at}",
            households=90 + at % 50,
            eligible=5 + at % 600,
            party_members=3 + at % 30,
            cause=f"原因{at % 20}",
            acceptance_group=f"第{at % 7}验收组",
        )
        for at in range(number)
    ]


def _app(folder: Path) -> Flask:
    app = create_app({"instance_path": folder, "testing": True})
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def _import(app: Flask, number: int) -> None:
    with app.app_context():
        begin_write(db.session)
        registers.apply(db.session, entries(number), "bench", "bench.xlsx")
        db.session.commit()


def _filled(folder: Path, number: int) -> Flask:
    app = _app(folder)
    _import(app, number)
    return app


def _in(app: Flask, act: Callable[[], object]) -> None:
    with app.app_context():
        act()
        db.session.rollback()


def _page(number: int) -> None:
    """The middle page of the register with all that its filters offer."""
    registers.listing(db.session, page=number // registers.PAGE // 2)
    registers.townships(db.session)
    registers.causes(db.session)


def _search(number: int) -> None:
    registers.listing(db.session, f"村{number - 1}")


def import_small(folder: Path) -> Callable[[], object]:
    """500 villages into an empty register, to the COMMIT."""
    return partial(_import, _app(folder), SIZES[0])


def import_middle(folder: Path) -> Callable[[], object]:
    """5,000."""
    return partial(_import, _app(folder), SIZES[1])


def import_large(folder: Path) -> Callable[[], object]:
    """50,000."""
    return partial(_import, _app(folder), SIZES[2])


def page_small(folder: Path) -> Callable[[], object]:
    """The middle page of 500."""
    return partial(_in, _filled(folder, SIZES[0]), partial(_page, SIZES[0]))


def page_large(folder: Path) -> Callable[[], object]:
    """The middle page of 50,000."""
    return partial(_in, _filled(folder, SIZES[2]), partial(_page, SIZES[2]))


def search_small(folder: Path) -> Callable[[], object]:
    """One village of 500 by its name."""
    return partial(_in, _filled(folder, SIZES[0]), partial(_search, SIZES[0]))


def search_large(folder: Path) -> Callable[[], object]:
    """One village of 50,000 by its name."""
    return partial(_in, _filled(folder, SIZES[2]), partial(_search, SIZES[2]))
