"""From nothing to the first answered page."""

from __future__ import annotations

import re
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench import service
from tests.bench.cost import Cost, interleave

BARE = "tests.bench.bare:app"


@dataclass(frozen=True)
class Addresses:
    """Paths of the open round of the demonstration."""

    ticket: str
    poster: str


class Watch:
    """What happens while it runs: seconds on the clock until `stop`, CPU of all that has ended."""

    def __init__(self) -> None:
        self._began, self._used = time.perf_counter(), _children()
        self._wall = 0.0

    def stop(self) -> None:
        """Take the time: the page is there."""
        self._wall = time.perf_counter() - self._began

    def cost(self) -> Cost:
        """Return what it was, once every process has ended."""
        return Cost(self._wall, _children() - self._used)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def first(instance: Path) -> tuple[Addresses, Cost]:
    """Start in the folder *instance*, which must not be there yet; return what it cost."""
    watch, port = Watch(), service.free_port()
    said = service.prepare(instance, port)
    addresses = Addresses(_path(r"/t/\d+", said), _path(r"/v/\w+", said))
    with service.serve(service.SERVICE, instance, port, addresses.ticket):
        watch.stop()
    return addresses, watch.cost()


def _path(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        raise ValueError(f"the demonstration names no address like {pattern}")
    return found[0]


def measure(
    instance: Path, addresses: Addresses, first_cost: Cost
) -> list[tuple[str, Cost, Cost | None]]:
    """Return what each way to start costs until a ticket's page is answered, and its floor."""
    costs = interleave(
        {
            "again": lambda: _again(instance, addresses.ticket),
            "server": lambda: _served(service.SERVICE, instance, addresses.ticket),
            "bare": lambda: _served(BARE, instance, addresses.ticket),
        }
    )
    bare = costs["bare"]
    return [
        ("make run in an empty folder, to the first ticket's page", first_cost, bare),
        ("make run again, to the first ticket's page", costs["again"], bare),
        ("  of it the server alone", costs["server"], bare),
        ("  floor: the server with a Flask page of one word", bare, None),
    ]


def _again(instance: Path, path: str) -> Cost:
    watch, port = Watch(), service.free_port()
    service.prepare(instance, port)
    with service.serve(service.SERVICE, instance, port, path):
        watch.stop()
    return watch.cost()


def _served(application: str, instance: Path, path: str) -> Cost:
    watch, port = Watch(), service.free_port()
    with service.serve(application, instance, port, path):
        watch.stop()
    return watch.cost()
