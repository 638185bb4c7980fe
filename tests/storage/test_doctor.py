"""What the database says of itself, made true on real databases."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.doctor import PostgresFacts, SqliteFacts
from survey.core.errors import Refused
from survey.storage import boxes, health
from survey.storage import keys as key_folder
from survey.storage.db import begin_write
from tests.conftest import command
from tests.storage.round import office
from tests.storage.test_scrub import lesser_account


@pytest.fixture
def sqlite_session(session):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("a matter of SQLite")
    return session


@pytest.fixture
def postgres_engine(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("a matter of PostgreSQL")
    return engine


def test_the_connections_of_the_service_are_sound(sqlite_session):
    expected = SqliteFacts(journal_mode="wal", synchronous=2, secure_delete=1, temp_store=2)
    assert health.sqlite(sqlite_session) == expected


@pytest.mark.parametrize(
    ("pragma", "changes"),
    [
        ("secure_delete=FAST", {"secure_delete": 2}),
        ("synchronous=NORMAL", {"synchronous": 1}),
        ("journal_mode=DELETE", {"journal_mode": "delete"}),
        ("temp_store=FILE", {"temp_store": 1}),
    ],
)
def test_a_careless_connection_is_noticed(sqlite_session, pragma, changes):
    sound = health.sqlite(sqlite_session)
    sqlite_session.rollback()
    driver = sqlite_session.connection().connection.driver_connection
    driver.execute("COMMIT")
    driver.execute(f"PRAGMA {pragma}")
    driver.execute("BEGIN")
    assert health.sqlite(sqlite_session) == replace(sound, **changes)


def facts_of(engine):
    fresh = sa.create_engine(engine.url)
    with Session(fresh) as session:
        facts = health.postgres(session)
    fresh.dispose()
    return facts


def test_a_fresh_server_is_seen_as_it_is(postgres_engine):
    facts = facts_of(postgres_engine)
    assert isinstance(facts, PostgresFacts)
    assert set(facts.settings) >= set(health._SETTINGS) - {"archive_library"}
    assert facts.settings["fsync"] == "off"  # as tests/conftest.py sets it
    assert facts.settings["wal_recycle"] == "on"
    assert facts.may_clear
    assert (facts.copies.slots, facts.copies.standbys, facts.copies.archived) == ((), (), False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_statement", "mod"),
        ("log_min_duration_statement", "100"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "-1"),
        ("log_error_verbosity", "terse"),
        ("synchronous_commit", "off"),
    ],
)
def test_a_setting_of_the_database_is_seen(postgres_engine, name, value):
    assert facts_of(postgres_engine).settings[name] != value
    database = postgres_engine.url.database
    command(postgres_engine.url, f"ALTER DATABASE {database} SET {name} = '{value}'")
    assert facts_of(postgres_engine).settings[name] == value


def test_a_slot_is_seen(postgres_engine):
    command(postgres_engine.url, "SELECT pg_create_physical_replication_slot('seen', false)")
    try:
        assert facts_of(postgres_engine).copies.slots == ("seen",)
    finally:
        command(postgres_engine.url, "SELECT pg_drop_replication_slot('seen')")


def test_an_account_without_rights_is_seen(postgres_engine):
    with lesser_account(postgres_engine) as lesser, Session(lesser) as session:
        facts = health.postgres(session)
    assert not facts.may_clear
    assert facts.settings["wal_recycle"] == "on"


def test_an_open_round_leaves_no_column_that_is_sampled(postgres_engine, session, tmp_path):
    assert facts_of(postgres_engine).sampled == ("ballot_part.answers", "free_answer.text")
    place = office(session, tmp_path / "keys")
    number = place.round_.id
    session.commit()
    assert facts_of(postgres_engine).sampled == ()
    command(
        postgres_engine.url, f"ALTER TABLE box{number}_spent ALTER COLUMN mac SET STATISTICS 50"
    )
    assert facts_of(postgres_engine).sampled == (f"box{number}_spent.mac",)


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys", key_holding="halves")


def files(place) -> list[Path]:
    return sorted(place.folder.iterdir())


def test_a_live_round_is_whole(place):
    facts = health.box_facts(place.session, place.folder)
    assert (facts.waiting, facts.keyless, facts.left_tables, facts.left_keys) == ((), (), (), ())


@pytest.mark.parametrize("which", [0, 1])
def test_a_missing_key_file_is_noticed(place, which):
    files(place)[which].unlink()
    assert health.box_facts(place.session, place.folder).keyless == ("spring",)


def test_the_key_of_a_round_is_not_that_of_a_server(session, tmp_path):
    place = office(session, tmp_path / "keys", key_holding="server")
    assert health.box_facts(session, place.folder).keyless == ()
    (place.folder / f"round-{place.round_.id}.server").unlink()
    assert health.box_facts(session, place.folder).keyless == ("spring",)


def test_what_a_round_left_behind_is_noticed(place):
    number = place.round_.id
    begin_write(place.session)
    place.round_.state = "sealed"
    place.session.commit()
    facts = health.box_facts(place.session, place.folder)
    assert f"box{number}_intake" in facts.left_tables
    assert facts.left_keys == tuple(path.name for path in files(place))
    boxes.drop(place.session, number)
    key_folder.discard(place.folder, number)
    facts = health.box_facts(place.session, place.folder)
    assert (facts.left_tables, facts.left_keys) == ((), ())


@pytest.mark.parametrize("state", ["scrubbing", "cancelled"])
def test_a_round_whose_box_waits_to_be_destroyed_is_noticed(place, state):
    begin_write(place.session)
    place.round_.state = state
    place.session.commit()
    facts = health.box_facts(place.session, place.folder)
    assert (facts.waiting, facts.left_tables, facts.left_keys) == (("spring",), (), ())


def test_a_demonstration_is_noticed(session, tmp_path):
    place = office(session, tmp_path / "keys", demo=True)
    assert health.box_facts(session, place.folder).demonstration == ("spring",)


def test_a_database_without_tables_is_told_what_to_do():
    with Session(sa.create_engine("sqlite://")) as session, pytest.raises(Refused, match="prepare"):
        health.box_facts(session, Path("keys"))
    session.get_bind().dispose()
