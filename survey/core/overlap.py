"""Which villages an order does not tell apart: those whose ranges overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

Range = tuple[float, float]
"""Lower and upper limit of a score in points, both included."""


def overlapping(ranges: Sequence[Range | None]) -> list[int | None]:
    """Return how many of the other *ranges* each one overlaps; None where there is no range.

    Ranges that touch overlap. Two that do may still differ; two that do not, hardly agree.
    """
    known = [one for one in ranges if one is not None]
    lows, highs = sorted(low for low, _ in known), sorted(high for _, high in known)

    def others(one: Range) -> int:
        below = bisect_left(highs, one[0])
        above = len(lows) - bisect_right(lows, one[1])
        return len(known) - below - above - 1

    return [None if one is None else others(one) for one in ranges]
