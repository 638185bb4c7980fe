"""The service as its commands find it, and an open round to command."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from survey import create_app
from survey.storage import accounts
from survey.storage.db import db
from tests.storage.round import Office, beside


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
def empty(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """An installation with nothing in it, in its context."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))
    shutil.copy(sqlite_template, tmp_path / "survey.sqlite")
    made = create_app(
        {
            "instance_path": tmp_path,
            "testing": True,
            "language": "en",
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    with made.app_context():
        yield made
        db.engine.dispose()


@pytest.fixture
def place(app: Flask) -> Iterator[Office]:
    """An open round of two villages in the township East, its key held by the server."""
    with beside(app) as made:
        made.session.rollback()
        yield made
