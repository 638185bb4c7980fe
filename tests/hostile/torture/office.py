"""An installation whose round is open, as the office has it: a folder, passwords, halves, slips."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.questionnaire import AUDIENCES
from survey.storage.db import prepare
from survey.storage.tables import PosterRow, RoundRow
from tests.hostile.torture.clients import Place
from tests.storage import round as made

KEYS = "keys"


@dataclass(frozen=True)
class Installation:
    """Where everything is; *settings* are the service's own, without SURVEY_."""

    folder: Path
    address: str
    settings: dict[str, str]
    slips: list[Place]
    posters: list[Place]

    def words(self, state: str) -> list[str]:
        """Return the command that takes the round on from *state*, by two persons."""
        persons = ["--by", "first", "--witness", "second"]
        for name in ("first", "second"):
            persons += ["--password-file", str(self.folder / name)]
        halves = [word for name in "12" for word in ("--key-file", str(self.folder / name))]
        return {
            "open": ["round", "close", "spring", *persons],
            "closed": ["round", "seal", "spring", *persons, *halves],
            "scrubbing": ["round", "resume"],
        }[state]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session of our own on the database."""
        engine = sa.create_engine(self.address)
        prepare(engine)
        try:
            with Session(engine) as session:
                yield session
        finally:
            engine.dispose()

    def state(self) -> str:
        """Return the state of the round."""
        with self.session() as session:
            return round_of(session).state


def round_of(session: Session) -> RoundRow:
    """Return the one round of an installation."""
    return session.scalars(sa.select(RoundRow)).one()


def install(folder: Path, address: str, template: Path | None, slips: int) -> Installation:
    """Make an installation with an open round and *slips* slips for each village and audience.

    *template* is a SQLite file with the tables, to be copied into *folder*; on PostgreSQL the
    database at *address* has them already.
    """
    folder.mkdir(exist_ok=True)
    settings = {"instance_path": str(folder), "language": "en", "key_cost": "minimum"}
    if template:
        path = folder / "survey.sqlite"
        shutil.copy(template, path)
        address = f"sqlite:///{path}"
    else:
        settings["database_url"] = address.replace("postgresql+psycopg", "postgresql", 1)
    found = Installation(folder, address, settings, [], [])
    with found.session() as session:
        office = made.office(session, folder / KEYS, key_holding="halves")
        for name in ("first", "second"):
            _keep(folder / name, made.PASSWORD)
        for number, half in enumerate(office.halves, start=1):
            _keep(folder / str(number), half)
        for village in office.village_ids():
            for audience in AUDIENCES:
                codes = office.print(village, slips, audience)
                found.slips.extend(((village, audience, "ticket"), f"/t/{one}") for one in codes)
        for poster in session.scalars(sa.select(PosterRow)):
            place = (poster.village_id, poster.audience, "poster")
            found.posters.append((place, f"/v/{poster.code}"))
    random.Random(1).shuffle(found.slips)
    return found


def _keep(path: Path, secret: str) -> None:
    path.write_text(f"{secret}\n")
    path.chmod(0o600)
