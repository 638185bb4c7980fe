"""What a piece of work costs, and how it is repeated so that its neighbours meet the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

RUNS = 5
LONG = 2.0
"""Seconds from which work is measured once."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processor, and the process's peak in MB."""

    wall: float
    cpu: float | None = None
    peak: float | None = None
    runs: int = 1

    def times(self, number: int) -> Cost:
        """Return what *number* times the work would cost; its memory is not known."""
        return Cost(self.wall * number, self.cpu and self.cpu * number, None, self.runs)


Work = Callable[[], Cost]


def interleave(works: Mapping[str, Work]) -> dict[str, Cost]:
    """Return the median cost of each of *works*: in turn, again and again; long ones once."""
    runs = {name: [work()] for name, work in works.items()}
    for _ in range(RUNS - 1):
        for name, work in works.items():
            if runs[name][0].wall < LONG:
                runs[name].append(work())
    return {name: _median(costs) for name, costs in runs.items()}


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        median(cost.wall for cost in costs),
        _median_of([cost.cpu for cost in costs]),
        _median_of([cost.peak for cost in costs]),
        len(costs),
    )


def _median_of(figures: list[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return median(known) if known else None
