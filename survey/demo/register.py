"""The fictional register of the demonstration: 41 villages in 17 townships, seven groups."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.register import read_rows
from survey.reports import register_file
from survey.storage import registers
from survey.storage.tables import VillageRow

FILE = Path(__file__).with_name("register.csv")
BY = "demonstration"


def load(session: Session) -> None:
    """Import the register into an empty installation."""
    if session.scalars(sa.select(VillageRow.id).limit(1)).first():
        return
    with FILE.open("rb") as stream:
        found = read_rows(register_file.read(stream, FILE.name))
    registers.apply(session, found.entries, BY, FILE.name)
