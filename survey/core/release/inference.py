"""What a reader could work out of counts in fives, when the scores above them are told too.

A score is a mean of items. Where all roundings went one way, it leaves the counts below it hardly
any room, or none. So the release works it out first and keeps those counts back. Array work over
many sources at once: S sources, I items of which counts are shown, P positions, C combinations.
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
_SOURCES = 64
"""How many sources are worked out at once, so that their numbers stay near the processor."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Truths = NDArray[np.bool_]
Span = tuple[float, float]
Spans = tuple[Floats, Floats]
"""Between which points the mean of each item of each source is: lowest and highest, (S, P)."""


@dataclass(frozen=True)
class Told:
    """A released mean: the weights of its items by position, and between which points it is."""

    weights: Mapping[int, float]
    between: Span


@dataclass(frozen=True)
class Shown:
    """What is shown of one source.

    *counts* of the grades in fives, by position; *graded*: between which numbers graded each of
    these items; *told*: the scores above them.
    """

    counts: Mapping[int, Sequence[int]]
    graded: Mapping[int, tuple[int, int]]
    told: Sequence[Told]


def rooms(sources: Sequence[Shown], values: Sequence[float]) -> list[dict[int, int]]:
    """Return for each item of each of *sources* the room of its tightest grade: most − least.

    A grade that nobody may have given has all the room there is. 0 where the figures do not go
    together.
    """
    found = []
    for start in range(0, len(sources), _SOURCES):
        found += _rooms(sources[start : start + _SOURCES], values)
    return found


def _rooms(sources: Sequence[Shown], values: Sequence[float]) -> list[dict[int, int]]:
    items = [(row, place) for row, source in enumerate(sources) for place in source.counts]
    found: list[dict[int, int]] = [{} for _ in sources]
    if items:
        at = tuple(np.array(items).T)
        tables = _Tables(
            np.array([sources[row].counts[place] for row, place in items]),
            np.array([sources[row].graded[place] for row, place in items]),
            values,
        )
        _exclude(tables, at, _told(sources), (min(values), max(values)))
        for (row, place), room in zip(items, tables.rooms().tolist(), strict=True):
            found[row][place] = room
    return found


def _exclude(tables: _Tables, at: Any, told: tuple[Floats, Floats], ends: Span) -> None:
    """Take from *tables*, of the items *at* (row, position), what the scores *told* exclude."""
    weights, between = told
    low, high = (np.full((len(weights), weights.shape[2]), float(end)) for end in ends)
    for _ in range(_PASSES):
        tables.exclude(low[at], high[at])
        low[at] = np.where(tables.fit, tables.least, low[at])
        high[at] = np.where(tables.fit, tables.most, high[at])
        for one in range(weights.shape[1]):
            low, high = _narrowed(weights[:, one], between[:, one], (low, high))


class _Tables:
    """All counts of the grades that each item may have: *means* and which *may* be, (I, C).

    *least* and *most* mean among these, (I), where any *fit*.
    """

    def __init__(self, shown: Numbers, graded: Numbers, values: Sequence[float]) -> None:
        half = rules.COUNT_STEP // 2
        self._base = np.maximum(shown - half, 0)
        offsets, worth = _offsets(), np.asarray(values, dtype=float)
        total = self._base.sum(axis=1)[:, None] + offsets.sum(axis=1)
        points = (self._base @ worth)[:, None] + offsets @ worth
        self.means: Floats = points / np.maximum(total, 1)
        self.may: Truths = (total >= np.maximum(graded[:, :1], 1)) & (total <= graded[:, 1:])
        beyond = self._base + (rules.COUNT_STEP - 1) > shown + half
        for row in np.flatnonzero(beyond.any(axis=1)):
            self.may[row] &= (self._base[row] + offsets <= shown[row] + half).all(axis=1)
        self.fit: Truths = self.may.any(axis=1)
        self.least, self.most = self._range(slice(None))

    def exclude(self, low: Floats, high: Floats) -> None:
        """Leave only means from *low* to *high*, (I)."""
        low, high = low - _TOUCHING, high + _TOUCHING
        cut = np.flatnonzero(self.fit & ((self.least < low) | (self.most > high)))
        means = self.means[cut]
        self.may[cut] &= (means >= low[cut, None]) & (means <= high[cut, None])
        self.fit[cut] = self.may[cut].any(axis=1)
        self.least[cut], self.most[cut] = self._range(cut)

    def _range(self, rows: Any) -> tuple[Floats, Floats]:
        means, may = self.means[rows], self.may[rows]
        least: Floats = np.where(may, means, np.inf).min(axis=1)
        most: Floats = np.where(may, means, -np.inf).max(axis=1)
        return least, most

    def rooms(self) -> Numbers:
        """Return the room of the tightest grade of each item, (I)."""
        steps = rules.COUNT_STEP
        grid = self.may.reshape(len(self.may), *(steps,) * GRADES)
        found = np.full((len(grid), GRADES), steps)
        for grade in range(GRADES):
            others = tuple(axis + 1 for axis in range(GRADES) if axis != grade)
            taken: Truths = np.asarray(grid.any(axis=others))
            least, most = taken.argmax(axis=1), steps - 1 - taken[:, ::-1].argmax(axis=1)
            nobody = self._base[:, grade] + least == 0
            found[:, grade] = np.where(nobody, steps, most - least)
        room: Numbers = np.where(self.fit, found.min(axis=1), 0)
        return room


@lru_cache(maxsize=1)
def _offsets() -> Any:
    """Return what a count in fives may have been above its least, (C, grades)."""
    return np.array(list(product(range(rules.COUNT_STEP), repeat=GRADES)))


def _told(sources: Sequence[Shown]) -> tuple[Floats, Floats]:
    """Return the weights (S, scores, P) and the bounds (S, scores, 2) of what is told; 0: none."""
    scores = max(len(source.told) for source in sources)
    places = 1 + max(
        place
        for source in sources
        for part in (source.counts, *(one.weights for one in source.told))
        for place in part
    )
    weights, between = np.zeros((len(sources), scores, places)), np.zeros((len(sources), scores, 2))
    for row, source in enumerate(sources):
        for number, one in enumerate(source.told):
            weights[row, number, list(one.weights)] = list(one.weights.values())
            between[row, number] = one.between
    return weights, between


def _narrowed(weights: Floats, between: Floats, spans: Spans) -> Spans:
    """Return *spans* as far as the others of each item's score, (S, P) and (S, 2), leave them."""
    low, high = spans
    used, share = weights > 0, np.where(weights > 0, weights, 1.0)
    spare = (weights * high).sum(axis=1) - between[:, 0]
    lacking = between[:, 1] - (weights * low).sum(axis=1)
    return (
        np.where(used, np.maximum(low, high - spare[:, None] / share), low),
        np.where(used, np.minimum(high, low + lacking[:, None] / share), high),
    )
