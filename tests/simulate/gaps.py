"""How often the gap between self and mass is called real where it is not, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.core.gaps import Gap, gaps_of_round
from survey.core.policy import Policy
from tests.simulate import textbook
from tests.simulate.populations import (
    CEILING,
    HIGH,
    MIXED,
    NEARLY,
    PEOPLE,
    POLARISED,
    UNKNOWING,
    People,
    Population,
    Random,
    leaning,
    viewed,
)
from tests.simulate.rounds import COLUMNS, handed_in, score, standard_error, value
from tests.simulate.size import Size

POPULATIONS = (MIXED, HIGH, NEARLY, CEILING, POLARISED, UNKNOWING)
SELF = (5, 10, 20)
MASS = 100
LEVEL = 0.05
TESTS = ("MOVER", "Welch", "Mann–Whitney")
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.3, 1.7)
TEXTBOOK_EVERY = 4
DIFFERENT = 5
"""One village in so many has a gap, where power is measured."""

_VILLAGERS = -0.3


@dataclass(frozen=True)
class Error:
    """How often honest villages are called different: *shares* and *errors* by test, 0–1.

    *rounds_notable*: the share of rounds with any notable gap, after Benjamini–Hochberg.
    """

    population: Population
    n: int
    shares: dict[str, float]
    errors: dict[str, float]
    rounds_notable: float
    rounds: int

    @property
    def error_notable(self) -> float:
        """The standard error of *rounds_notable*."""
        return float(np.sqrt(self.rounds_notable * (1 - self.rounds_notable) / self.rounds))


@dataclass(frozen=True)
class Power:
    """How often a true gap of *points* is found: alone at .05, and as notable in a round."""

    n: int
    points: float
    alone: float
    notable: float


@dataclass(frozen=True)
class Found:
    """Both tables."""

    errors: list[Error]
    powers: list[Power]


def simulate(size: Size, random: Random) -> Found:
    """Return false alarms of every population, and power over true gaps."""
    return Found(
        errors=[_error(population, n, size, random) for population in POPULATIONS for n in SELF],
        powers=[_power(step, n, size, random) for n in SELF for step in STEPS],
    )


def _error(population: Population, n: int, size: Size, random: Random) -> Error:
    alarms: dict[str, list[float]] = {test: [] for test in TESTS}
    notable = []
    for place in range(size.gaps):
        villages = population.villages(random, size.villages, PEOPLE)
        own = [_drawn(people, n, random) for people in villages]
        mass = [_drawn(people, MASS, random) for people in villages]
        gaps = _gaps(own, mass)
        alarms["MOVER"].append(_share([one.p for one in gaps]))
        if place % TEXTBOOK_EVERY == 0:
            for test, levels in textbook.levels(own, mass).items():
                alarms[test].append(_share(levels))
        notable.append(any(one.notable for one in gaps))
    return Error(
        population, n,
        {test: float(np.mean(shares)) for test, shares in alarms.items()},
        {test: standard_error(shares) for test, shares in alarms.items()},
        float(np.mean(notable)), size.gaps,
    )  # fmt: skip


def _power(step: float, n: int, size: Size, random: Random) -> Power:
    alone, notable, points = [], [], []
    for _ in range(-(-size.gaps // 4)):
        moved = [step * (place % DIFFERENT == 0) for place in range(size.villages)]
        own, mass = zip(*[_two_sides(random, more) for more in moved], strict=True)
        gaps = _gaps(
            [_drawn(people, n, random) for people in own],
            [_drawn(people, MASS, random) for people in mass],
        )
        different = _of_different(gaps)
        alone += [one.p < LEVEL for one in different]
        notable += [one.notable for one in different]
        points.append(_true_gap(own, mass))
    return Power(n, *(float(np.mean(column)) for column in (points, alone, notable)))


def _two_sides(random: Random, more: float) -> tuple[People, People]:
    """Return party members and villagers of one village; members see all of it *more* kindly."""
    leanings, people = leaning(random), PEOPLE[1]
    return tuple(
        viewed(random, people, mean, 0.8, leanings) for mean in (_VILLAGERS + more, _VILLAGERS)
    )


def _of_different(gaps: Sequence[Gap]) -> list[Gap]:
    dimensions = len(COLUMNS)
    return [one for place, one in enumerate(gaps) if place // dimensions % DIFFERENT == 0]


def _true_gap(own: Sequence[People], mass: Sequence[People]) -> float:
    """Return the mean true gap of the villages that have one, in points."""
    true = [
        np.mean(
            [value(one.source) for one in score([handed_in(p, None) for p in side[::DIFFERENT]])]
        )
        for side in (own, mass)
    ]
    return float(true[0] - true[1])


def _drawn(people: People, n: int, random: Random) -> People:
    return people[random.integers(len(people), size=n)]


def _gaps(own: Sequence[People], mass: Sequence[People]) -> list[Gap]:
    """Return the gaps of a round: village by village, dimension by dimension."""
    sides = [
        {
            str(place): one
            for place, one in enumerate(score([handed_in(ballots, None) for ballots in side]))
        }
        for side in (own, mass)
    ]
    found = gaps_of_round(*sides, Policy().notable_gap)
    return [one for village in found.values() for one in village.values() if one is not None]


def _share(levels: Sequence[float]) -> float:
    return float(np.mean(np.array(levels) < LEVEL))
