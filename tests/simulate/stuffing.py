"""Invented ballot boxes with times: honest villages, and five ways of stuffing one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.core.screening import VillageBox
from tests.simulate.populations import ITEMS, People, Random, ceiling, high, mixed
from tests.simulate.rounds import VALUES

DAYS = 7
A_DAY = 288
BEGAN = 20_000 * A_DAY
"""Some midnight, in five minutes since 1970."""
NUMBERS = (40, 200)

_STRAIGHT = 0.15
_AT_MEETING = 0.25
_MEETING = 12
_ALIKE = 2 / 3

Make = Callable[[Random, int], People]
Ballots = tuple[People, Any]


@dataclass(frozen=True)
class County:
    """Honest villages: *kinds* with their shares, *households* the share of ballots in pairs.

    The two of a pair answer in the same five minutes and give two thirds of their answers alike.
    """

    name: str
    described: str
    kinds: dict[Make, float]
    households: float = 0.0

    def village(self, random: Random, number: int) -> Ballots:
        """Return *number* honest ballots with their buckets."""
        makers = list(self.kinds)
        make = makers[random.choice(len(makers), p=list(self.kinds.values()))]
        answers, buckets = straightened(make(random, number), random), times(random, number)
        return paired(answers, buckets, self.households, random)


def straightened(answers: People, random: Random) -> People:
    """Return *answers* where one person in seven ticks their first grade all the way down."""
    lazy = random.random((len(answers), 1)) < _STRAIGHT
    return np.where(lazy, answers[:, :1], answers)


def times(random: Random, number: int) -> Any:
    """Return buckets over a week, by day and evening; a quarter at one meeting of an hour."""
    days = random.integers(DAYS, size=number)
    hours = np.where(
        random.random(number) < 0.5, random.uniform(7, 18, number), random.normal(19.5, 1, number)
    )
    buckets = BEGAN + days * A_DAY + np.round(hours * 12).astype(np.int64)
    meeting = BEGAN + int(random.integers(DAYS)) * A_DAY + 19 * 12
    there = random.random(number) < _AT_MEETING
    return np.where(there, meeting + random.integers(_MEETING, size=number), buckets)


def paired(answers: People, buckets: Any, share: float, random: Random) -> Ballots:
    """Return the ballots with that *share* of them in pairs of one household."""
    pairs = int(share * len(answers) / 2)
    first, second = random.permutation(len(answers))[: 2 * pairs].reshape(2, -1)
    alike = random.random((pairs, ITEMS)) < _ALIKE
    answers, buckets = answers.copy(), buckets.copy()
    answers[second] = np.where(alike, answers[first], answers[second])
    buckets[second] = buckets[first]
    return answers, buckets


COUNTIES = (
    County("mixed", "all opinions", {mixed: 1.0}),
    County("content", "most say good", {high: 1.0}),
    County(
        "of all kinds", "six of ten mixed, three content, one at the ceiling",
        {mixed: 0.6, high: 0.3, ceiling: 0.1},
    ),
    County(
        "with households", "of all kinds; three ballots in ten in pairs that think alike",
        {mixed: 0.6, high: 0.3, ceiling: 0.1}, households=0.3,
    ),
)  # fmt: skip
ALL_KINDS = COUNTIES[2]


@dataclass(frozen=True)
class Stuffing:
    """One way to forge ballots: *forge* returns so many, given the honest ones."""

    name: str
    described: str
    forge: Callable[[Ballots, int, Random], Ballots]


def _good_in_a_window(honest: Ballots, number: int, random: Random) -> Ballots:
    return _all_good(number), _start(random) + random.integers(3, size=number)


def _good_over_days(honest: Ballots, number: int, random: Random) -> Ballots:
    return _all_good(number), times(random, number)


def _copied(honest: Ballots, number: int, random: Random) -> Ballots:
    pattern = np.where(random.random(ITEMS) < 0.7, 0, 1)
    pattern[random.permutation(ITEMS)[:2]] = [0, 1]
    return np.tile(pattern.astype(np.int8), (number, 1)), times(random, number)


def _by_machine(honest: Ballots, number: int, random: Random) -> Ballots:
    answers = random.choice(4, (number, ITEMS), p=[0.8, 0.15, 0.05, 0.0]).astype(np.int8)
    return answers, _start(random) + random.integers(6, size=number)


def _near_the_mean(honest: Ballots, number: int, random: Random) -> Ballots:
    graded = honest[0][honest[0] >= 0]
    mean = np.array(VALUES)[graded].mean()
    grade = max(int((np.array(VALUES) > mean).sum()) - 1, 0)
    evenings = BEGAN + random.choice(DAYS, 2, replace=False) * A_DAY + 19 * 12
    buckets = random.choice(evenings, number) + random.integers(24, size=number)
    return np.full((number, ITEMS), grade, dtype=np.int8), buckets


def _all_good(number: int) -> People:
    return np.zeros((number, ITEMS), dtype=np.int8)


def _start(random: Random) -> int:
    return (
        BEGAN + int(random.integers(DAYS)) * A_DAY + 9 * 12 // 3 * 3 + 3 * int(random.integers(32))
    )


WAYS = (
    Stuffing("good in a window", "all good, within 15 minutes", _good_in_a_window),
    Stuffing("good over days", "all good, at the times of honest people", _good_over_days),
    Stuffing(
        "copied", "one pattern of good and fairly good, at the times of honest people", _copied
    ),
    Stuffing("machine", "each answer drawn by itself, 95 on average, in 30 minutes", _by_machine),
    Stuffing(
        "near the mean", "all one grade, the next above the village's mean, over two evenings",
        _near_the_mean,
    ),
)  # fmt: skip


def honest(county: County, random: Random) -> Ballots:
    """Return an honest village's ballots and their times."""
    return county.village(random, int(random.integers(NUMBERS[0], NUMBERS[1] + 1)))


def stuffed(ballots: Ballots, way: Stuffing, share: float, random: Random) -> Ballots:
    """Return *ballots* with forged ones added, which are *share* of all then."""
    number = round(len(ballots[0]) * share / (1 - share))
    forged = way.forge(ballots, number, random)
    return np.concatenate([ballots[0], forged[0]]), np.concatenate([ballots[1], forged[1]])


def box(code: str, ballots: Ballots) -> VillageBox:
    """Return *ballots* as the screens take them."""
    return VillageBox(code, ballots[0].astype(np.int8), ballots[1].astype(np.int64))
