"""The service behind a real address, for as long as a test needs it.

Playwright keeps an event loop in the thread of the tests, in which Flask's contexts cannot end;
so whatever enters one is done in a thread apart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from survey import create_app
from survey.core import box
from survey.core.register import Entry
from survey.demo.notes import Notes
from survey.demo.present import SLUG
from survey.storage import accounts, boxes, keys, posters, registers, rounds, tickets
from survey.storage.db import begin_write, db
from survey.storage.moderation import Desk

Answer = TypeVar("Answer")


def apart(function: Callable[..., Answer], *values: Any) -> Answer:
    """Return what *function* returns for *values* in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *values).result()


class QuietHandler(WSGIRequestHandler):
    """Answers without writing a log."""

    def log(self, kind: str, message: str, *values: object) -> None:
        """Keep still."""


@dataclass
class Site:
    """A served installation: its address, and every request that it got, in order."""

    app: Flask
    seen: list[str] = field(default_factory=list)
    port: int = 0
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Listen, on the port of before where there was one."""
        server = make_server(
            "127.0.0.1", self.port, self, threaded=True, request_handler=QuietHandler
        )
        self.port, self._server = server.server_port, server
        self._thread = threading.Thread(target=server.serve_forever)
        self._thread.start()

    def end(self) -> None:
        """Stop listening; who connects is refused."""
        assert self._server and self._thread
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request and remember it."""
        self.seen.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return self.app(environ, start_response)

    @property
    def folder(self) -> Path:
        """The folder of the installation."""
        return self.app.extensions["settings"].instance_path

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return what *question* returns where the installation's database can be asked."""
        return apart(self._in_context, question)

    def _in_context(self, question: Callable[[], Answer]) -> Answer:
        with self.app.app_context():
            return question()

    def run(self, *words: str) -> str:
        """Return what ``flask --app survey`` *words* says."""
        result = apart(self.app.test_cli_runner().invoke, None, list(words))
        assert result.exit_code == 0, f"{words}: {result.output} {result.exception!r}"
        return result.output


@contextmanager
def serve(folder: Path, **overrides: Any) -> Iterator[Site]:
    """Serve the installation in *folder* on a free port of this machine alone."""
    site = Site(apart(create_app, {"instance_path": folder, **overrides}))
    site.begin()
    yield site
    site.end()
    site.ask(lambda: db.engine.dispose())


class Demonstration:
    """What tests want to know of the demonstration behind *site*."""

    def __init__(self, site: Site) -> None:
        self.site, self.address = site, site.address
        self.keys = site.app.extensions["settings"].keys

    def password(self, username: str) -> str:
        """Return the password of *username*."""
        return Notes.read(self.site.folder).passwords[username]

    def ballots(self) -> int:
        """Return how many ballots the box of the open round holds."""
        return self.site.ask(self._ballots)

    def _ballots(self) -> int:
        intake = boxes.of_round(rounds.by_slug(db.session, SLUG).id).intake
        return db.session.scalar(sa.select(sa.func.count()).select_from(intake)) or 0

    def poster(self, position: int = 0) -> str:
        """Return the path of a poster of the open round."""
        return self.site.ask(lambda: self._poster(position))

    def _poster(self, position: int) -> str:
        round_ = rounds.by_slug(db.session, SLUG)
        return f"/v/{posters.of_round(db.session, round_, 'mass')[position].code}"

    def helper(self) -> str:
        """Return the path of the helpers' link of the open round."""
        return self.site.ask(self._helper)

    def _helper(self) -> str:
        pepper = keys.pepper(self.keys, rounds.by_slug(db.session, SLUG).id)
        return f"/h/{box.make_mark(pepper)}"

    def slip(self, audience: str = "mass") -> str:
        """Return the path of a new slip of the open round."""
        return self.site.ask(lambda: self._slip(audience))

    def _slip(self, audience: str) -> str:
        begin_write(db.session)
        round_ = rounds.by_slug(db.session, SLUG)
        village = rounds.villages(db.session, round_)[0].village_id
        pepper = keys.pepper(self.keys, round_.id)
        (code,) = tickets.issue(db.session, round_, village, audience, 1, pepper)
        db.session.commit()
        return f"/t/{code}"

    def waiting_text(self) -> str:
        """Return the id of a comment about which the moderator has not decided."""
        return self.site.ask(self._waiting_text)

    def _waiting_text(self) -> str:
        round_ = rounds.by_slug(db.session, "demo-sealed")
        moderator = accounts.by_username(db.session, "moderator1")
        text = Desk(db.session, round_, moderator).next()
        assert text is not None
        return text.id.hex()

    def waiting_files(self) -> dict[str, str]:
        """Return the tokens of two files of the administrator: one without known columns."""
        return self.site.ask(self._waiting_files)

    def _waiting_files(self) -> dict[str, str]:
        begin_write(db.session)
        account = accounts.by_username(db.session, "admin")
        table = [["甲", "乙", "丙"], ["990101199201", "大槐镇", "新村"]]
        villages = [Entry("990101199201", "大槐镇", "新村"), Entry("990101100201", "", "新名")]
        tokens = {
            "unnamed": registers.keep_upload(db.session, account, "a.csv", b"", table),
            "preview": registers.keep_preview(db.session, account, "b.csv", villages),
        }
        db.session.commit()
        return tokens
