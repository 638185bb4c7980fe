"""The real server, as make run starts it, to be killed by its ids and started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path

from tests.bench import process
from tests.bench.service import SERVICE, free_port
from tests.hostile.torture import clients

WHOM = ("worker", "workers", "master", "all")
_SECONDS = 60
_PAUSE = 0.02


class Server:
    """gunicorn with two workers of eight threads over the installation that *settings* name."""

    def __init__(self, folder: Path, settings: dict[str, str], seed: int = 0) -> None:
        self.port = free_port()
        self.log = folder / "server.log"
        self._environment = process.environment(**settings)
        self._random = random.Random(seed)
        self._master: subprocess.Popen[bytes] | None = None

    @property
    def master(self) -> subprocess.Popen[bytes]:
        """The master process."""
        assert self._master is not None, "the server was never started"
        return self._master

    def start(self) -> None:
        """Start it and wait for its first page."""
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}"),
                    *("--workers", "2", "--threads", "8", "--preload"),
                    *("--no-control-socket", "--log-level", "warning", SERVICE),
                ],
                cwd=process.ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _SECONDS
        while not self._answers():
            if self.master.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {self.log.read_text()}")
            time.sleep(_PAUSE)

    def _answers(self) -> bool:
        try:
            return clients.finish(clients.begin(self.port, "GET", "/t/", None)).status == 200
        except (OSError, HTTPException):
            return False

    def workers(self) -> list[int]:
        """Return the ids of the workers that run now."""
        master = self.master.pid
        path = Path(f"/proc/{master}/task/{master}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def kill(self, whom: str) -> None:
        """Kill with SIGKILL: a worker, all workers, the master, or all; then start what is gone.

        gunicorn starts workers again by itself. Workers without a master end by themselves.
        """
        workers = self._some_workers()
        if whom in ("worker", "workers"):
            for pid in workers if whom == "workers" else [self._random.choice(workers)]:
                _kill(pid)
            return
        self.master.kill()
        if whom == "all":
            for pid in workers:
                _kill(pid)
        self.master.wait(_SECONDS)
        self._wait_until_gone(workers)
        self.start()

    def _some_workers(self) -> list[int]:
        deadline = time.monotonic() + _SECONDS
        while not (found := self.workers()):
            if time.monotonic() > deadline:
                raise RuntimeError("the server has no workers")
            time.sleep(_PAUSE)
        return found

    def _wait_until_gone(self, pids: list[int]) -> None:
        deadline = time.monotonic() + _SECONDS
        while any(map(_runs, pids)):
            if time.monotonic() > deadline:
                raise RuntimeError("workers without a master do not end")
            time.sleep(_PAUSE)

    def stop(self) -> None:
        """End it as an operator would; what does not end is killed."""
        if self._master is None:
            return
        workers = self.workers()
        self.master.terminate()
        try:
            self.master.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait(_SECONDS)
            for pid in filter(_runs, workers):
                _kill(pid)

    def findings(self) -> list[str]:
        """Return the last lines of every traceback in the log."""
        text = self.log.read_text() if self.log.exists() else ""
        tracebacks = text.split("Traceback (most recent call last):")[1:]
        return [f"traceback in the log: {_last_line(one)}" for one in tracebacks]


def _last_line(traceback: str) -> str:
    lines = traceback.strip().splitlines()
    return next((line for line in lines if line and not line.startswith(" ")), lines[-1])


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _runs(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return text.rpartition(")")[2].split()[0] != "Z"
