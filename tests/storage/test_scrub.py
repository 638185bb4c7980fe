"""What the scrub leaves on the disk, when it refuses, and how other rounds live through it."""

import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey.core import ballot
from survey.core.errors import Refused
from survey.storage import boxes, disk, health, intake, rounds, scrub
from survey.storage.db import begin_write, is_sqlite, prepare
from survey.storage.tables import AuditRow, BallotPartRow, Base, FreeAnswerRow, RoundRow
from tests.conftest import command
from tests.storage.round import close, draft, fill, office, open_round
from tests.storage.test_seal import do_seal

LONGEST_SILENCE = 10.0
"""Seconds: well below the 15 for which a writer waits, well above what clearing takes."""


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


@pytest.fixture
def counted(place):
    """The office, its round counted and waiting for its scrub."""
    fill(place, place.village_ids()[0], 12)
    close(place)
    do_seal(place)
    return place


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(disk, "_PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(disk, "_WAIT_MILLISECONDS", 50)


def digests(place):
    box = boxes.of_round(place.round_.id)
    columns = (box.ticket.c.mac, box.spent.c.tag, box.intake.c.id, box.intake.c.row_mac)
    return [digest for column in columns for digest in place.session.scalars(sa.select(column))]


def files_of(session):
    if is_sqlite(session):
        path = Path(session.get_bind().url.database)
        return list(path.parent.glob(f"{path.name}*"))
    folder = Path(session.execute(sa.text("SHOW data_directory")).scalar_one())
    own = session.execute(
        sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")
    ).scalar_one()
    session.commit()
    others = {path for path in (folder / "base").iterdir() if path.name != str(own)}
    return [path for path in folder.rglob("*") if path.is_file() and path.parent not in others]


def holding(session, needles):
    """Return the names of the database's files that hold one of *needles*."""
    found = set()
    for path in files_of(session):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        if any(needle in content for needle in needles):
            found.add(path.parent.name if path.name.isalnum() else path.name)
    return found


def use_log_files_again(engine):
    """Let PostgreSQL sample every table, and put its log files aside to be used again."""
    if engine.dialect.name == "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
        for _ in range(6):
            connection.execute(sa.text("SELECT pg_current_xact_id()"))
            connection.execute(sa.text("SELECT pg_switch_wal()"))
        connection.execute(sa.text("CHECKPOINT"))


def test_no_file_of_the_database_holds_a_digest_after_the_scrub(place, engine):
    idle = engine.connect()  # as another worker has one: the log is not removed by a last goodbye
    idle.execute(sa.select(1)).all()
    idle.rollback()
    use_log_files_again(engine)
    fill(place, place.village_ids()[0], 40 if is_sqlite(place.session) else 6)
    needles = digests(place)
    place.session.commit()
    use_log_files_again(engine)
    close(place)
    do_seal(place)
    assert holding(place.session, needles)
    scrub.scrub(place.session, place.round_, place.folder)
    assert holding(place.session, needles) == set()
    if is_sqlite(place.session):
        assert place.session.execute(sa.text("PRAGMA freelist_count")).scalar_one() == 0
    idle.close()


def test_parts_lie_in_the_order_of_their_shuffle(place):
    village = place.village_ids()[0]
    number = 40
    for index, code in enumerate(place.print(village, number)):
        digit = (index // 16, index // 4 % 4, index % 4)
        submission = place.by_ticket(code, village, digit * 4, comment=str(index))
        assert intake.add(place.session, submission) is intake.Outcome.COUNTED
        place.session.commit()
    close(place)
    do_seal(place)
    order = sa.text("id" if is_sqlite(place.session) else "ctid")
    lying = place.session.execute(
        sa.select(BallotPartRow.dimension, BallotPartRow.answers, BallotPartRow.id).order_by(order)
    ).all()
    orders = {}
    for dimension, answers, _ in lying:
        first, second, third = ballot.from_text(answers)
        orders.setdefault(dimension, []).append(first * 16 + second * 4 + third)
    texts = place.session.scalars(sa.select(FreeAnswerRow.text).order_by(order))
    orders["comment"] = [int(text) for text in texts]
    cast = list(range(number))
    assert [sorted(each) for each in orders.values()] == [cast] * 5
    assert len({tuple(each) for each in (*orders.values(), cast, cast[::-1])}) == 7
    ids = [row.id for row in lying]
    assert len(set(ids)) == len(ids) and {len(row_id) for row_id in ids} == {16}


def test_a_database_that_does_not_wipe_is_not_called_clear(counted, engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("a matter of SQLite")
    careless = sa.create_engine(engine.url)

    @sa.event.listens_for(careless, "connect")
    def _connect(connection, _record):
        connection.execute("PRAGMA secure_delete=FAST")

    with pytest.raises(Refused, match="secure_delete is 2, not 1"):
        disk.clear(careless)
    careless.dispose()


@pytest.mark.parametrize("mode", ["DEFERRED", "IMMEDIATE"])
def test_who_holds_the_database_holds_up_the_scrub(counted, engine, impatient, mode):
    if engine.dialect.name != "sqlite":
        pytest.skip("a matter of SQLite")
    other = sqlite3.connect(engine.url.database, isolation_level=None)
    other.execute("PRAGMA busy_timeout=5000")
    other.execute("BEGIN DEFERRED")
    other.execute("SELECT count(*) FROM round").fetchone()
    if mode == "IMMEDIATE":
        other.execute("COMMIT")
        begin_late(other, counted)
    else:
        with pytest.raises(Refused, match="still reading"):
            scrub.scrub(counted.session, counted.round_, counted.folder)
    counted.session.rollback()
    assert counted.round_.state == "scrubbing"
    counted.session.commit()
    other.close()
    assert scrub.resume(counted.session, counted.folder) == ["spring"]
    assert counted.round_.state == "sealed"


def begin_late(other, counted):
    """Hold the database as a writer does, from just before it is cleared."""
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Refused, match="still reading"):
        disk.clear(counted.session.get_bind().engine)


def test_a_file_that_cannot_be_written_anew_says_why(tmp_path):
    path = tmp_path / "survey.sqlite"
    sqlite3.connect(path).execute("CREATE TABLE kept (x)").connection.close()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    with pytest.raises(Refused, match=r"readonly.*round resume"):
        disk._vacuum(connection)
    connection.close()


def test_two_scrubs_at_once_are_one(counted, engine):
    slug, faults = counted.round_.slug, []
    counted.session.commit()
    together = threading.Barrier(2)

    def work():
        with Session(engine) as session:
            try:
                round_ = rounds.by_slug(session, slug)
                together.wait()
                scrub.scrub(session, round_, counted.folder)
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    acts = counted.session.scalars(sa.select(AuditRow.act)).all()
    assert acts.count("round.scrub") == 1
    assert counted.round_.state == "sealed"


class Villager(threading.Thread):
    """Answers in another round, again and again, until told to stop; sends again what fails."""

    def __init__(self, address, submissions):
        super().__init__()
        self.submissions = submissions
        self.engine = sa.create_engine(address, hide_parameters=True)
        prepare(self.engine)
        self.moments = []
        self.fault = None
        self.done = threading.Event()

    def run(self):
        try:
            for submission in self.submissions:
                if self.done.is_set():
                    break
                self.send(submission)
        except Exception as fault:
            self.fault = fault
        self.engine.dispose()

    def send(self, submission):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with Session(self.engine) as session:
                    assert intake.add(session, submission) is intake.Outcome.COUNTED
                    session.commit()
                self.moments.append(time.monotonic())
                return
            except OperationalError:
                continue
        raise AssertionError("an answer could not be stored for a minute")


def test_another_round_takes_answers_while_one_is_scrubbed(counted, engine, address):
    other = open_another(counted)
    village = other.village_ids()[0]
    make_large(engine)
    submissions = [other.by_ticket(code, village) for code in other.print(village, 3000)]
    counted.session.commit()
    villager = Villager(address, submissions)
    villager.start()
    wait_for(lambda: len(villager.moments) >= 5 or villager.fault)
    begun = time.monotonic()
    scrub.scrub(counted.session, counted.round_, counted.folder)
    ended = time.monotonic()
    answered = len(villager.moments)
    wait_for(lambda: len(villager.moments) >= answered + 5 or not villager.is_alive())
    villager.done.set()
    villager.join()
    assert villager.fault is None
    assert counted.round_.state == "sealed"
    silence = [
        later - earlier
        for earlier, later in zip(villager.moments, villager.moments[1:], strict=False)
        if later >= begun and earlier <= ended
    ]
    assert silence and max(silence) < LONGEST_SILENCE
    box = boxes.of_round(other.round_.id)
    counts = [
        counted.session.scalar(sa.select(counter).select_from(table))
        for table, counter in (
            (box.spent, sa.func.count()),
            (box.intake, sa.func.count()),
            (box.received, sa.func.sum(box.received.c.ballots)),
        )
    ]
    assert counts == [len(villager.moments)] * 3


def open_another(place):
    """Open a second round over the same villages."""
    begin_write(place.session)
    round_ = rounds.create(place.session, draft(place.session, slug="autumn"), "first")
    place.session.commit()
    other = replace(place, round_=round_)
    open_round(other)
    return other


def make_large(engine):
    """Give SQLite 30 MB more to write anew."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE ballast (content BLOB)")
            for _ in range(30):
                connection.exec_driver_sql("INSERT INTO ballast VALUES (randomblob(1000000))")


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def lesser_account(engine, name="survey_lesser"):
    """An engine whose account owns the tables of this database, and nothing else."""
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run(f"CREATE ROLE {name}")
        run(f"GRANT ALL ON SCHEMA public TO {name}")
        for table in Base.metadata.sorted_tables:
            run(f'ALTER TABLE "{table.name}" OWNER TO {name}')
    lesser = sa.create_engine(engine.url)

    @sa.event.listens_for(lesser, "connect")
    def _become(connection, _record):
        connection.execute(f"SET SESSION AUTHORIZATION {name}")
        connection.commit()

    yield lesser
    lesser.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


GRANTS = (
    "GRANT pg_checkpoint TO survey_lesser",
    "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO survey_lesser",
    "GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO survey_lesser",
)
REVOKES = (
    "REVOKE pg_checkpoint FROM survey_lesser",
    "REVOKE EXECUTE ON FUNCTION pg_switch_wal() FROM survey_lesser",
    "REVOKE EXECUTE ON FUNCTION pg_ls_waldir() FROM survey_lesser",
)


def say(engine, statement):
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("missing", range(3))
def test_an_account_that_may_not_clear_the_log_does_not_seal(engine, tmp_path, missing):
    if engine.dialect.name == "sqlite":
        pytest.skip("a matter of PostgreSQL")
    with lesser_account(engine) as lesser, Session(lesser) as session:
        for grant in GRANTS:
            say(engine, grant)
        place = office(session, tmp_path / "keys")
        fill(place, place.village_ids()[0], 2)
        close(place)
        say(engine, REVOKES[missing])
        with pytest.raises(Refused, match=r"pg_checkpoint, pg_switch_wal\(\) and pg_ls_waldir"):
            do_seal(place)
        session.rollback()
        assert place.round_.state == "closed"
        say(engine, GRANTS[missing])
        do_seal(place)
        say(engine, REVOKES[missing])
        with pytest.raises(Refused, match="round resume"):
            scrub.scrub(session, place.round_, place.folder)
        session.rollback()
        assert place.round_.state == "scrubbing"
        say(engine, GRANTS[missing])
        assert scrub.resume(session, place.folder) == ["spring"]


def test_a_slot_that_keeps_the_log_holds_up_the_scrub(counted, engine, impatient):
    if engine.dialect.name == "sqlite":
        pytest.skip("a matter of PostgreSQL")
    command(engine.url, "SELECT pg_create_physical_replication_slot('forgotten', true)")
    try:
        with pytest.raises(Refused, match="replication slot"):
            scrub.scrub(counted.session, counted.round_, counted.folder)
        counted.session.rollback()
        assert counted.round_.state == "scrubbing"
        counted.session.commit()
    finally:
        command(engine.url, "SELECT pg_drop_replication_slot('forgotten')")
    assert scrub.resume(counted.session, counted.folder) == ["spring"]


def test_what_others_keep_is_known_to_the_sealing_sheet(counted, engine):
    if engine.dialect.name == "sqlite":
        scrub.scrub(counted.session, counted.round_, counted.folder)
        assert counted.round_.sealing["slots"] == []
        return
    command(engine.url, "SELECT pg_create_physical_replication_slot('idle', false)")
    try:
        scrub.scrub(counted.session, counted.round_, counted.folder)
    finally:
        command(engine.url, "SELECT pg_drop_replication_slot('idle')")
    sealing = counted.round_.sealing
    assert (sealing["slots"], sealing["standbys"], sealing["archived"]) == (["idle"], [], False)
    assert sealing["ballots"] == 12


def test_nothing_waits_for_a_scrub_afterwards(counted):
    assert health.box_facts(counted.session, counted.folder).waiting == ("spring",)
    scrub.scrub(counted.session, counted.round_, counted.folder)
    facts = health.box_facts(counted.session, counted.folder)
    assert (facts.waiting, facts.left_tables, facts.left_keys) == ((), (), ())
    assert counted.session.scalars(sa.select(RoundRow.state)).all() == ["sealed"]
