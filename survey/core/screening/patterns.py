"""Screen of repetition: the same ballot, not all of one grade, again and again in one village."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_PAIRS = 10
TIMES_EXPECTED = 3
NEAREST = 10
FEW_VILLAGES = 5

Numbers = NDArray[np.int64]


def is_straight(answers: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which ballots of *answers* (n, J) give one grade only, or none at all, (n)."""
    best = np.where(answers >= 0, answers, 99).min(axis=1, initial=99)
    worst = answers.max(axis=1, initial=-1)
    return np.asarray(best >= worst)


def repeated(places: Numbers, patterns: Numbers, means: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which villages repeat patterns more than villages like them do, (V).

    *places* and *patterns* (m): the village and pattern of each non-straight ballot; *means* (V):
    the mean of each village, in points. λ is a village's pairs of such ballots times the share of
    identical pairs that `_usual` gives. Flag where its identical pairs are at least 10 + 3 λ, which
    puts their Poisson tail far below .001. With fewer than five villages to compare with: no flag.
    """
    kinds = int(patterns.max(initial=0)) + 1
    cells, sizes = np.unique(places * kinds + patterns, return_counts=True)
    identical = np.zeros(len(means), dtype=np.int64)
    np.add.at(identical, cells // kinds, _pairs(sizes.astype(np.int64)))
    pairs = _pairs(np.bincount(places, minlength=len(means)))
    usual, known = _usual(identical, pairs, means)
    return np.asarray(known & (identical >= LEAST_PAIRS + TIMES_EXPECTED * pairs * usual))


def _usual(
    identical: Numbers, pairs: Numbers, means: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the share of identical pairs to expect in each village, and where it is known, (V).

    It is the second highest among the ten other villages of the nearest mean: the better people
    think of a village, the more of them answer alike, and one stuffed neighbour must not hide
    another.
    """
    usual, known = np.zeros(len(means)), np.zeros(len(means), dtype=bool)
    others = np.flatnonzero(pairs > 0)
    shares = identical / np.maximum(pairs, 1)
    for village in range(len(means)):
        compared = others[others != village]
        nearest = np.argsort(np.abs(means[compared] - means[village]), kind="stable")[:NEAREST]
        if len(nearest) >= FEW_VILLAGES:
            usual[village] = np.sort(shares[compared[nearest]])[-2]
            known[village] = True
    return usual, known


def _pairs(counts: Numbers) -> Numbers:
    return counts * (counts - 1) // 2
