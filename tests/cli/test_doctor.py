"""flask --app survey doctor, in an installation that is made worse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from survey import create_app
from survey.storage.db import begin_write, db
from tests.conftest import TEMPLATE, text
from tests.storage.round import office

SOUND = {
    "testing": True,
    "language": "en",
    "production": True,
    "base_address": "https://ping.example.org",
    "secret_key": "a secret for tests, long enough to be one",
}


class Installation:
    """A service whose settings can be changed from one command to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "instance"
        self.settings: dict[str, Any] = SOUND | {
            "instance_path": self.folder,
            "key_folder": folder / "elsewhere",
        }

    def app(self) -> Flask:
        return create_app(self.settings)

    def run(self, *words: str) -> Result:
        app = self.app()
        app.debug = bool(self.settings.get("debug"))
        result = app.test_cli_runner().invoke(args=list(words))
        with app.app_context():
            db.engine.dispose()
        return result

    def doctor(self, code: int) -> str:
        result = self.run("doctor")
        assert result.exit_code == code, result.output
        return result.output


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation against which nothing can be said."""
    made = Installation(tmp_path)
    assert made.run("prepare").exit_code == 0
    made.settings["key_folder"].mkdir(mode=0o700)
    yield made


def test_a_sound_installation_is_called_so(installation: Installation) -> None:
    said = installation.doctor(0)
    assert "[fine] Key folder" in said
    assert "[weak]" not in said and "[broken]" not in said
    assert "Not seen from here" in said


def test_what_is_broken_makes_the_command_fail(installation: Installation) -> None:
    installation.folder.chmod(0o755)
    said = installation.doctor(1)
    assert f"[broken] Files: Other accounts of this server can read {installation.folder}" in said
    assert f"chmod 700 {installation.folder}" in said


def test_what_is_weak_does_not(installation: Installation) -> None:
    installation.settings["two_person"] = False
    assert "[weak] Two persons" in installation.doctor(0)


@pytest.mark.parametrize(
    ("changes", "said", "code"),
    [
        ({"key_folder": "keys"}, "[weak] Key folder", 0),
        ({"production": False}, "[weak] Production", 0),
        ({"base_address": ""}, "[weak] Public address", 0),
        ({"production": False, "secret_key": "short"}, "[broken] Secret key", 1),
        ({"production": False, "key_cost": "minimum"}, "[weak] Key halves", 0),
        (
            {"production": False, "base_address": "http://ping.example.org"},
            "[broken] Public address",
            1,
        ),
    ],
)
def test_each_setting_is_looked_at(
    installation: Installation, changes: dict[str, Any], said: str, code: int
) -> None:
    installation.settings |= changes
    assert said in installation.doctor(code)


def test_debugging_is_noticed(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert "[broken] Debugging" in installation.doctor(1)


def test_an_access_log_is_noticed(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--access-logfile=-")
    assert "[broken] Access log" in installation.doctor(1)


def test_a_key_folder_that_others_read_is_noticed(installation: Installation) -> None:
    folder = installation.settings["key_folder"]
    (folder / "round-1.pepper").write_bytes(b"x")
    (folder / "round-1.pepper").chmod(0o644)
    folder.chmod(0o711)
    said = installation.doctor(1)
    assert f"can read {folder}: round-1.pepper" in said
    assert "without a live round: round-1.pepper" in said


def test_rounds_are_looked_at(installation: Installation) -> None:
    app, keys = installation.app(), installation.settings["key_folder"]
    with app.app_context():
        place = office(db.session, keys, demo=True)
    installation.settings["key_folder"] = keys.parent / "forgotten"
    said = installation.doctor(1)
    assert "nobody can open these boxes: spring" in said
    assert "The demonstration and its accounts are in this database: spring" in said
    installation.settings["key_folder"] = keys
    with app.app_context():
        begin_write(db.session)
        db.session.merge(place.round_).state = "scrubbing"
        db.session.commit()
    assert "The scrub was cut short" in installation.doctor(1)
    assert installation.run("round", "resume").exit_code == 0
    assert "[fine] Rounds" not in installation.doctor(1)  # the demonstration is still there
    with app.app_context():
        db.engine.dispose()


@pytest.mark.postgres
def test_a_server_that_may_lose_answers_is_noticed(
    installation: Installation, postgres_server: sa.URL
) -> None:
    address = postgres_server.set(drivername="postgresql", database=TEMPLATE)
    installation.settings["database_url"] = text(address)
    said = installation.doctor(1)
    assert "[broken] PostgreSQL: what is acknowledged" in said
    assert "Off are: fsync" in said
    assert "[weak] PostgreSQL: clearing" in said
    assert "SQLite" not in said


def test_the_findings_as_json(installation: Installation) -> None:
    installation.settings |= {"two_person": False, "key_folder": "keys"}
    document = json.loads(installation.run("doctor", "--json").output)
    assert document["count"]["broken"] == 0
    weak = [each for each in document["findings"] if each["severity"] == "weak"]
    assert {each["about"] for each in weak} == {"Key folder", "Two persons"}
    assert all(each["remedy"] for each in weak)
    assert document["count"]["weak"] == 2


def test_before_the_first_table(tmp_path: Path) -> None:
    said = Installation(tmp_path).doctor(1)
    assert "flask --app survey prepare" in said
