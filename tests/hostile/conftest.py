"""Installations with an open round, on each engine, for whoever attacks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from survey.storage import accounts
from tests.conftest import TEMPLATE, command, text
from tests.hostile.torture.office import Installation, install


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine of this test's installation."""
    return str(request.param)


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are quick to check; how slow they are is nothing that these attacks meet."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, engine_name: str, quick_passwords: None
) -> Iterator[Callable[[int], Installation]]:
    """The function that makes an installation with so many slips a village and audience."""
    if engine_name == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield lambda slips: install(tmp_path / "instance", "", template, slips)
        return
    server: sa.URL = request.getfixturevalue("postgres_server")
    name = f"torture_{uuid4().hex}"
    command(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    address = text(server.set(database=name))
    yield lambda slips: install(tmp_path / "instance", address, None, slips)
    command(server, f"DROP DATABASE {name} WITH (FORCE)")
