"""Villagers with bad connections: they try again until they are told what became of the answer."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from survey.core import box
from survey.core.questionnaire import GRADES
from survey.storage import questionnaires
from tests.hostile.torture.ledger import Cell, Ledger, Paper

Place = tuple[Cell, str]
"""Where an answer counts, and the path of its form."""

SECONDS = 40
THANKS = "Thank you. Your answer is counted."
ENDED = "Answering has ended."
USED = "This slip has been used."
_PAUSE = 0.1
_OFTEN = 0.15
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_HEADING = re.compile(r"<h1[^>]*>([^<]*)</h1>")


@dataclass(frozen=True)
class Reply:
    """What came back; *heading* is the first one of the page."""

    status: int
    page: bytes
    retry_after: str | None

    @property
    def heading(self) -> str:
        found = _HEADING.search(self.page.decode())
        return unescape(found[1]) if found else ""


def begin(port: int, method: str, path: str, fields: dict[str, str] | None) -> HTTPConnection:
    """Send a request and return the connection on which its answer will come."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Accept-Language": "en"}
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = None if fields is None else urlencode(fields)
    try:
        connection.request(method, path, body, headers)
    except BaseException:
        connection.close()
        raise
    return connection


def finish(connection: HTTPConnection) -> Reply:
    """Return the answer that comes on *connection*."""
    try:
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(), answer.getheader("Retry-After"))
    finally:
        connection.close()


@dataclass(frozen=True)
class Form:
    """A form that was fetched and filled in: sent again it is the same form."""

    paper: Paper
    action: str
    fields: dict[str, str]

    def with_another_once(self) -> Form:
        """Return another form of the same slip, with a comment that must never be counted."""
        changed = {"once": box.make_once(), "comment": f"{self.paper.comment} again"}
        return Form(self.paper, self.action, self.fields | changed)


def fill(paper: Paper, page: bytes) -> Form:
    """Return the form on *page*, filled in with what only this villager writes."""
    hidden = dict(_HIDDEN.findall(page.decode()))
    asked = questionnaires.defaults()[paper.cell[1]]
    grades = {
        item.key: GRADES[answer] for item, answer in zip(asked.items, paper.answers, strict=True)
    }
    action = paper.path if paper.cell[2] == "poster" else "/t/"
    return Form(paper, action, hidden | grades | {"comment": paper.comment})


class Villager(threading.Thread):
    """Answers one paper after another while the round is open; then comes back with old forms."""

    def __init__(self, port: int, papers: Iterator[Paper], ledger: Ledger, seed: int) -> None:
        super().__init__(name=f"villager {seed}")
        self.port, self.papers, self.ledger = port, papers, ledger
        self.random = random.Random(seed)
        self.thanked: list[Form] = []
        self.late: list[Form] = []
        self.visits = 0

    def run(self) -> None:
        """Go on until the ledger is over; what may not happen goes into it."""
        try:
            for _ in range(2):
                self.late += filter(None, [self._fetch(self._paper())])
            while not self.ledger.over:
                if self.ledger.phase == "open":
                    self._answer()
                else:
                    self._come_back()
                    self.ledger.ended.wait(2 * _PAUSE)
        except Exception as error:
            self.ledger.complain(f"{self.name}: {error!r}")
            raise

    def _paper(self) -> Paper:
        with self.ledger.lock:
            return next(self.papers)

    def _fetch(self, paper: Paper) -> Form | None:
        reply = self._ask("GET", paper.path, None)
        if reply is None or reply.heading == ENDED:
            return None
        form = fill(paper, reply.page)
        if reply.status == 200 and len(form.fields) >= 14:
            return form
        self._complain("the form", reply)
        return None

    def _answer(self) -> None:
        form = self._fetch(self._paper())
        if form is None:
            return
        self.ledger.send(form.paper)
        reply = self._twice(form) if self.random.random() < _OFTEN else None
        reply = reply or self._post(form)
        if reply is None:
            return
        if reply.heading == ENDED:
            self.ledger.refuse(form.paper)
        elif self._is_thanks(reply):
            self.ledger.thank(form.paper, reply.page)
            self.thanked.append(form)
            self._be_curious(form)
        elif not self.ledger.sealing or reply.status >= 500:
            self._complain("a first form", reply)

    def _twice(self, form: Form) -> Reply | None:
        """Press the button twice at once; None where a connection broke."""
        self.ledger.note("double taps")
        try:
            with ExitStack() as both:
                taps = [
                    both.enter_context(closing(begin(self.port, "POST", form.action, form.fields)))
                    for _ in range(2)
                ]
                replies = [finish(tap) for tap in taps]
        except (OSError, HTTPException):
            return None
        if any(reply.status == 503 for reply in replies):
            return None
        if replies[0].page != replies[1].page:
            self._complain("the second of two taps", replies[1])
        return replies[0]

    def _be_curious(self, form: Form) -> None:
        if self.random.random() < _OFTEN:
            self._come_back_with(form)
        if form.paper.cell[2] == "ticket" and self.random.random() < _OFTEN:
            reply = self._post(form.with_another_once())
            self.ledger.note("second forms")
            told = reply and (
                (reply.status, reply.heading) == (409, USED) or reply.heading == ENDED
            )
            if reply and not told and not self.ledger.sealing:
                self._complain("a second form", reply)

    def _come_back(self) -> None:
        forms = self.thanked[-20:] + self.late
        if forms:
            self._come_back_with(self.random.choice(forms))

    def _come_back_with(self, form: Form) -> None:
        """Send an old form: thanks where it was thanked, never where it comes after the close."""
        late = form in self.late
        if late:
            self.ledger.send(form.paper)
        reply = self._post(form)
        if reply is None:
            return
        self.visits += 1
        self.ledger.note(f"{'late' if late else 'old'} forms")
        if late and reply.heading == ENDED:
            self.ledger.refuse(form.paper)
        elif self._is_thanks(reply) and not late:
            self.ledger.thank(form.paper, reply.page)
        elif not self.ledger.sealing or self._is_thanks(reply) or reply.status >= 500:
            self._complain("a late form" if late else "an old form", reply)

    def _is_thanks(self, reply: Reply) -> bool:
        return reply.status == 200 and reply.heading == THANKS

    def _is_refusal(self, reply: Reply) -> bool:
        return reply.heading == ENDED or (reply.status, reply.heading) == (409, USED)

    def _post(self, form: Form) -> Reply | None:
        return self._ask("POST", form.action, form.fields)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> Reply | None:
        """Return the answer to a request that is sent until there is one; None when it is over."""
        while not self.ledger.over:
            try:
                reply = finish(begin(self.port, method, path, fields))
            except (OSError, HTTPException):
                self.ledger.note("broken connections")
            else:
                if reply.status != 503:
                    return reply
                self.ledger.note("busy")
                if not reply.retry_after:
                    self._complain("503 without Retry-After", reply)
            self.ledger.ended.wait(_PAUSE)
        return None

    def _complain(self, what: str, reply: Reply) -> None:
        phase = self.ledger.phase
        self.ledger.complain(f"{what} was answered {reply.status} {reply.heading!r} ({phase})")


class Crowd:
    """Villagers at work, all at once."""

    def __init__(self, port: int, papers: Iterator[Paper], ledger: Ledger, number: int) -> None:
        self.ledger = ledger
        self.villagers = [Villager(port, papers, ledger, seed) for seed in range(number)]

    def start(self) -> None:
        """Let them begin."""
        for villager in self.villagers:
            villager.start()

    def wait_for_thanks(self, more: int, seconds: float = 90) -> None:
        """Return when *more* answers have been acknowledged; raises `TimeoutError`."""
        goal = len(self.ledger.thanked) + more
        self._wait(lambda: len(self.ledger.thanked) >= goal, seconds, "answers to be thanked")

    def wait_for_visits(self, seconds: float = 90) -> None:
        """Return when each villager has come back once more; raises `TimeoutError`."""
        goals = [villager.visits + 1 for villager in self.villagers]
        self._wait(
            lambda: all(
                villager.visits >= goal
                for villager, goal in zip(self.villagers, goals, strict=True)
            ),
            seconds,
            "old forms to be answered",
        )

    def _wait(self, reached: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline or self.ledger.over:
                raise TimeoutError(f"waited for {what}: {self.ledger.findings()}")
            self.ledger.ended.wait(_PAUSE)

    def stop(self) -> None:
        """Send them home and wait until the last has gone."""
        self.ledger.ended.set()
        for villager in self.villagers:
            if villager.ident is not None:
                villager.join(2 * SECONDS)


def papers(slips: Sequence[Place], posters: Sequence[Place]) -> Iterator[Paper]:
    """Yield papers without end: slips and posters in turn, posters alone when no slip is left."""
    remaining, walls = iter(slips), itertools.cycle(posters)
    for number in itertools.count(1):
        chosen = next(remaining, None) if number % 3 else None
        yield Paper(number, *(chosen or next(walls)))
