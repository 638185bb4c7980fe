"""How often the 95 % interval holds the truth."""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from survey.core.interval import quantile
from survey.core.scores import Score, SourceScores
from tests.simulate.populations import PEOPLE, POPULATIONS, SMALL, Population, Random
from tests.simulate.rounds import HAIR, World, draw, figures, score, standard_error, world
from tests.simulate.size import Size

NUMBERS = (5, 10, 12, 20, 30, 50, 100, 200, 400)
MOST = 0.985
CAUTIOUS_FROM = 20


@dataclass(frozen=True)
class Setting:
    """How ballots are drawn: from so many people, *finite* where their number is known."""

    name: str
    people: tuple[int, int]
    finite: bool

    def allows(self, n: int) -> bool:
        """Say whether *n* ballots can be drawn."""
        return n < self.people[0]


UNKNOWN = Setting("N unknown", PEOPLE, finite=False)
KNOWN = Setting("N known, 450 to 1,200", PEOPLE, finite=True)
FEW = Setting("N known, 60", SMALL, finite=True)
SETTINGS = (UNKNOWN, KNOWN, FEW)
LEVELS = ("source", "dimension", "wald")


@dataclass(frozen=True)
class Coverage:
    """One cell: the share of intervals that hold the truth, its error, and their half width.

    *level*: ``source``, ``dimension`` (all four), or ``wald`` (the source, by Wald's interval).
    *share* and *error* 0–1; *half* in points.
    """

    population: Population
    setting: Setting
    n: int
    level: str
    share: float
    error: float
    half: float

    @property
    def least(self) -> float:
        """The share that is aimed at."""
        return self.population.least

    @property
    def short(self) -> bool:
        """Whether the share is below what is aimed at, or needlessly high from 20 ballots on."""
        return self.share < self.least or self.generous

    @property
    def generous(self) -> bool:
        """Whether the interval is wider than it need be."""
        return self.n >= CAUTIOUS_FROM and self.share > MOST

    @property
    def certain(self) -> bool:
        """Whether more than twice the error lies between the share and the aim."""
        away = self.share - MOST if self.generous else self.least - self.share
        return away > 2 * self.error


def simulate(size: Size, random: Random) -> list[Coverage]:
    """Return the coverage of every population, setting and number of ballots."""
    return [
        cell
        for population, people in product(POPULATIONS, (PEOPLE, SMALL))
        for cell in _coverages(population, people, size, random)
    ]


def _coverages(
    population: Population, people: tuple[int, int], size: Size, random: Random
) -> list[Coverage]:
    settings = [setting for setting in SETTINGS if setting.people == people]
    cells = [(each, n) for each, n in product(settings, NUMBERS) if each.allows(n)]
    held: dict[tuple[Setting, int], list[list[tuple[float, float]]]] = {cell: [] for cell in cells}
    for _ in range(size.rounds):
        villages = world(population, random, size.villages, people)
        for setting, n in cells:
            redraws = size.redraws if population.others else 1
            held[setting, n].append(
                covered(villages, n, random, setting.finite, population, redraws)
            )
    return [
        Coverage(
            population, setting, n, level,
            share=float(np.mean([one[place][0] for one in held[setting, n]])),
            error=standard_error([one[place][0] for one in held[setting, n]]),
            half=float(np.mean([one[place][1] for one in held[setting, n]])),
        )
        for setting, n in cells
        for place, level in enumerate(LEVELS)
    ]  # fmt: skip


def covered(
    villages: World, n: int, random: Random, finite: bool, population: Population, redraws: int
) -> list[tuple[float, float]]:
    """Return, per level, the share of intervals of one round that hold the truth, and half width.

    The watched villages draw *redraws* times, while the others keep their ballots.
    """
    watched = population.watched(len(villages.villages))
    tallies = [draw(people, n, random, finite=finite) for people in villages.villages]
    found: list[list[tuple[bool, float]]] = [[] for _ in LEVELS]
    for again in range(redraws):
        if again:
            for place in watched:
                tallies[place] = draw(villages.villages[place], n, random, finite=finite)
        scored = score(tallies)
        for place in watched:
            for level, cells in zip(
                found, _held(scored[place], villages.truths[place]), strict=True
            ):
                level.extend(cells)
    return [
        (float(np.mean([hit for hit, _ in level])), float(np.mean([half for _, half in level])))
        for level in found
    ]


def _held(scored: SourceScores, truth: SourceScores) -> list[list[tuple[bool, float]]]:
    pairs = [
        (one, true.value)
        for one, true in zip(figures(scored), figures(truth), strict=True)
        if one is not None and true is not None
    ]
    limits = [holds(one.low, one.high, true) for one, true in pairs]
    source = scored.source
    return [
        limits[-1:] if source else [],
        limits[:-1] if source else limits,
        [holds(*wald(source), pairs[-1][1])] if source else [],
    ]


def holds(low: float, high: float, true: float) -> tuple[bool, float]:
    """Return whether the limits hold *true*, and half their distance."""
    return low - HAIR <= true <= high + HAIR, (high - low) / 2


def wald(score: Score) -> tuple[float, float]:
    """Return the limits of the textbook: value ± t · standard error."""
    error = math.sqrt((1 - score.f) * (score.variance or 0.0) / score.n)
    reach = float(quantile(0.95, score.n - 1)) * error
    return score.value - reach, score.value + reach
