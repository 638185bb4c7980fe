"""A command in a process of its own that is killed at its n-th step, without the command's help.

A step is a statement to the database, with those inside of a VACUUM; a COMMIT; a file of the key
folder that is opened, overwritten or removed. The kill comes just before the step is taken.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

NEVER = 0
_PATIENCE_SECONDS = 120
_context = multiprocessing.get_context("forkserver")


def run(words: list[str], overrides: dict[str, Any], step: int, report: Path) -> int | None:
    """Run ``flask --app survey`` *words*, killed at *step*; return how the process ended.

    What ran to its end has written into *report* how many steps it took, its exit code, its words.
    """
    _context.set_forkserver_preload(["survey.application", "tests.hostile.cut_short"])
    process = _context.Process(target=_command, args=(words, overrides, step, report))
    process.start()
    process.join(_PATIENCE_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
        raise AssertionError(f"{words} hangs at step {step}")
    return process.exitcode


def _command(words: list[str], overrides: dict[str, Any], step: int, report: Path) -> None:
    from survey import create_app

    steps = Steps(step)
    steps.watch_statements()
    steps.watch_files(overrides["instance_path"] / "keys")
    result = create_app(overrides).test_cli_runner().invoke(args=words)
    report.write_text(f"{steps.taken}\n{result.exit_code}\n{result.output}")


class Steps:
    """Counts steps, and kills this process when the last one comes."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.taken = 0

    def __call__(self, *_: object) -> None:
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_statements(self) -> None:
        """Count what any engine says to its database, just before it is done."""

        @sa.event.listens_for(sa.Engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:
            if hasattr(connection, "set_trace_callback"):
                connection.set_trace_callback(self)

        @sa.event.listens_for(sa.Engine, "before_cursor_execute")
        def _execute(connection: sa.Connection, *_: Any) -> None:
            if connection.dialect.name != "sqlite":
                self()

        @sa.event.listens_for(sa.Engine, "commit")
        def _commit(connection: sa.Connection) -> None:
            if connection.dialect.name != "sqlite":
                self()

    def watch_files(self, folder: Path) -> None:
        """Count each opening and removing of a file in *folder*."""

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event in ("open", "os.remove") and str(arguments[0]).startswith(str(folder)):
                self()

        sys.addaudithook(hook)
