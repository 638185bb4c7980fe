"""How often the interval of α holds the α of all people of the same villages."""

from dataclasses import dataclass

import numpy as np

from survey.core.reliability import Instrument, measure
from survey.core.resampling import limits
from survey.core.tallies import count
from tests.simulate.populations import (
    CEILING,
    HIGH,
    MIXED,
    NEARLY,
    PEOPLE,
    UNKNOWING,
    Population,
    Random,
)
from tests.simulate.rounds import COLUMNS, VALUES, standard_error
from tests.simulate.size import Size

POPULATIONS = (MIXED, HIGH, NEARLY, CEILING, UNKNOWING)
NUMBERS = (10, 30, 100)
"""Ballots of each village."""
LEAST = 0.93


@dataclass(frozen=True)
class Held:
    """One cell: *share* of intervals of α that hold the truth, over all scales, and its error.

    *n* ballots of each village, *ballots* of all; *alpha* the mean true α of a dimension; *half*
    the mean half width; *absent*: the share of scales without an interval.
    """

    population: Population
    n: int
    ballots: int
    share: float
    error: float
    alpha: float
    half: float
    absent: float

    @property
    def short(self) -> bool:
        """Whether the share is below what is aimed at by more than twice its error."""
        return self.share < LEAST - 2 * self.error


def simulate(size: Size, random: Random) -> list[Held]:
    """Return how every population and number of ballots fares."""
    return [_held(population, n, size, random) for population in POPULATIONS for n in NUMBERS]


def _held(population: Population, n: int, size: Size, random: Random) -> Held:
    shares, true, halves, absent = [], [], [], []
    for _ in range(size.alphas):
        villages = population.villages(random, size.alpha_villages, PEOPLE)
        truth = _alphas(measure(count(np.concatenate(villages), COLUMNS, VALUES)))
        drawn = [people[random.integers(len(people), size=n)] for people in villages]
        found = limits(drawn, COLUMNS, VALUES, int(random.integers(2**31)))
        known = {name: found[name] for name in found if name in truth}
        absent.append(1 - len(known) / len(truth))
        true.append(float(np.mean([truth[name] for name in COLUMNS])))
        if known:
            shares.append(
                float(np.mean([low <= truth[name] <= high for name, (low, high) in known.items()]))
            )
            halves.append(float(np.mean([(high - low) / 2 for low, high in known.values()])))
    return Held(
        population, n, n * size.alpha_villages,
        float(np.mean(shares)) if shares else 0.0,
        standard_error(shares),
        float(np.mean(true)),
        float(np.mean(halves)) if halves else 0.0,
        float(np.mean(absent)),
    )  # fmt: skip


def _alphas(instrument: Instrument) -> dict[str, float]:
    """Return α of every scale that has one."""
    return {
        scale.name: scale.alpha.value
        for scale in instrument.scales
        if scale.alpha.value is not None
    }
