"""The service with an empty database, and people who sign in to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from survey import create_app
from survey.storage import accounts, questionnaires
from survey.storage.db import db
from survey.storage.tables import GroupRow
from tests import scene
from tests.storage.round import Office, beside
from tests.web.browser import Browser

PASSWORD = "plain words for tests"

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are quick to check; how slow they are is nothing that pages depend on."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def app(tmp_path: Path, sqlite_template: Path) -> Iterator[Flask]:
    """The service on a SQLite database of this test's own, with the default questionnaires."""
    shutil.copy(sqlite_template, tmp_path / "survey.sqlite")
    made = create_app(
        {
            "instance_path": tmp_path,
            "testing": True,
            "key_cost": "minimum",
            "base_address": "https://vote.example.org",
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    with made.app_context():
        questionnaires.add_defaults(db.session)
        db.session.commit()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def place(app: Flask) -> Iterator[Office]:
    """An open round, seen through a session beside the application's."""
    with beside(app) as made:
        yield made


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return Browser(app)


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Return the function that makes a person and a browser in which they are signed in."""

    def enter(username: str = "anna", role: str = "administrator", group: str = "") -> Browser:
        with app.app_context():
            row = _group(group) if group else None
            accounts.add(db.session, username, username.title(), PASSWORD, role, row, "en")
            db.session.commit()
        return Browser(app).sign_in(username, PASSWORD)

    return enter


def _group(name: str) -> GroupRow:
    row = GroupRow(name=name)
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def browse(app: Flask, city: None) -> Callable[[str], Browser]:
    """Return the function that signs somebody of a module's own `city` in."""
    return lambda username: Browser(app).sign_in(username, scene.PASSWORD)
