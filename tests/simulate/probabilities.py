"""Whether “P(true ≥ T) = .8” comes true eight times out of ten."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from tests.simulate.populations import ALL_KINDS, HIGH, MIXED, PEOPLE, Random
from tests.simulate.rounds import HAIR, World, draw, score, value, world
from tests.simulate.size import Size

POPULATIONS = (MIXED, HIGH, ALL_KINDS)
NUMBERS = (10, 30, 100)
THRESHOLDS = (80, 90, 95)
EDGES = (0, 0.025, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.975, 1)


@dataclass(frozen=True)
class Bin:
    """Forecasts of *n* ballots between two edges: their mean, what came true, and how many."""

    n: int
    low: float
    high: float
    predicted: float
    observed: float
    forecasts: int

    @property
    def error(self) -> float:
        """The standard error of *observed*, were the forecasts right."""
        return float(np.sqrt(self.predicted * (1 - self.predicted) / self.forecasts))


def simulate(size: Size, random: Random) -> list[Bin]:
    """Return how forecasts came true, in bins, for each number of ballots."""
    forecasts: dict[int, list[tuple[float, bool]]] = {n: [] for n in NUMBERS}
    for population, _ in product(POPULATIONS, range(size.chances)):
        villages = world(population, random, size.villages, PEOPLE)
        for n in NUMBERS:
            forecasts[n] += _forecasts(villages, n, random)
    return [one for n in NUMBERS for one in _bins(n, forecasts[n])]


def _forecasts(villages: World, n: int, random: Random) -> list[tuple[float, bool]]:
    scored = score([draw(people, n, random, finite=False) for people in villages.villages])
    return [
        (source.source.probability_at_least(threshold), value(truth.source) >= threshold - HAIR)
        for source, truth in zip(scored, villages.truths, strict=True)
        for threshold in THRESHOLDS
        if source.source is not None
    ]


def _bins(n: int, forecasts: list[tuple[float, bool]]) -> list[Bin]:
    predicted, came_true = (
        np.array(column, dtype=float) for column in zip(*forecasts, strict=True)
    )
    place = np.clip(np.digitize(predicted, EDGES) - 1, 0, len(EDGES) - 2)
    return [
        Bin(
            n, EDGES[one], EDGES[one + 1],
            float(predicted[place == one].mean()),
            float(came_true[place == one].mean()),
            int((place == one).sum()),
        )
        for one in np.unique(place).tolist()
    ]  # fmt: skip
