"""An act of the office in a process of its own, stopped at a chosen point for who kills it.

python -m tests.hostile.torture.act POINT WORDS… runs ``flask --app survey WORDS…`` and stops
itself (SIGSTOP) just before the statement that POINT names. POINT is what statements must hold,
in this order, parted by ">": ``UPDATE round>COMMIT`` is the first COMMIT after an UPDATE of round.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.bench import process

REMOVE = "REMOVE"
"""What is seen in place of a statement when a file is removed."""

_SECONDS = 120
_PAUSE = 0.005


class Act:
    """One running act; its end is the end of its process."""

    def __init__(self, words: list[str], settings: dict[str, str], point: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.torture.act", point, *words],
            cwd=process.ROOT,
            env=process.environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_stopped(self) -> bool:
        """Return whether it stands at its point; False where it has ended before."""
        flags = os.WSTOPPED | os.WEXITED | os.WNOHANG | os.WNOWAIT
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            found = os.waitid(os.P_PID, self._process.pid, flags)
            if found is not None:
                return found.si_code == os.CLD_STOPPED
            time.sleep(_PAUSE)
        self.kill()
        raise TimeoutError(f"the act neither ends nor stops: {self._process.args}")

    def kill(self) -> None:
        """Kill it where it stands."""
        self._process.kill()
        self._process.communicate(timeout=_SECONDS)

    def kill_within(self, seconds: float) -> bool:
        """Let it go on for *seconds*, then kill it; return whether it was still there."""
        self._process.send_signal(signal.SIGCONT)
        time.sleep(seconds)
        self.kill()
        return self._process.returncode == -signal.SIGKILL

    def finish(self) -> tuple[int, str]:
        """Let it go on; return its exit code and what it said."""
        self._process.send_signal(signal.SIGCONT)
        said, _ = self._process.communicate(timeout=_SECONDS)
        return self._process.returncode, said


class Watch:
    """Sees each statement before it is carried out."""

    def __init__(self, point: str) -> None:
        self._expected = point.split(">") if point else []

    def see(self, text: str) -> None:
        """Stop this process where *text* is the last that was waited for."""
        if self._expected and self._expected[0] in text:
            self._expected.pop(0)
            if not self._expected:
                os.kill(os.getpid(), signal.SIGSTOP)

    def attach(self) -> None:
        """Look at every connection of this process, and at files that are removed."""
        sys.addaudithook(self._file)
        event.listen(Engine, "connect", self._connect)
        event.listen(Engine, "before_cursor_execute", self._execute)
        event.listen(Engine, "commit", self._commit)

    def _file(self, name: str, _values: tuple[Any, ...]) -> None:
        if name == "os.remove":
            self.see(REMOVE)

    def _connect(self, connection: Any, _record: Any) -> None:
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(self.see)

    def _execute(self, connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if connection.dialect.name != "sqlite":
            self.see(statement)

    def _commit(self, connection: Any) -> None:
        if connection.dialect.name != "sqlite":
            self.see("COMMIT")


def moment(random_: random.Random) -> float:
    """Return a short time, 0 to 30 ms: about as long as a statement with its fsync takes."""
    return random_.uniform(0, 0.03)


def _main(point: str, *words: str) -> None:
    from flask.cli import main

    Watch(point).attach()
    sys.argv = ["flask", "--app", "survey", *words]
    main()


if __name__ == "__main__":
    _main(*sys.argv[1:])
