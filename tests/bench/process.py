"""One piece of work in a process of its own: python -m tests.bench.process MODULE FUNCTION.

The function gets an empty folder, makes ready what is not to be measured, and returns the work.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.cost import Cost

ROOT = Path(__file__).parents[2]
SECONDS = 300


def environment(**settings: str) -> dict[str, str]:
    """Return this environment with *settings* alone of the service's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    return kept | {f"SURVEY_{name.upper()}": value for name, value in settings.items()}


def run(*arguments: str, **settings: str) -> str:
    """Return what the Python command *arguments* prints."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        check=True,
        text=True,
        timeout=SECONDS,
    ).stdout


def measure(module: str, function: str, warm: bool = False) -> Cost:
    """Return the cost of the work in a new process; *warm*: of its second time there."""
    arguments = ["-m", "tests.bench.process", module, function, *(["warm"] if warm else [])]
    return Cost(**json.loads(run(*arguments)))


def _main(module: str, function: str, *how: str) -> None:
    with TemporaryDirectory(prefix="bench") as folder:
        work = getattr(import_module(f"tests.bench.{module}"), function)(Path(folder))
        if "warm" in how:
            work()
        print(json.dumps(_cost(work)))


def _cost(work: Callable[[], object]) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": wall, "cpu": cpu, "peak": peak}


if __name__ == "__main__":
    _main(*sys.argv[1:])
