"""The two tests of the textbook that the method does not use, for contrast."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu, ttest_ind_from_stats

from tests.simulate.populations import People
from tests.simulate.rounds import COLUMNS, VALUES


def levels(own: Sequence[People], mass: Sequence[People]) -> dict[str, list[float]]:
    """Return p of Welch and of Mann and Whitney for each village and dimension.

    *own* and *mass*: ballots of the villages, in the same order.
    """
    pairs = [
        pair
        for village in zip(own, mass, strict=True)
        for pair in zip(*map(points, village), strict=True)
    ]
    return {
        "Welch": [welch(*pair) for pair in pairs],
        "Mann–Whitney": [mann_whitney(*pair) for pair in pairs],
    }


def points(ballots: People) -> list[Any]:
    """Return the mean points of each ballot in each dimension, of those that grade any of it."""
    found = []
    for where in COLUMNS.values():
        cells = ballots[:, list(where)]
        graded = cells >= 0
        sums = (np.array(VALUES)[np.maximum(cells, 0)] * graded).sum(axis=1)
        answered = graded.any(axis=1)
        found.append(sums[answered] / graded.sum(axis=1)[answered])
    return found


def welch(first: Any, second: Any) -> float:
    """Return Welch's p; 1 where neither side varies, or one has a single ballot."""
    sides = [
        (side.mean(), side.std(ddof=1), len(side)) for side in (first, second) if len(side) > 1
    ]
    if len(sides) < 2 or not any(spread for _, spread, _ in sides):
        return 1.0
    return float(ttest_ind_from_stats(*sides[0], *sides[1], equal_var=False).pvalue)


def mann_whitney(first: Any, second: Any) -> float:
    """Return the p of Mann and Whitney, corrected for ties; 1 where nothing varies."""
    if len(first) == 0 or np.ptp(np.concatenate([first, second])) == 0:
        return 1.0
    return float(mannwhitneyu(first, second, method="asymptotic").pvalue)
