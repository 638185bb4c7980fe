"""A seal that is killed at any of its steps is finished by the commands, and nothing is lost.

TORTURE=1 kills at every step; otherwise at a few, spread over all.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import create_app
from survey.core import ballot, tallies
from survey.storage import audit, boxes, intake, questionnaires, rounds
from survey.storage.db import db, prepare
from survey.storage.tables import (
    AccountingRow,
    AuditRow,
    BallotPartRow,
    FreeAnswerRow,
    RoundRow,
    TallyRow,
)
from tests.conftest import command, text
from tests.hostile import cut_short
from tests.storage.round import PASSWORD, Office, office

KILLS = 10
BALLOTS = 6


@dataclass
class Installation:
    """A service over one database, in a folder with its keys and the papers of its two persons."""

    folder: Path
    address: str

    @property
    def overrides(self) -> dict[str, Any]:
        return {
            "instance_path": self.folder,
            "database_url": self.address,
            "testing": True,
            "key_cost": "minimum",
            "language": "en",
            "base_address": "https://ping.example.org",
            "secret_key": "a secret for tests, long enough to be one",
        }

    def sealing(self) -> list[str]:
        names = ("first", "second")
        words = ["round", "seal", "spring", "--by", names[0], "--witness", names[1]]
        for name in names:
            words += ["--password-file", str(self.folder / name)]
        for number in ("1", "2"):
            words += ["--key-file", str(self.folder / f"half-{number}")]
        return words

    def run(self, *words: str) -> str:
        app = create_app(self.overrides)
        result = app.test_cli_runner().invoke(args=list(words))
        with app.app_context():
            db.engine.dispose()
        assert result.exit_code == 0, f"{words}: {result.output} {result.exception!r}"
        return str(result.output)

    def engine(self) -> sa.Engine:
        address = self.address or f"sqlite:///{self.folder / 'survey.sqlite'}"
        engine = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
        prepare(engine)
        return engine


@dataclass
class Closed:
    """An installation whose round is closed, to be copied; and what is in its box."""

    original: Installation
    server: sa.URL | None
    parts: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)
    comments: Counter[str] = field(default_factory=Counter)
    received: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    printed: int = 0
    digests: list[bytes] = field(default_factory=list)

    def copy(self, folder: Path) -> Installation:
        shutil.copytree(self.original.folder, folder)
        if self.server is None:
            return Installation(folder, "")
        name = f"killed_{uuid4().hex}"
        command(self.server, f"CREATE DATABASE {name} TEMPLATE {self.server.database}")
        return Installation(folder, text(self.server.set(database=name)))

    def remove(self, copied: Installation) -> None:
        shutil.rmtree(copied.folder)
        if self.server is not None:
            drop(self.server, sa.make_url(copied.address).database)

    def fill(self, place: Office) -> None:
        """Put ballots of every kind into the box, and remember them."""
        first, second = place.village_ids()
        for number in range(BALLOTS):
            answers = tuple((number + item) % 4 for item in range(12))
            self.cast(place, first, "mass", "ticket", answers, f"comment {number}")
            self.cast(place, second, "self", "ticket", answers, "")
        self.cast(place, second, "mass", "poster", (3,) * 12, "")
        box = boxes.of_round(place.round_.id)
        for table, column in ((box.spent, "mac"), (box.ticket, "mac"), (box.intake, "id")):
            self.digests += place.session.scalars(sa.select(table.c[column])).all()
        self.printed = place.session.scalar(sa.select(sa.func.sum(AccountingRow.printed)))

    def cast(
        self,
        place: Office,
        village: int,
        audience: str,
        access: str,
        answers: tuple[int, ...],
        comment: str,
    ) -> None:
        if access == "poster":
            submission = place.by_poster(village, answers)
        else:
            (code,) = place.print(village, 1, audience)
            submission = place.by_ticket(code, village, answers, audience=audience, comment=comment)
        assert intake.add(place.session, submission) is intake.Outcome.COUNTED
        place.session.commit()
        self.received[village, audience, access] += 1
        if comment:
            self.comments[comment] += 1
        for dimension, where in questionnaires.defaults()[audience].dimension_columns.items():
            given = ballot.to_text(tuple(answers[column] for column in where))
            self.parts[dimension, village, audience, given] += 1

    def check(self, copied: Installation) -> None:
        """Fail unless the round is sealed, every ballot is there once, and the box is nowhere."""
        engine = copied.engine()
        with Session(engine) as session:
            round_ = rounds.by_slug(session, "spring")
            assert round_.state == "sealed"
            assert round_.sealing["ballots"] == self.received.total()
            self.check_answers(session)
            names = sa.inspect(session.connection()).get_table_names()
            assert [name for name in names if name.startswith("box")] == []
            assert audit.verify(session) is None
            acts = Counter(session.scalars(sa.select(AuditRow.act)))
            assert (acts["round.seal"], acts["round.scrub"]) == (1, 1)
        engine.dispose()
        assert list((copied.folder / "keys").iterdir()) == []
        if self.server is None:
            seen = b"".join(each.read_bytes() for each in copied.folder.glob("survey.sqlite*"))
            assert [digest for digest in self.digests if digest in seen] == []

    def check_answers(self, session: Session) -> None:
        kept = session.scalars(sa.select(BallotPartRow)).all()
        parts = Counter(
            (part.dimension, part.village_id, part.audience, part.answers) for part in kept
        )
        assert parts == self.parts
        assert Counter(session.scalars(sa.select(FreeAnswerRow.text))) == self.comments
        received = Counter(
            {
                (row.village_id, row.audience, row.access): tallies.from_dict(row.document).received
                for row in session.scalars(sa.select(TallyRow))
            }
        )
        assert +received == self.received
        assert session.scalar(sa.select(sa.func.sum(AccountingRow.printed))) == self.printed


def drop(server: sa.URL, name: str | None) -> None:
    command(server.set(database="postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def closed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Closed]:
    """A filled round that is closed, made by the service's own migrations."""
    folder = tmp_path_factory.mktemp("closed") / "instance"
    server: sa.URL | None = None
    if request.param == "postgres":
        general: sa.URL = request.getfixturevalue("postgres_server")
        server = general.set(drivername="postgresql", database=f"closed_{uuid4().hex}")
        command(general, f"CREATE DATABASE {server.database}")
        server = server.set(drivername="postgresql+psycopg")
    made = Closed(Installation(folder, text(server) if server else ""), server)
    made.original.run("prepare")
    engine = made.original.engine()
    with Session(engine) as session:
        place = office(session, folder / "keys", key_holding="halves")
        made.fill(place)
        place.pass_deadline()
        write_papers(folder, place)
    engine.dispose()
    made.original.run("round", "status")
    yield made
    if server is not None:
        drop(server, server.database)


def write_papers(folder: Path, place: Office) -> None:
    halves = {f"half-{number}": half for number, half in enumerate(place.halves, start=1)}
    for name, secret in (halves | {"first": PASSWORD, "second": PASSWORD}).items():
        (folder / name).write_text(f"{secret}\n")
        (folder / name).chmod(0o600)


def chosen(steps: int) -> list[int]:
    """The steps to be killed at: all, or a few from the second half of a stretch each."""
    if os.environ.get("TORTURE"):
        return list(range(1, steps + 1))
    return sorted({1 + number * (steps - 1) // (KILLS - 1) for number in range(KILLS)})


def steps_of(closed: Closed, tmp_path: Path) -> int:
    """Seal a copy to its end; return in how many steps."""
    report = tmp_path / "report"
    copied = closed.copy(tmp_path / "whole")
    assert cut_short.run(copied.sealing(), copied.overrides, cut_short.NEVER, report) == 0
    taken, code, said = report.read_text().split("\n", 2)
    assert code == "0", said
    closed.check(copied)
    closed.remove(copied)
    return int(taken)


def test_a_seal_killed_at_any_step_is_finished_by_the_commands(
    closed: Closed, tmp_path: Path
) -> None:
    steps = steps_of(closed, tmp_path)
    ends = Counter[str]()
    for step in chosen(steps):
        copied = closed.copy(tmp_path / f"killed at {step} of {steps}")
        ended = cut_short.run(copied.sealing(), copied.overrides, step, tmp_path / "report")
        assert ended == -signal.SIGKILL
        ends[finish(copied)] += 1
        closed.check(copied)
        closed.remove(copied)
    assert min(ends["sealed again"], ends["resumed"]) > 0, ends


def finish(copied: Installation) -> str:
    """Do what an office does after the power came back; return which way it went."""
    copied.run("prepare")
    if ": closed" not in copied.run("round", "status", "spring"):
        return "resumed"
    copied.run(*copied.sealing())
    return "sealed again"


def test_a_scrub_killed_twice_is_finished_as_well(closed: Closed, tmp_path: Path) -> None:
    steps = steps_of(closed, tmp_path)
    copied = closed.copy(tmp_path / "killed twice")
    cut_short.run(copied.sealing(), copied.overrides, steps - 2, tmp_path / "report")
    engine = copied.engine()
    with Session(engine) as session:
        assert session.scalars(sa.select(RoundRow.state)).one() == "scrubbing"
    engine.dispose()
    report = tmp_path / "report"
    assert cut_short.run(["round", "resume"], copied.overrides, 12, report) == -signal.SIGKILL
    assert finish(copied) == "resumed"
    closed.check(copied)
    closed.remove(copied)
