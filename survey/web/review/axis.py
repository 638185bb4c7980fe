"""The figures of a village as marks on one axis in points, the same for every row of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.bands import thresholds
from survey.core.policy import Policy
from survey.web.review.lines import Line

SOURCES = ("mass", "self", "organisational", "composite")
"""From top to bottom; each has a mark of its own too."""
WIDE, EDGE, LANE = 196, 10, 11
"""In the units of the drawing: its width, what is free at either end, the height of one mark."""


@dataclass(frozen=True)
class Mark:
    """One figure: where it is, and where its range begins and how wide it is, in units."""

    source: str
    x: float
    y: float
    left: float
    wide: float


@dataclass(frozen=True)
class Axis:
    """From the *lowest* to the *highest* points, with *turns* where a band begins."""

    lowest: float
    highest: float
    turns: tuple[float, ...]

    @property
    def wide(self) -> int:
        """How wide the drawing is."""
        return WIDE

    @property
    def high(self) -> int:
        """How high a row is: a lane for each figure."""
        return 4 * LANE + 4

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Where a number stands, and which: both ends and every turn."""
        points = sorted({self.lowest, self.highest, *self.turns})
        return tuple((self.at(one), f"{one:g}") for one in points)

    def at(self, points: float) -> float:
        """Return where *points* are."""
        share = (points - self.lowest) / (self.highest - self.lowest)
        return round(EDGE + share * (WIDE - 2 * EDGE), 1)

    def marks(self, line: Line) -> list[Mark]:
        """Return the figures of *line* from top to bottom, without those that are not shown."""
        mass, own, points = line.source("mass"), line.source("self"), line.organisational
        composite = line.shown.composite if line.shown else None
        ranges = [
            (mass.value, mass.low, mass.high) if mass else None,
            (own.value, own.low, own.high) if own else None,
            None if points is None else (points, None, None),
            (composite.value, composite.low, composite.high) if composite else None,
        ]
        return [
            self._mark(source, lane, *found)
            for lane, (source, found) in enumerate(zip(SOURCES, ranges, strict=True))
            if found is not None and found[0] is not None
        ]

    def _mark(
        self, source: str, lane: int, value: float, low: float | None, high: float | None
    ) -> Mark:
        left, right = (
            self.at(value if low is None else low),
            self.at(value if high is None else high),
        )
        middle = 2 + LANE * lane + LANE / 2
        return Mark(source, self.at(value), middle, left, round(right - left, 1))


def axis_of(policy: Policy) -> Axis:
    """Return the axis of a round under *policy*."""
    return Axis(policy.values[-1], policy.values[0], tuple(thresholds(policy).values()))
