"""flask --app survey round seal: how far it has come, as lines and as bars."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from survey import create_app
from survey.cli.rounds.sealing import Bars
from survey.storage import keys as key_folder
from survey.storage import rounds
from survey.storage.db import db, prepare
from survey.storage.progress import STAGES
from tests.storage.round import PASSWORD, Office, office
from tests.storage.test_seal import close, fill

PERSONS = ["--by", "first", "--witness", "second"]
PASSWORDS = f"{PASSWORD}\n{PASSWORD}\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The service with the tables of its own migrations."""
    made = create_app(
        {
            "instance_path": tmp_path,
            "testing": True,
            "language": "en",
            "key_cost": "minimum",
            "base_address": "https://ping.example.org",
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    assert made.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def closed(app: Flask) -> Iterator[Office]:
    """A closed round with five ballots, its key held by the server."""
    settings = app.extensions["settings"]
    engine = sa.create_engine(settings.database)
    prepare(engine)
    with Session(engine) as session:
        place = office(session, settings.keys)
        fill(place, place.village_ids()[0], 5)
        close(place)
        session.rollback()
        yield place
    engine.dispose()


def seal(app: Flask) -> tuple[int, str]:
    words = ["round", "seal", "spring", *PERSONS]
    result = app.test_cli_runner().invoke(args=words, input=PASSWORDS)
    return result.exit_code, result.output


def test_without_a_terminal_each_stage_is_one_line(app: Flask, closed: Office) -> None:
    code, said = seal(app)
    assert code == 0
    assert said.splitlines() == [
        *STAGES.values(),
        "Round spring is sealed: 5 ballots are counted and mixed.",
    ]


def test_at_a_terminal_each_stage_has_a_bar(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", screen)
    with app.app_context(), force_locale("en"), Bars() as report:
        for stage in ("opening", "clearing"):
            for done in (0, 1, 4):
                report(stage, done, 4)
    lines = [line.split("\r")[-1] for line in screen.getvalue().splitlines()]
    assert [line for line in lines if "100%" in line and STAGES["opening"] in line]
    assert [line for line in lines if "100%" in line and STAGES["clearing"] in line]
    assert "25%" in screen.getvalue()


def test_a_round_that_somebody_is_sealing_is_refused(app: Flask, closed: Office) -> None:
    with key_folder.hold(closed.folder, closed.round_.id):
        code, said = seal(app)
    assert code == 1
    assert "This round is being sealed just now." in said
    with app.app_context():
        assert rounds.by_slug(db.session, "spring").state == "closed"
