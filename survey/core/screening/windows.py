"""Screens of time: same answers at one time, and a burst that answers differently.

Both are permutation tests: who answered when is dealt out anew, and what was found must be rare
among the deals. Random numbers depend on the seed and the village's code alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 9999
SAME = 4
BUSIEST = 3
LEAST_IN_BURST = 8
BURST_LEVEL = 0.005
BURST_POINTS = 5.0

_BATCH = 250
_ROUNDING = 1e-9

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Deal = Callable[[int], Truths]


def gathered(
    patterns: Numbers, times: Numbers, counted: Truths, level: float, random: np.random.Generator
) -> bool:
    """Say whether *counted* ballots of one pattern gather in time more than chance allows.

    *patterns* and *times* (n) are numbers of pattern and of window or bucket. The statistic is
    Σ C(c, 4) over times × patterns, c the counted ballots of one pattern at one time; times are
    dealt out anew among all ballots. True at p ≤ *level*.
    """
    kinds, labels = np.unique(times, return_inverse=True)
    observed = int(_fours(_sizes((patterns * len(kinds) + labels)[counted])).sum())
    if observed == 0:
        return False
    frequent = np.sort(_sizes(patterns[counted]))[::-1]
    ends = np.cumsum(frequent[frequent >= SAME])
    labels = np.sort(labels)

    def reaches(deals: int) -> Truths:
        dealt = random.permuted(np.broadcast_to(labels, (deals, len(labels))), axis=1)
        groups = np.split(dealt[:, : ends[-1]], ends[:-1], axis=1)
        total = sum(_fours(_counts(group, len(kinds))).sum(axis=1) for group in groups)
        return np.asarray(total >= observed)

    return _is_rare(reaches, level)


def _sizes(codes: Numbers) -> Numbers:
    sizes: Numbers = np.unique(codes, return_counts=True)[1].astype(np.int64)
    return sizes


def _fours(counts: Numbers) -> Numbers:
    """Return C(c, 4) of each of *counts*."""
    return counts * (counts - 1) * (counts - 2) * (counts - 3) // 24


def _counts(labels: Numbers, kinds: int) -> Numbers:
    """Return how often each of *kinds* labels is in each row of *labels*."""
    rows = np.arange(len(labels))[:, None] * kinds
    counts = np.bincount((rows + labels).ravel(), minlength=len(labels) * kinds)
    return counts.reshape(len(labels), kinds)


def burst(points: Floats, buckets: Numbers, random: np.random.Generator) -> bool:
    """Say whether the busiest moments of a village answer differently from its other ballots.

    The three busiest buckets of at least 8 ballots (with all that tie with the third), taken
    together, against the rest: difference of the mean of *points* (n); who was in them is dealt
    out anew. Flag at p ≤ .005 and a difference of 5 points or more, up or down.
    """
    inside = _in_burst(buckets)
    size = int(inside.sum())
    if size in (0, len(points)):
        return False
    observed = abs(points[inside].mean() - points[~inside].mean())
    if observed < BURST_POINTS - _ROUNDING:
        return False
    ordered = np.sort(points)
    total, others = ordered.sum(), len(ordered) - size

    def reaches(deals: int) -> Truths:
        dealt = random.permuted(np.broadcast_to(ordered, (deals, len(ordered))), axis=1)
        sums = dealt[:, :size].sum(axis=1)
        apart = np.abs(sums / size - (total - sums) / others)
        return np.asarray(apart >= observed - _ROUNDING)

    return _is_rare(reaches, BURST_LEVEL)


def _in_burst(buckets: Numbers) -> Truths:
    """Return which ballots fell into the busiest buckets, (n)."""
    kinds, sizes = np.unique(buckets, return_counts=True)
    large = np.sort(sizes[sizes >= LEAST_IN_BURST])[::-1]
    if not len(large):
        return np.zeros(len(buckets), dtype=bool)
    least = large[:BUSIEST][-1]
    return np.isin(buckets, kinds[sizes >= least])


def _is_rare(reaches: Deal, level: float) -> bool:
    """Say whether p = (1 + reached) / (1 + `PERMUTATIONS`) is at most *level*.

    It stops as soon as no further deal can change the answer.
    """
    reached, most = 0, level * (1 + PERMUTATIONS) - 1
    for start in range(0, PERMUTATIONS, _BATCH):
        reached += int(reaches(min(_BATCH, PERMUTATIONS - start)).sum())
        if reached > most + _ROUNDING:
            return False
    return True
