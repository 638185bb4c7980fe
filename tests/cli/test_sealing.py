"""flask --app survey round seal: how far it has come, as lines and as bars."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask_babel import force_locale

from survey.cli.rounds.sealing import Bars
from survey.storage import keys as key_folder
from survey.storage import rounds
from survey.storage.db import db
from survey.storage.progress import STAGES
from tests.cli.persons import PASSWORDS, PERSONS
from tests.storage.round import Office, close, fill


@pytest.fixture
def closed(place: Office) -> Office:
    """A closed round with five ballots."""
    fill(place, place.village_ids()[0], 5)
    close(place)
    place.session.rollback()
    return place


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
