"""A unique code, comment, address and browser go through every fault: nobody wrote them down."""

from __future__ import annotations

import logging
import re
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from survey import create_app
from survey.core import box
from survey.storage import boxes, questionnaires
from survey.storage.db import db, prepare
from tests import beside
from tests.bench import process
from tests.bench.service import free_port
from tests.conftest import TEMPLATE, command, text
from tests.hostile.attacker import loot, search
from tests.storage.round import Office, office

ADDRESS = "127.83.41.97"
FORWARDED = "203.0.113.219"
AGENT = "Quagga/7.31 (Nokia 3310; zh_CN)"
REFERRER = "https://wx.okapi.example/inbox"
COMMENT = "Quokka 5519: 村委会的账没有公开。"
WISH = "Numbat 7702: 自来水又停了。"
ONCE = box.make_once()
_SECONDS = 60
_PAUSE = 0.05
_CLOCK_STEP = 2.0
_NEXT_LINE = re.compile(r"\\\n\s*")


def canaries(code: str) -> dict[str, search.Secret]:
    """Return what must be in no file, by name."""
    return {
        "code": code,
        "code in groups": " ".join(code[at : at + 4] for at in range(0, 16, 4)),
        "comment": COMMENT,
        "first word of the comment": COMMENT.split(":")[0],
        "text beside": WISH,
        "once": ONCE,
        "address": ADDRESS,
        "forwarded address": FORWARDED,
        "browser": AGENT,
        "first word of the browser": AGENT.split()[0],
        "referrer": REFERRER,
    }


def form(code: str, **changes: str) -> dict[str, str]:
    """Return a form that is filled in, with its code and its number."""
    grades = {item.key: "good" for item in questionnaires.defaults()["mass"].items}
    written = {"comment": COMMENT, beside.WISH["key"]: WISH}
    return {"code": code, "once": ONCE} | written | grades | changes


def open_office(session: Session, folder: Path) -> Office:
    """Return an office whose round asks beside its grades."""
    asked = beside.audiences(session)
    return office(session, folder, key_holding="halves", audiences=asked)


HEADERS = {"User-Agent": AGENT, "Referer": REFERRER, "X-Forwarded-For": FORWARDED}


# The real server over SQLite.


@dataclass
class Phone:
    """A telephone at an address of its own that speaks to the server byte by byte."""

    port: int

    def call(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), _SECONDS, (ADDRESS, 0))

    def send(self, *parts: bytes) -> bytes:
        """Return what is answered to these bytes."""
        with self.call() as line:
            for part in parts:
                line.sendall(part)
            return read(line)

    def ask(self, method: str, path: str, filled: Mapping[str, str] | None = None) -> bytes:
        """Return the answer to a proper request."""
        return self.send(request(method, path, urlencode(filled).encode() if filled else b""))

    def break_off(self, part: bytes) -> None:
        """Send *part* of a request and cut the line, as a telephone does that loses its net."""
        line = self.call()
        line.sendall(part)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()


def read(line: socket.socket) -> bytes:
    answered = b""
    try:
        while part := line.recv(65536):
            answered += part
    except ConnectionResetError:
        pass
    return answered


def request(method: str, path: str, body: bytes = b"", **more: str) -> bytes:
    """Return a request as it goes over the line."""
    fields = {
        "Host": "127.0.0.1",
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    lines = [f"{name}: {value}" for name, value in (fields | HEADERS | more).items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + body


def status(answered: bytes) -> int:
    return int(answered.split(b" ", 2)[1]) if answered else 0


def gunicorn(port: int) -> list[str]:
    """Return the command by which make run starts the server, on another port."""
    makefile = (process.ROOT / "Makefile").read_text()
    found = re.search(r"\$\(BIN\)/gunicorn ((?:.*\\\n)*.*)\n", makefile)
    assert found, "make run starts gunicorn"
    words = shlex.split(_NEXT_LINE.sub(" ", found[1]).replace("$(PORT)", str(port)))
    return [sys.executable, "-m", "gunicorn", *words]


@dataclass
class Site:
    """An installation with one open round on SQLite, and where all its files are."""

    folder: Path
    codes: list[str]
    round_id: int

    @property
    def instance(self) -> Path:
        return self.folder / "instance"

    def database(self) -> sa.Engine:
        """Return the database, as somebody beside the service opens it."""
        engine = sa.create_engine(f"sqlite:///{self.instance / 'survey.sqlite'}")
        prepare(engine)
        return engine

    @contextmanager
    def served(self, *options: str) -> Iterator[Phone]:
        """Serve it as make run does, with more *options*, until the first page was answered."""
        port = free_port()
        *words, application = gunicorn(port)
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        settings = {"instance_path": str(self.instance), "key_cost": "minimum"}
        environment = process.environment(**settings) | {
            name: str(temporary) for name in ("TMPDIR", "SQLITE_TMPDIR")
        }
        with (self.folder / "server.log").open("ab") as log:
            server = subprocess.Popen(
                [*words, *options, application],
                cwd=process.ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
            try:
                wait_for(lambda: server.poll() is None and listens(port), "the server starts")
                yield Phone(port)
            finally:
                server.terminate()
                server.wait(_SECONDS)

    def errors(self) -> str:
        return (self.folder / "server.log").read_text()


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), _SECONDS) as line:
            line.sendall(b"GET /t/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return status(read(line)) == 200
    except ConnectionError:
        return False


def wait_for(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(_PAUSE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Site:
    """An installation that has just opened its first round, with slips for one village."""
    folder = tmp_path_factory.mktemp("canary")
    made = Site(folder, [], 0)
    made.instance.mkdir()
    shutil.copy(sqlite_template, made.instance / "survey.sqlite")
    engine = made.database()
    with Session(engine) as session:
        place = open_office(session, made.instance / "keys")
        made.codes = place.print(place.village_ids()[0], 3)
        made.round_id = place.round_.id
    engine.dispose()
    return made


@contextmanager
def pepper_gone(site: Site) -> Iterator[None]:
    """Take the pepper away for a moment."""
    (pepper,) = (site.instance / "keys").glob("*.pepper")
    hidden = pepper.rename(pepper.with_name("hidden"))
    yield
    hidden.rename(pepper)


@contextmanager
def pepper_unreadable(site: Site) -> Iterator[None]:
    """Put something that cannot be read where the pepper is, for a moment."""
    (pepper,) = (site.instance / "keys").glob("*.pepper")
    with pepper_gone(site):
        pepper.mkdir()
        yield
        pepper.rmdir()


@contextmanager
def broken(site: Site) -> Iterator[None]:
    """Let every row that is put into the box fail for a moment."""
    engine = site.database()
    intake = boxes.of_round(site.round_id).intake.name
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER broken BEFORE INSERT ON {intake} "
            "BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER broken")
    engine.dispose()


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Keep everybody from writing for a moment."""
    engine = site.database()
    with engine.connect().execution_options(begin="IMMEDIATE") as connection:
        connection.begin()
        yield
        connection.rollback()
    engine.dispose()


def break_things(phone: Phone, code: str) -> None:
    """Send what is too large, malformed, cut off or not there; nobody answers it with thanks."""
    path = f"/t/{code}?note={quote(COMMENT)}"
    sent = urlencode(form(code)).encode()
    oversize = phone.ask("POST", "/t/", form(code, comment=COMMENT * 4000))
    assert status(oversize) == 413
    assert status(phone.ask("PUT", path)) == 405
    assert status(phone.ask("GET", f"/v/{code}/{quote(COMMENT)}")) == 404
    assert status(phone.send(request("POST", "/t/", sent, **{"Content-Type": "a/b"}))) >= 400
    split = {"Content-Type": "multipart/form-data; boundary=x"}
    assert status(phone.send(request("POST", "/t/", b"--x\r\n" + sent, **split))) >= 400
    for malformed in (
        request("GET", path).replace(b"HTTP/1.1", b"HTTP/7.1"),
        request("GET", path).replace(b"GET", b"G=T"),
        request("GET", path).replace(b"Host:", f"{COMMENT}:".encode()),
        request("GET", path, **{"Transfer-Encoding": AGENT}),
        request("POST", path, sent, **{"Content-Length": code + "x"}),
        request("GET", path + "&more=" * 2000),
        request("GET", path, **{"X-Long": COMMENT * 2000}),
        b"\x00" + request("GET", path),
        f"{code} {COMMENT}\r\n\r\n".encode(),
    ):
        assert status(phone.send(malformed)) in range(400, 600)
    whole = request("POST", "/t/", sent)
    for part in (whole[:60], whole[: -len(sent)], whole[:-20]):
        phone.break_off(part)


def test_the_real_server_writes_nothing_down(site: Site) -> None:
    code, other, _ = site.codes
    answers: list[bytes] = []
    with site.served() as phone:
        with pepper_gone(site):
            assert status(phone.ask("GET", f"/t/{code}")) == 500
        with pepper_unreadable(site):
            assert status(phone.ask("GET", f"/t/{code}?note={quote(COMMENT)}")) == 500
        assert status(phone.ask("GET", f"/t/{code}")) == 200
        with broken(site):
            assert status(phone.ask("POST", "/t/", form(code))) == 500
        with locked(site):
            sender = threading.Thread(
                target=lambda: answers.append(phone.ask("POST", "/t/", form(code)))
            )
            sender.start()
            break_things(phone, code)
            sender.join(_SECONDS)
        assert [status(one) for one in answers] == [503]
        assert [status(phone.ask("POST", "/t/", form(code))) for _ in range(2)] == [200, 200]
        assert status(phone.ask("POST", "/t/", form(code, once=box.make_once()))) == 409
        assert status(phone.ask("POST", "/t/", form(other, w1=COMMENT, comment=COMMENT))) == 200
    assert search.leaks(canaries(code) | {"other": other}, search.written(site.folder)) == {}
    errors = site.errors()
    assert "Exception in collect.ticket [GET]" in errors, "faults are in the log that is searched"
    assert "Exception in collect.send_ticket [POST]" in errors
    assert "An answer could not be stored" in errors


def test_the_same_search_finds_what_a_naive_server_writes(site: Site) -> None:
    code = site.codes[-1]
    log = site.folder / "access.log"
    line = '%(h)s %({x-forwarded-for}i)s "%(r)s" "%(f)s" "%(a)s"'
    with site.served("--access-logfile", str(log), "--access-logformat", line) as phone:
        asked = urlencode({"once": ONCE, "comment": COMMENT, "wish": WISH})
        assert status(phone.ask("GET", f"/t/{code}?{asked}")) == 200
        wait_for(lambda: log.exists() and ONCE in log.read_text(), "the request is logged")
    files = search.written(site.folder)
    log.unlink()
    everything = set(canaries(code)) - {"code in groups"}
    assert search.leaks(canaries(code), files) == {"access.log": everything}


# The pages over PostgreSQL, whose server writes a log of its own.


@dataclass
class Pages:
    """The service in this process over PostgreSQL, and what it and the server write."""

    app: Flask
    engine: sa.Engine
    round_id: int
    folder: Path
    code: str
    since: float
    said: Callable[[], str]

    def post(self, **changes: str) -> int:
        """Return the status of the answer to a form that is sent."""
        return (
            self.app.test_client()
            .post(
                "/t/",
                data=form(self.code, **changes),
                headers=HEADERS,
                environ_base={"REMOTE_ADDR": ADDRESS},
            )
            .status_code
        )

    def run(self, statement: str) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)

    def files(self) -> dict[str, bytes]:
        """Return every file that was written to since the round was opened."""
        self.run("CHECKPOINT")
        (self.folder / "service.log").write_text(self.said())
        ours = search.written(self.folder)
        return ours | search.written(loot.data_folder(self.engine), self.since)


@pytest.fixture
def postgres_address(postgres_server: sa.URL) -> Iterator[str]:
    """A PostgreSQL database of this test's own."""
    name = f"canary_{uuid4().hex}"
    command(postgres_server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield text(postgres_server.set(database=name))
    command(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def over_postgres(
    postgres_address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd
) -> Iterator[Pages]:
    """An open round; faults are answered by their pages, as in service."""
    caplog.set_level(logging.INFO)
    since = time.time() - _CLOCK_STEP
    app = create_app(
        {
            "instance_path": tmp_path,
            "database_url": postgres_address,
            "key_cost": "minimum",
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    with app.app_context():
        place = open_office(db.session, app.extensions["settings"].keys)
        (code,) = place.print(place.village_ids()[0], 1)
        engine, round_id = db.engine, place.round_.id

    def said() -> str:
        return caplog.text + "".join(capfd.readouterr())

    yield Pages(app, engine, round_id, tmp_path, code, since, said)
    engine.dispose()


@pytest.mark.postgres
def test_neither_pages_nor_postgres_write_anything_down(over_postgres: Pages) -> None:
    pages = over_postgres
    intake = boxes.of_round(pages.round_id).intake.name
    assert pages.app.test_client().get(f"/t/{pages.code}", headers=HEADERS).status_code == 200
    pages.run(f"ALTER TABLE {intake} ADD CONSTRAINT broken CHECK (village_id < 0)")
    assert pages.post() == 500
    pages.run(f"ALTER TABLE {intake} DROP CONSTRAINT broken")
    with held(pages):
        assert pages.post() == 503
    assert pages.post(comment=COMMENT * 4000) == 413
    assert [pages.post(), pages.post()] == [200, 200]
    assert pages.post(once=box.make_once()) == 409
    files = pages.files()
    assert b"broken" in files["log"], "the server's own log is searched"
    assert b"lock timeout" in files["log"]
    assert b"Exception in collect.send_ticket" in files["service.log"]
    assert search.leaks(canaries(pages.code), files) == {}


@contextmanager
def held(pages: Pages) -> Iterator[None]:
    """Hold the round's lock, for which nobody waits long."""
    database = pages.engine.url.database
    pages.run(f"ALTER DATABASE {database} SET lock_timeout = '100ms'")
    pages.engine.dispose()
    with Session(pages.engine) as session:
        boxes.lock_alone(session, pages.round_id)
        yield
    pages.run(f"ALTER DATABASE {database} RESET lock_timeout")
    pages.engine.dispose()


@pytest.mark.postgres
def test_the_same_search_finds_what_naive_statements_leave(over_postgres: Pages) -> None:
    pages = over_postgres
    naive = ", ".join(f"'{value}'" for value in canaries(pages.code).values())
    pages.run(f"CREATE TABLE naive AS SELECT unnest(ARRAY[{naive}]) AS value")
    with pytest.raises(sa.exc.ProgrammingError):
        pages.run(f"SELECT nothing FROM naive WHERE value IN ({naive})")
    leaks = search.leaks(canaries(pages.code), pages.files())
    assert {name for name in leaks if name.startswith(("log", "base/", "pg_wal/"))} == set(leaks)
    assert leaks["log"] == set(canaries(pages.code))
    assert [held for name, held in leaks.items() if name.startswith("pg_wal/")]
    assert [held for name, held in leaks.items() if name.startswith("base/")]
