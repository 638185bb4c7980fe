"""Migrations: from an empty database and from an earlier one, up and down, on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import create_app
from survey.storage.db import db
from survey.storage.tables import Base
from tests.conftest import command, text

MIGRATIONS = Path(__file__).parents[1] / "survey" / "migrations"
REVISIONS = sorted(path.name[:4] for path in MIGRATIONS.glob("0*.py"))
DATES = "opens_at, closes_at, results_on, help_on"
PLACES = "title, timezone, results_place, help_place, office, phone, base_address"
ROUND = f"""
    INSERT INTO round (id, slug, state, demo, {PLACES}, {DATES}, policy, key_holding, public_key)
    VALUES (7, 'spring', 'open', :no, 't', 'Asia/Shanghai', 'p', 'h', 'o', '1', '',
            1, 2, '2026-03-01', '2026-03-01', '{{}}', 'server', :key)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """The addresses of two databases without a table."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path / name}.sqlite" for name in ("one", "other")]
        return
    server: sa.URL = request.getfixturevalue("postgres_server")
    names = [f"migrations_{uuid4().hex}" for _ in range(2)]
    for name in names:
        command(server, f"CREATE DATABASE {name}")
    yield [text(server.set(database=name)) for name in names]
    for name in names:
        command(server, f"DROP DATABASE {name} WITH (FORCE)")


def service(address: str, tmp_path: Path) -> Flask:
    """The service over the database at *address*."""
    return create_app(
        {
            "instance_path": tmp_path / "instance",
            "database_url": address.replace("+psycopg", ""),
            "testing": True,
            "secret_key": "a secret for tests, long enough to be one",
        }
    )


def migrate(address: str, tmp_path: Path, target: str = "heads", *, down: bool = False) -> None:
    """Bring the database at *address* up, or *down*, to *target*."""
    app = service(address, tmp_path)
    with app.app_context():
        alembic = app.extensions["alembic"]
        alembic.downgrade(target) if down else alembic.upgrade(target)
    with app.app_context():
        db.engine.dispose()


def connect(address: str) -> sa.Engine:
    return sa.create_engine(address)


def shape(address: str) -> dict[str, Any]:
    """Everything that the database says of its tables, in a form that can be compared."""
    engine = connect(address)
    found = sa.inspect(engine)
    described = {
        name: {
            "columns": {
                column["name"]: (plain(column["type"], engine), column["nullable"])
                for column in found.get_columns(name)
            },
            "key": found.get_pk_constraint(name),
            "foreign": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"])
                for key in found.get_foreign_keys(name)
            ),
            "unique": sorted(
                (key["name"], key["column_names"]) for key in found.get_unique_constraints(name)
            ),
            "checks": sorted(
                (check["name"], " ".join(check["sqltext"].split()))
                for check in found.get_check_constraints(name)
            ),
            "indexes": sorted(
                (index["name"], index["column_names"], bool(index["unique"]))
                for index in found.get_indexes(name)
            ),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }
    engine.dispose()
    return described | {"triggers": triggers(address)}


def plain(kind: sa.types.TypeEngine[Any], engine: sa.Engine) -> str:
    return kind.compile(engine.dialect)


def triggers(address: str) -> list[str]:
    """The names of the triggers, and of tables without rowid: what an inspector does not tell."""
    engine = connect(address)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            kept = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").all()
            found = [
                f"{row.name} without rowid" for row in kept if "WITHOUT ROWID" in (row[2] or "")
            ]
            found += [row.name for row in kept if row.type == "trigger"]
        else:
            found = list(
                connection.exec_driver_sql(
                    "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
                ).scalars()
            )
    engine.dispose()
    return sorted(found)


def run(address: str, statement: str, **values: Any) -> list[sa.Row[Any]]:
    engine = connect(address)
    with engine.begin() as connection:
        result = connection.execute(sa.text(statement), values)
        rows = list(result) if result.returns_rows else []
    engine.dispose()
    return rows


def test_the_result_is_what_the_code_describes(addresses: list[str], tmp_path: Path) -> None:
    migrated, made = addresses
    migrate(migrated, tmp_path)
    engine = connect(made)
    Base.metadata.create_all(engine)
    engine.dispose()
    assert shape(migrated) == shape(made)


def test_alembic_finds_nothing_left_to_do(addresses: list[str], tmp_path: Path) -> None:
    migrate(addresses[0], tmp_path)
    app = service(addresses[0], tmp_path)
    with app.app_context():
        assert app.extensions["alembic"].compare_metadata() == []
        assert len(app.extensions["alembic"].heads()) == 1
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_going_back_gives_the_earlier_tables(
    addresses: list[str], tmp_path: Path, revision: str
) -> None:
    """Up to the newest and down again: the same as never having gone beyond."""
    there_and_back, straight = addresses
    migrate(there_and_back, tmp_path)
    migrate(there_and_back, tmp_path, revision, down=True)
    migrate(straight, tmp_path, revision)
    assert shape(there_and_back) == shape(straight)
    migrate(there_and_back, tmp_path)


def test_going_back_to_the_beginning_leaves_nothing(addresses: list[str], tmp_path: Path) -> None:
    migrate(addresses[0], tmp_path)
    migrate(addresses[0], tmp_path, "base", down=True)
    assert shape(addresses[0]) == {"triggers": []}


def live_round_of_the_first_release(address: str, tmp_path: Path) -> None:
    """An open round with printed slips, two of them in its box, as the first release left it."""
    migrate(address, tmp_path, "0001")
    code = "990101100201"
    run(
        address,
        "INSERT INTO village (id, code, township, name, cause, city_leader, paired_unit, "
        f"first_secretary) VALUES (3, '{code}', 'East', 'Clear Water', '', '', '', '')",
    )
    run(address, ROUND, no=False, key=b"k" * 32)
    for audience, printed in (("mass", 40), ("self", 0)):
        run(
            address,
            "INSERT INTO accounting (round_id, village_id, audience, printed, void, counted_by) "
            f"VALUES (7, 3, '{audience}', {printed}, 0, '')",
        )
    digest = "BLOB" if address.startswith("sqlite") else "BYTEA"
    kind = " WITHOUT ROWID" if address.startswith("sqlite") else ""
    run(
        address,
        f"CREATE TABLE box7_ticket (mac {digest} NOT NULL PRIMARY KEY, village_id INTEGER NOT NULL,"
        f" audience VARCHAR(8) NOT NULL, void BOOLEAN NOT NULL){kind}",
    )
    for mac in (b"1" * 32, b"2" * 32):
        run(address, "INSERT INTO box7_ticket VALUES (:mac, 3, 'mass', :no)", mac=mac, no=False)


def test_slips_of_an_open_round_become_its_first_sheets(
    addresses: list[str], tmp_path: Path
) -> None:
    address = addresses[0]
    live_round_of_the_first_release(address, tmp_path)
    migrate(address, tmp_path)
    sheets = run(address, "SELECT round_id, village_id, audience, number, printed FROM sheet")
    assert [tuple(row) for row in sheets] == [(7, 3, "mass", 1, 40)]
    assert run(address, "SELECT state, destroyed_at FROM round") == [("open", None)]
    assert run(address, "SELECT sheet, void FROM box7_ticket") == [(1, False), (1, False)]
    migrate(address, tmp_path, "0001", down=True)
    assert set(shape(address)["box7_ticket"]["columns"]) == {
        "mac",
        "village_id",
        "audience",
        "void",
    }
    assert [row.mac for row in run(address, "SELECT mac FROM box7_ticket ORDER BY mac")] == [
        b"1" * 32,
        b"2" * 32,
    ]
    assert run(address, "SELECT printed FROM accounting ORDER BY audience") == [(40,), (0,)]


def test_who_stood_back_goes_on_standing_back(addresses: list[str], tmp_path: Path) -> None:
    address = addresses[0]
    live_round_of_the_first_release(address, tmp_path)
    migrate(address, tmp_path, "0008")
    run(
        address,
        "INSERT INTO round_village (round_id, village_id, code, township, name) "
        "VALUES (7, 3, '990101100201', 'East', 'Clear Water')",
    )
    names = "id, username, name, password_hash, role, language, session_key, disabled, created_at"
    documents = {1: '{"recused": "my own unit"}', 2: '{"recused": "", "points": {"effects": 80}}'}
    for number, document in documents.items():
        run(
            address,
            f"INSERT INTO account ({names}, failures) VALUES "
            f"({number}, 'm{number}', 'M', '-', 'member', 'zh', 'k{number}', :no, 1, 0)",
            no=False,
        )
        run(
            address,
            "INSERT INTO evaluation (round_id, village_id, account_id, document, handed_in_at) "
            f"VALUES (7, 3, {number}, '{document}', 5)".replace(":", "\\:"),
        )
    migrate(address, tmp_path)
    kept = run(address, "SELECT account_id, reason, entered_by, entered_at FROM recusal")
    assert [tuple(row) for row in kept] == [(1, "my own unit", 1, 5)]
    (left,) = run(address, "SELECT account_id, document FROM evaluation")
    assert left.account_id == 2
    assert "recused" not in str(left.document)
    run(address, "UPDATE account SET role = 'observer' WHERE id = 2")
    migrate(address, tmp_path, "0008", down=True)
    back = run(address, "SELECT document FROM evaluation WHERE account_id = 1")
    assert "my own unit" in str(back[0].document)
    assert run(address, "SELECT role FROM account WHERE id = 2") == [("member",)]


def test_revisions_follow_one_another() -> None:
    chain = {
        path.name[:4]: re.search(r'down_revision = (?:"(\d+)"|None)', path.read_text("utf-8"))
        for path in MIGRATIONS.glob("0*.py")
    }
    before = [None, *REVISIONS[:-1]]
    assert [chain[revision][1] for revision in REVISIONS] == before
