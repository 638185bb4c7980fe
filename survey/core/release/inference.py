"""What a reader could work out of counts in fives, when the scores above them are told too.

A score is a mean of items. Where all roundings went one way, it leaves the counts below it hardly
any room, or none. So the release works it out first and keeps those counts back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.core.release import rules
from survey.core.tallies import GRADES

_PASSES = 3
_TOUCHING = 1e-9

Span = tuple[float, float]
Table = NDArray[np.int64]


@dataclass(frozen=True)
class Told:
    """A released mean: the weights of its items by position, and between which points it is."""

    weights: Mapping[int, float]
    between: Span


def rooms(
    shown: Mapping[int, Sequence[int]],
    graded: Mapping[int, tuple[int, int]],
    told: Sequence[Told],
    values: Sequence[float],
) -> dict[int, int]:
    """Return for each item how much room is left to the grade that has least: most − least.

    *shown*: counts of the grades in fives, by position; *graded*: between which numbers graded each
    item. A grade that nobody may have given has all the room there is. 0 where the figures do not
    go together.
    """
    tables = {place: _table(counts, graded[place]) for place, counts in shown.items()}
    ends = (min(values), max(values))
    spans: dict[int, Span] = {place: ends for one in told for place in one.weights}
    for _ in range(_PASSES):
        for place, table in tables.items():
            means = table @ np.asarray(values) / table.sum(axis=1)
            low, high = spans.get(place, ends)
            fits = (means >= low - _TOUCHING) & (means <= high + _TOUCHING)
            tables[place] = table[fits]
            if fits.any():
                spans[place] = (float(means[fits].min()), float(means[fits].max()))
        for one in told:
            spans |= _narrowed(one, spans)
    return {place: _room(table) for place, table in tables.items()}


@lru_cache(maxsize=1)
def _offsets() -> Any:
    return np.array(list(product(range(rules.COUNT_STEP), repeat=GRADES)))


def _table(shown: Sequence[int], graded: tuple[int, int]) -> Table:
    """Return all counts of the grades that are *shown* so and add up to *graded*, at least 1."""
    half = rules.COUNT_STEP // 2
    least = np.maximum(np.asarray(shown) - half, 0)
    table: Table = least + _offsets()
    total = table.sum(axis=1)
    fits = (total >= max(graded[0], 1)) & (total <= graded[1])
    fitting: Table = table[fits & (table <= np.asarray(shown) + half).all(axis=1)]
    return fitting


def _narrowed(one: Told, spans: Mapping[int, Span]) -> dict[int, Span]:
    """Return the spans of the items of *one* as far as the others leave them open."""
    low = sum(weight * spans[place][0] for place, weight in one.weights.items())
    high = sum(weight * spans[place][1] for place, weight in one.weights.items())
    return {
        place: (
            max(spans[place][0], spans[place][1] - (high - one.between[0]) / weight),
            min(spans[place][1], spans[place][0] + (one.between[1] - low) / weight),
        )
        for place, weight in one.weights.items()
    }


def _room(table: Table) -> int:
    if not len(table):
        return 0
    least, most = table.min(axis=0), table.max(axis=0)
    return int(np.where(least == 0, rules.COUNT_STEP, most - least).min())
