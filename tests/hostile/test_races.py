"""Eight writers against the close and the deadline: who was thanked is sealed, who is late is told.

Through storage, as one process sees it, and through the pages. What the locks promise is also shown
one step at a time, with either side held at the worst moment.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey import create_app
from survey.core import box, keys
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.storage import acts, boxes, intake, rounds, seal
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db, now, prepare
from survey.storage.intake import Outcome, Submission
from survey.storage.tables import AccountRow
from tests.hostile.torture import clients, ledger
from tests.hostile.torture.clients import ENDED, THANKS
from tests.hostile.torture.ledger import Ledger, Paper
from tests.hostile.torture.office import KEYS, Installation, round_of
from tests.storage.round import PASSWORD
from tests.web.browser import Browser

WRITERS = 8
LATE = 3
SECONDS = 60
UNSEEN = 1.0
"""How long somebody who must wait is watched doing so."""


class Door(Protocol):
    """A way to the box; `put` may be called from many threads."""

    def put(self, paper: Paper) -> str:
        """Return "counted", "closed", "gone" (the box was sealed), or what else was said."""

    def close(self) -> None:
        """Close the round by two persons."""

    def end(self) -> None:
        """Let go of the database."""


class StorageDoor:
    """Straight into `storage.intake`, a session for each writer."""

    def __init__(self, installation: Installation) -> None:
        self.engine = sa.create_engine(installation.address, pool_size=WRITERS + 2)
        prepare(self.engine)
        with Session(self.engine) as session:
            round_ = round_of(session)
            self.round_id = round_.id
            self.asked = {
                one.audience: (one.questionnaire_digest, one.ballot_length or 0)
                for one in round_.audiences
            }
            self.pepper = key_folder.pepper(installation.folder / KEYS, round_.id)
            self.seal = box.sealer(round_.public_key or b"", self.pepper)

    def write(self, paper: Paper) -> Submission:
        """Return the submission that a form of *paper* makes."""
        village, audience, access = paper.cell
        digest, length = self.asked[audience]
        if access == "ticket":
            mac = box.ticket_mac(self.pepper, paper.path.removeprefix("/t/"))
        else:
            mac = box.read_nonce(self.pepper, box.make_nonce(self.pepper, village, audience))[2]
        place = Place(self.round_id, village, audience, access, digest)
        sealed = self.seal(place, Ballot(paper.answers, paper.comment), length, 5_900_000)
        tag = box.tag(self.pepper, mac, box.make_once())
        return Submission(self.round_id, village, audience, access, mac, tag, sealed)

    def put(self, paper: Paper) -> str:
        with Session(self.engine) as session:
            outcome = intake.add(session, self.write(paper))
            session.commit()
        return outcome.value

    def close(self) -> None:
        with Session(self.engine) as session:
            begin_write(session)
            first, second = persons(session)
            acts.propose(session, round_of(session), "round.close", first)
            session.commit()
            begin_write(session)
            rounds.close(session, round_of(session), second, two_person=True)
            session.commit()

    def end(self) -> None:
        self.engine.dispose()


class WebDoor:
    """Through the pages: villagers by form, the two persons each in a browser of their own."""

    def __init__(self, installation: Installation) -> None:
        settings = {"testing": True, "secret_key": "a secret for tests, long enough to be one"}
        self.app: Flask = create_app(installation.settings | settings)
        self.staff = [Browser(self.app).sign_in(name, PASSWORD) for name in ("first", "second")]
        for browser in self.staff:
            browser.get("/admin/rounds/spring/close")

    def put(self, paper: Paper) -> str:
        visitor, english = self.app.test_client(), {"Accept-Language": "en"}
        shown = visitor.get(paper.path, headers=english)
        if ENDED in shown.text:
            return "closed"
        if shown.status_code == 404:
            return "gone"
        form = clients.fill(paper, shown.data)
        answer = visitor.post(form.action, data=form.fields, headers=english)
        if ENDED in answer.text:
            return "closed"
        if answer.status_code == 404:
            return "gone"
        return "counted" if THANKS in answer.text else f"{answer.status_code} {answer.text}"

    def close(self) -> None:
        first, second = self.staff
        first.get("/admin/rounds/spring/close").press("Propose to close now")
        second.get("/admin/rounds/spring/close").press("Close the round now")

    def end(self) -> None:
        with self.app.app_context():
            db.engine.dispose()


def persons(session: Session) -> tuple[AccountRow, AccountRow]:
    """Return the two administrators."""
    rows = session.scalars(sa.select(AccountRow).order_by(AccountRow.username)).all()
    return rows[0], rows[1]


@pytest.fixture
def place(installed: Callable[[int], Installation]) -> Installation:
    return installed(40)


@contextmanager
def opened(make: type[Any], installation: Installation) -> Iterator[Any]:
    door = make(installation)
    try:
        yield door
    finally:
        door.end()


class Race:
    """Eight writers who go on until each has been told three times that it is too late."""

    def __init__(self, installation: Installation, door: Door) -> None:
        self.door = door
        self.sealing = threading.Event()
        self.ledger = Ledger(SECONDS)
        self.papers = clients.papers(installation.slips, installation.posters)

    def write(self) -> int:
        """Write until it is too late; return how often it was."""
        late = 0
        while late < LATE and not self.ledger.over:
            with self.ledger.lock:
                paper = next(self.papers)
            self.ledger.send(paper)
            said = self.door.put(paper)
            if said == "counted":
                self.ledger.thank(paper, b"")
            elif said == "closed":
                self.ledger.refuse(paper)
                late += 1
            elif said == "gone" and self.sealing.is_set():
                late += 1
            else:
                self.ledger.complain(said)
        return late

    def run(self, end: Callable[[], None]) -> None:
        """Let them write, carry *end* out among them, wait until each is too late."""
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(self.write) for _ in range(WRITERS)]
            try:
                self.wait_for(40)
                end()
            except BaseException:
                self.ledger.ended.set()
                raise
        assert [writer.result() for writer in writers] == [LATE] * WRITERS
        assert self.ledger.findings() == []

    def wait_for(self, thanked: int) -> None:
        while len(self.ledger.thanked) < thanked:
            assert not self.ledger.over, self.ledger.findings()
            self.ledger.ended.wait(0.005)


def do_seal(installation: Installation) -> None:
    """Seal the closed round with both halves."""
    with installation.session() as session:
        begin_write(session)
        rounds.close_due(session)
        session.commit()
        round_, folder = round_of(session), installation.folder / KEYS
        halves = [(installation.folder / name).read_text().strip() for name in "12"]
        private = keys.unwrap(
            key_folder.locked(folder, round_.id), (halves[0], halves[1]), round_.public_key or b""
        )
        pepper = key_folder.pepper(folder, round_.id)
        seal.seal(session, round_, private, pepper, persons(session))
        session.commit()


def what_the_seal_lacks(installation: Installation, kept: Ledger) -> list[str]:
    with installation.session() as session:
        return ledger.of_seal(session, round_of(session), kept)


@pytest.mark.parametrize("make", [StorageDoor, WebDoor])
def test_eight_writers_race_the_close_and_the_seal(place: Installation, make: type[Any]) -> None:
    with opened(make, place) as door:
        race = Race(place, door)

        def close_and_seal_at_once() -> None:
            door.close()
            race.sealing.set()
            do_seal(place)

        race.run(close_and_seal_at_once)
    assert what_the_seal_lacks(place, race.ledger) == []


@pytest.mark.parametrize("make", [StorageDoor, WebDoor])
def test_eight_writers_race_the_deadline(place: Installation, make: type[Any]) -> None:
    def bring_the_deadline_near() -> None:
        with place.session() as session:
            begin_write(session)
            round_of(session).closes_at = now(session) + timedelta(seconds=2)
            session.commit()

    with opened(make, place) as door:
        race = Race(place, door)
        race.run(bring_the_deadline_near)
    do_seal(place)
    assert what_the_seal_lacks(place, race.ledger) == []
    with place.session() as session:
        assert round_of(session).closed_at == round_of(session).closes_at


@contextmanager
def held(
    engine: sa.Engine, text: str, moment: str = "before"
) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Hold the first who says *text* to the database: events *reached* and *go_on*."""
    reached, go_on = threading.Event(), threading.Event()

    def hold(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if text in statement and not reached.is_set():
            reached.set()
            go_on.wait(SECONDS)

    event.listen(engine, f"{moment}_cursor_execute", hold)
    try:
        yield reached, go_on
    finally:
        go_on.set()
        event.remove(engine, f"{moment}_cursor_execute", hold)


def ends_soon(work: Future[Any]) -> bool:
    """Say whether *work* ends while it is watched."""
    deadline = time.monotonic() + UNSEEN
    while time.monotonic() < deadline:
        if work.done():
            return True
        time.sleep(0.01)
    return False


def test_a_close_waits_for_the_ballot_that_is_under_way(place: Installation) -> None:
    with opened(StorageDoor, place) as door, ThreadPoolExecutor(2) as pool:
        paper = next(clients.papers(place.slips, place.posters))
        with held(door.engine, "INSERT INTO box") as (reached, go_on):
            writer = pool.submit(door.put, paper)
            assert reached.wait(SECONDS)
            closer = pool.submit(door.close)
            assert not ends_soon(closer), "the round was closed over a ballot under way"
            go_on.set()
            assert writer.result(SECONDS) == "counted"
            closer.result(SECONDS)
    kept = Ledger(SECONDS, sent={paper.number: paper}, thanked={paper.number})
    do_seal(place)
    assert what_the_seal_lacks(place, kept) == []


def test_a_ballot_that_comes_while_the_round_closes_is_told_so(place: Installation) -> None:
    with opened(StorageDoor, place) as door, ThreadPoolExecutor(2) as pool:
        paper = next(clients.papers(place.slips, place.posters))
        with held(door.engine, "UPDATE round SET") as (reached, go_on):
            closer = pool.submit(door.close)
            assert reached.wait(SECONDS)
            writer = pool.submit(door.put, paper)
            assert not ends_soon(writer), "a ballot did not wait for the close under way"
            go_on.set()
            closer.result(SECONDS)
            assert writer.result(SECONDS) == Outcome.CLOSED.value
    kept = Ledger(SECONDS, sent={paper.number: paper}, refused={paper.number})
    do_seal(place)
    assert what_the_seal_lacks(place, kept) == []


def test_a_seal_that_is_said_twice_at_once_is_done_once(
    place: Installation,
) -> None:
    with opened(StorageDoor, place) as door:
        papers = list(itertools.islice(clients.papers(place.slips, place.posters), 20))
        for paper in papers:
            assert door.put(paper) == "counted"
        door.close()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(do_seal, place) for _ in range(2)]
    refused = [type(one.exception()).__name__ for one in both if one.exception()]
    assert refused == ["Refused"]
    kept = Ledger(SECONDS, sent={one.number: one for one in papers})
    kept.thanked = set(kept.sent)
    assert what_the_seal_lacks(place, kept) == []


def destroy_the_box(installation: Installation) -> None:
    """Do what the scrub does first."""
    with installation.session() as session:
        begin_write(session)
        round_ = round_of(session)
        round_.state = "scrubbing"
        boxes.drop(session, round_.id)
        session.commit()
        key_folder.discard(installation.folder / KEYS, round_.id)


def requests_of(installation: Installation) -> dict[str, tuple[str, dict[str, str] | None]]:
    """Return what villagers may ask for when the round is closed: path and fields, by a name."""
    (slip_cell, slip), (poster_cell, poster) = installation.slips[0], installation.posters[0]
    with installation.session() as session:
        pepper = key_folder.pepper(installation.folder / KEYS, round_of(session).id)
    hidden = {"code": slip.removeprefix("/t/"), "once": box.make_once()}
    nonce = {"nonce": box.make_nonce(pepper, *poster_cell[:2])}
    return {
        "slip": (slip, None),
        "slip's form": ("/t/", clients.fill(Paper(1, slip_cell, slip), b"").fields | hidden),
        "poster's form": (
            poster,
            clients.fill(Paper(2, poster_cell, poster), b"").fields | nonce,
        ),
    }


@pytest.mark.parametrize(
    ("asked", "moment", "statement"),
    [
        ("slip", "after", "FROM round \n"),
        ("slip", "before", "FROM box"),
        ("slip's form", "after", "FROM round \n"),
        ("slip's form", "before", "FROM box"),
        ("poster's form", "after", "FROM round \n"),
    ],
)
def test_a_page_that_is_made_while_the_box_is_destroyed_is_no_fault(
    place: Installation, asked: str, moment: str, statement: str
) -> None:
    path, fields = requests_of(place)[asked]
    with opened(StorageDoor, place) as door:
        door.close()
    with opened(WebDoor, place) as door, ThreadPoolExecutor(1) as pool:
        client = door.app.test_client()
        ask = client.get if fields is None else client.post
        with door.app.app_context():
            engine = db.engine
        with held(engine, statement, moment) as (reached, go_on):
            page = pool.submit(ask, path, data=fields)
            assert reached.wait(SECONDS)
            destroy_the_box(place)
            go_on.set()
            assert page.result(SECONDS).status_code in (200, 404)
