"""Drawing ballots from villages and scoring them, by the service's own code."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.core.policy import Policy
from survey.core.scores import Score, SourceScores
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count
from tests.simulate.populations import People, Population, Random

COLUMNS = {
    "investigation": (0, 1, 2),
    "measures": (3, 4, 5),
    "effects": (6, 7, 8),
    "responsibility": (9, 10, 11),
}
VALUES = Policy().values
HAIR = 1e-9


@dataclass(frozen=True)
class World:
    """The villages of a round and their true scores, as the service finds them in a census."""

    villages: list[People]
    truths: list[SourceScores]


def world(population: Population, random: Random, number: int, people: tuple[int, int]) -> World:
    """Return *number* new villages of *population*."""
    villages = population.villages(random, number, people)
    return World(villages, score([handed_in(each, len(each)) for each in villages]))


def handed_in(ballots: People, eligible: int | None) -> VillageTally:
    """Return what a village handed in."""
    return VillageTally("", eligible, count(ballots, COLUMNS, VALUES))


def score(tallies: Sequence[VillageTally]) -> list[SourceScores]:
    """Return the scores of a round."""
    return score_round(tallies, VALUES)


def draw(people: People, n: int, random: Random, *, finite: bool) -> VillageTally:
    """Return *n* ballots: of *finite* known people without, else with replacement, N unknown."""
    chosen = (
        random.choice(len(people), n, replace=False, shuffle=False)
        if finite
        else random.integers(len(people), size=n)
    )
    return handed_in(people[chosen], len(people) if finite else None)


def figures(scores: SourceScores) -> list[Score | None]:
    """Return the scores of the dimensions, then the source's."""
    return [*scores.dimensions.values(), scores.source]


def value(score: Score | None) -> float:
    """Return the points of a score that must be there."""
    assert score is not None
    return score.value


def standard_error(shares: Sequence[float]) -> float:
    """Return the standard error of the mean of *shares*, one of each round; 0 for a single one."""
    return float(np.std(shares, ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else 0.0
