"""A long act that goes on when nobody watches: its thread, what it tells, and how it ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import Flask, current_app

from survey.core.errors import SurveyError
from survey.core.wording import N_, Sentence, say
from survey.storage.progress import Report

SILENCE_SECONDS = 10.0
"""After so long without news the last is told again, so that nothing on the way gives up."""
_STEP = 5

_FAULT = N_("Something went wrong on our side. The log of the server says what.")


@dataclass(frozen=True)
class News:
    """How far a stage has come, in steps of five percent."""

    stage: str
    percent: int


class Work:
    """An act in a thread with an application context and a session of its own.

    Whoever watches is told everything from the beginning, and may leave: it ends by itself.
    *fault* says why it stopped, where it did; *name* is the view's, for the log.
    """

    def __init__(self, act: Callable[[Report], object], name: str = "admin") -> None:
        self.fault: Sentence | None = None
        self._name = name
        self._news: list[News] = []
        self._changed = threading.Condition()
        self._ended = False
        app = current_app._get_current_object()
        self._thread = threading.Thread(target=self._run, args=(app, act))
        self._thread.start()

    def wait(self) -> None:
        """Return when it has ended."""
        self._thread.join()

    def watch(self) -> Iterator[News]:
        """Yield what is told, until the end."""
        seen = 0
        while True:
            with self._changed:
                if not self._ended and len(self._news) == seen:
                    self._changed.wait(SILENCE_SECONDS)
                ended, news = self._ended, self._news[seen:]
                seen = len(self._news)
                last = self._news[-1:]
            yield from news
            if ended:
                return
            if not news:
                yield from last

    def told(self, names: Mapping[str, str]) -> Iterator[tuple[Sentence, Iterator[News]]]:
        """Yield each stage, as *names* call it, with its news as they come."""
        yield from groupby(self.watch(), lambda news: say(names[news.stage]))

    def _run(self, app: Flask, act: Callable[[Report], object]) -> None:
        try:
            with app.app_context():
                act(self._tell)
        except SurveyError as error:
            self.fault = error.sentence
        except Exception:
            app.logger.exception("Exception in %s", self._name)
            self.fault = say(_FAULT)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _tell(self, stage: str, done: int, total: int) -> None:
        news = News(stage, 100 * done // total // _STEP * _STEP)
        with self._changed:
            if news not in self._news[-1:]:
                self._news.append(news)
                self._changed.notify_all()
