"""The service as its commands find it, and an open round to command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey import create_app
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
def place(app: Flask) -> Iterator[Office]:
    """An open round of two villages in the township East, its key held by the server."""
    with beside(app) as made:
        made.session.rollback()
        yield made
