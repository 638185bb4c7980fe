"""An installation that does not exist yet, on each engine, and the office's terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from survey import create_app
from survey.storage.db import db
from tests.conftest import command, text


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without a table; nothing said means SQLite."""
    if request.param == "sqlite":
        yield ""
        return
    server: sa.URL = request.getfixturevalue("postgres_server")
    name = f"journey_{uuid4().hex}"
    command(server, f"CREATE DATABASE {name}")
    address = server.set(drivername="postgresql", database=name)
    yield text(address)
    command(server, f"DROP DATABASE {name} WITH (FORCE)")


class Terminal:
    """A person at the command line of an installation."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.runner = app.test_cli_runner()

    def run(self, *words: str, typed: str = "", code: int = 0) -> str:
        """Run ``flask --app survey`` *words*, expect the exit *code*, return what it says."""
        result: Result = self.runner.invoke(args=list(words), input=typed)
        assert result.exit_code == code, f"{words}: {result.output} {result.exception!r}"
        return result.output


@pytest.fixture
def app(tmp_path: Path, empty_address: str) -> Iterator[Flask]:
    """The service over a database without a table."""
    made = create_app(
        {
            "instance_path": tmp_path / "instance",
            "database_url": empty_address,
            "testing": True,
            "key_cost": "minimum",
            "language": "en",
            "office": "The city office",
            "base_address": "https://ping.example.org",
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def terminal(app: Flask) -> Terminal:
    """The office's terminal."""
    return Terminal(app)
