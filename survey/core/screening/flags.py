"""The four screens over one audience of a round, and what they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.core.screening import allgood, patterns, windows

SCREENS = ("same_window", "burst", "repeated", "all_good")
GOOD = 0
BUCKETS_IN_WINDOW = 3
SAME_WINDOW_LEVEL = 0.01
SAME_BUCKET_LEVEL = 0.005


@dataclass(frozen=True, eq=False)
class VillageBox:
    """The ballots of one village: *answers* (n, J) as in `core.ballot`, *buckets* (n) of 5 minutes.

    A ballot on paper, or one that somebody was helped with, has the bucket 0: it has no time.
    """

    code: str
    answers: NDArray[np.int8]
    buckets: NDArray[np.int64]


@dataclass(frozen=True)
class Flags:
    """Which screens ask people to look at a village. What could not be tested raises no flag."""

    same_window: bool = False
    burst: bool = False
    repeated: bool = False
    all_good: bool = False

    @property
    def raised(self) -> tuple[str, ...]:
        """The names of the screens that raised a flag, in the order of `SCREENS`."""
        return tuple(name for name in SCREENS if getattr(self, name))


@dataclass(frozen=True, eq=False)
class _Summaries:
    """Of each village, (V): valid ballots, their mean in points, the share that is all good."""

    sizes: NDArray[np.int64]
    means: NDArray[np.float64]
    shares: NDArray[np.float64]


def screen(villages: Sequence[VillageBox], values: Sequence[float], seed: int) -> list[Flags]:
    """Return the flags of *villages* in their order: one round, one audience, one questionnaire.

    *values* are the points of the grades, best first; *seed* (≥ 0) drives the permutations and
    nothing else. Neither the order of villages nor that of ballots matters.
    """
    if not villages:
        return []
    order = sorted(range(len(villages)), key=lambda place: villages[place].code)
    ordered = [villages[place] for place in order]
    numbers = _numbers(ordered)
    found = _summaries(ordered, values)
    repeated = _repeated(ordered, numbers, found.means).tolist()
    levels = (found.means - min(values)) / (max(values) - min(values))
    all_good = allgood.all_good(found.shares, levels, found.sizes).tolist()
    flags = {
        place: Flags(
            same_window=_same_window(village, numbers[row], seed),
            burst=_burst(village, values, seed),
            repeated=repeated[row] or _same_bucket(village, numbers[row], seed),
            all_good=all_good[row],
        )
        for row, (place, village) in enumerate(zip(order, ordered, strict=True))
    }
    return [flags[place] for place in range(len(villages))]


def _numbers(villages: Sequence[VillageBox]) -> list[NDArray[np.int64]]:
    """Return a number for each ballot of each village, the same where all answers are the same."""
    answers = np.concatenate([village.answers for village in villages])
    numbers = np.unique(answers, axis=0, return_inverse=True)[1].reshape(-1)
    return np.split(numbers, np.cumsum([len(village.answers) for village in villages])[:-1])


def _random(seed: int, screen: str, code: str) -> np.random.Generator:
    return np.random.default_rng([seed, SCREENS.index(screen), *code.encode()])


def _same_window(village: VillageBox, numbers: NDArray[np.int64], seed: int) -> bool:
    timed = village.buckets > 0
    return windows.gathered(
        numbers[timed],
        village.buckets[timed] // BUCKETS_IN_WINDOW,
        np.ones(int(timed.sum()), dtype=bool),
        SAME_WINDOW_LEVEL,
        _random(seed, "same_window", village.code),
    )


def _same_bucket(village: VillageBox, numbers: NDArray[np.int64], seed: int) -> bool:
    timed = village.buckets > 0
    return windows.gathered(
        numbers[timed],
        village.buckets[timed],
        ~patterns.is_straight(village.answers[timed]),
        SAME_BUCKET_LEVEL,
        _random(seed, "repeated", village.code),
    )


def _burst(village: VillageBox, values: Sequence[float], seed: int) -> bool:
    used = (village.buckets > 0) & _valid(village.answers)
    random = _random(seed, "burst", village.code)
    return windows.burst(_points(village.answers[used], values), village.buckets[used], random)


def _repeated(
    villages: Sequence[VillageBox],
    numbers: Sequence[NDArray[np.int64]],
    means: NDArray[np.float64],
) -> NDArray[np.bool_]:
    places = np.repeat(np.arange(len(villages)), [len(village.answers) for village in villages])
    mixed = ~patterns.is_straight(np.concatenate([village.answers for village in villages]))
    return patterns.repeated(places[mixed], np.concatenate(numbers)[mixed], means)


def _summaries(villages: Sequence[VillageBox], values: Sequence[float]) -> _Summaries:
    valid = [village.answers[_valid(village.answers)] for village in villages]
    sizes = np.array([len(answers) for answers in valid])
    good = np.array([(answers == GOOD).all(axis=1).sum() for answers in valid])
    points = np.array([np.sort(_points(answers, values)).sum() for answers in valid])
    filled = np.maximum(sizes, 1)
    return _Summaries(sizes, points / filled, good / filled)


def _valid(answers: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which ballots count for scores, (n): at least half of their items graded."""
    return np.asarray(2 * (answers >= 0).sum(axis=1) >= answers.shape[1])


def _points(answers: NDArray[np.int8], values: Sequence[float]) -> NDArray[np.float64]:
    """Return the mean value of the grades of each ballot, (n)."""
    graded = answers >= 0
    worth = np.append(np.asarray(values, dtype=np.float64), (0.0, 0.0))[answers]
    return np.asarray(worth.sum(axis=1) / np.maximum(graded.sum(axis=1), 1))
