"""Invented villages: all people of each, with the answers that each of them would give.

A village is an array of people × items, (N, 12), 0 good … 3 poor, −1 unknown. Its truth is the
score of all its people, by the code that scores ballots.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

ITEMS = 12
PEOPLE = (450, 1200)
SMALL = (60, 60)

_CUTS = np.array([0.35, -0.55, -1.25])
_NOISE = 0.5
_LEANING = 0.2

People = Any
Random = np.random.Generator
Make = Callable[[Random, int], People]


@dataclass(frozen=True)
class Population:
    """A kind of village. *least* is the coverage that is aimed at.

    *others*: only the first village of a round is of this kind, all others are of that.
    """

    name: str
    described: str
    make: Make
    least: float = 0.93
    others: Make | None = None

    def villages(self, random: Random, number: int, people: tuple[int, int]) -> list[People]:
        """Return *number* villages with between *people* people."""
        sizes = random.integers(people[0], people[1] + 1, number).tolist()
        makers = [self.make] + [self.others or self.make] * (number - 1)
        return [make(random, size) for make, size in zip(makers, sizes, strict=True)]

    def watched(self, number: int) -> range:
        """Return the places of the villages whose coverage is counted."""
        return range(1 if self.others else number)


def viewed(
    random: Random, people: int, mean: float, spread: float, leanings: Any | None = None
) -> People:
    """Return people whose views differ by *spread* around *mean*; items have *leanings* too."""
    views = random.normal(mean, spread, (people, 1))
    leanings = leaning(random) if leanings is None else leanings
    felt = views + leanings + random.normal(0, _NOISE, (people, ITEMS))
    return (felt[..., None] < _CUTS).sum(axis=-1).astype(np.int8)


def leaning(random: Random) -> Any:
    """Return by how much each item is seen better or worse than the village as a whole."""
    return random.normal(0, _LEANING, (1, ITEMS))


def mixed(random: Random, people: int) -> People:
    """Return a village of all opinions."""
    return viewed(random, people, random.normal(0.3, 0.35), 0.8)


def high(random: Random, people: int) -> People:
    """Return a village that is content."""
    return viewed(random, people, random.normal(1.2, 0.2), 0.7)


def calm(random: Random, people: int) -> People:
    """Return a village where people differ little."""
    return viewed(random, people, random.normal(0.3, 0.3), 0.4)


def agreed(random: Random, people: int) -> People:
    """Return a village where everybody says the same but for chance."""
    return viewed(random, people, random.normal(0, 0.2), 0.15)


def ceiling(random: Random, people: int) -> People:
    """Return a village where one to three people in a hundred are not content."""
    return _content_but(random, people, random.uniform(0.01, 0.03))


def nearly(random: Random, people: int) -> People:
    """Return a village where four to eight people in a hundred are not content."""
    return _content_but(random, people, random.uniform(0.04, 0.08))


def _content_but(random: Random, people: int, share: float) -> People:
    answers = np.zeros((people, ITEMS), dtype=np.int8)
    discontent = random.random(people) < share
    said = random.choice(4, (int(discontent.sum()), ITEMS), p=[0.4, 0.3, 0.2, 0.1])
    answers[discontent] = said
    return answers


def polarised(random: Random, people: int) -> People:
    """Return a village of two camps: nearly all good, or nearly all poor."""
    angry = random.random((people, 1)) < random.uniform(0.2, 0.6)
    slipped = random.random((people, ITEMS)) < 0.05
    return np.where(angry, 3 - slipped, 0 + slipped).astype(np.int8)


def unknowing(random: Random, people: int) -> People:
    """Return a village of all opinions where a quarter of the answers is “don't know”."""
    answers = mixed(random, people)
    shares = random.beta(1, 3, (people, 1))
    answers[random.random((people, ITEMS)) < shares] = -1
    return answers


def any_kind(random: Random, people: int) -> People:
    """Return a village of any of the other kinds."""
    kinds = (mixed, high, calm, agreed, ceiling, polarised, unknowing)
    return kinds[random.integers(len(kinds))](random, people)


MIXED = Population("mixed", "all opinions, people lean one way", mixed)
HIGH = Population("high", "content villages, most say good", high)
CEILING = Population(
    "ceiling", "98 % good or more: one to three people in a hundred are not content", ceiling, 0.89
)
NEARLY = Population(
    "nearly", "97 % good: four to eight people in a hundred are not content", nearly
)
POLARISED = Population("polarised", "two camps: nearly all good, or nearly all poor", polarised)
UNKNOWING = Population("unknowing", "mixed, a quarter of the answers is “don't know”", unknowing)
LONE = Population(
    "lone", "one polarised village; in all others people differ little", polarised, 0.89, calm
)
EXTREME = Population(
    "lone, extreme", "one polarised village; in all others people agree", polarised, 0.89, agreed
)
ALL_KINDS = Population("all kinds", "every village of any of these kinds", any_kind)

POPULATIONS = (MIXED, HIGH, CEILING, POLARISED, UNKNOWING, LONE, EXTREME, ALL_KINDS)
