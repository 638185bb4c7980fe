"""How often the screens flag honest villages, and how often stuffed ones."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from survey.core.screening import SCREENS, Flags, screen
from tests.simulate.populations import Random
from tests.simulate.rounds import VALUES, standard_error
from tests.simulate.size import Size
from tests.simulate.stuffing import (
    ALL_KINDS,
    COUNTIES,
    WAYS,
    County,
    Stuffing,
    box,
    honest,
    stuffed,
)

STUFFED = 10
"""One village in so many is stuffed."""
SHARES = (0.1, 0.2)
TOGETHER = "together"
MOST_FALSE = 0.03


@dataclass(frozen=True)
class Honest:
    """Share of honest villages of *county* that a screen flags, by screen and together, 0–1."""

    county: County
    shares: dict[str, float]
    errors: dict[str, float]


@dataclass(frozen=True)
class Caught:
    """Share of villages that a screen flags where *share* of all ballots are forged, 0–1."""

    way: Stuffing
    share: float
    shares: dict[str, float]
    errors: dict[str, float]
    others: float


@dataclass(frozen=True)
class Found:
    """Both tables, the *villages* of a county, and how many stand behind a share of each table."""

    honest: list[Honest]
    caught: list[Caught]
    villages: int
    honest_villages: int
    stuffed_villages: int


def simulate(size: Size, random: Random) -> Found:
    """Return false flags of every county, and flags of every way of stuffing."""
    return Found(
        [_honest(county, size, random) for county in COUNTIES],
        [_caught(way, share, size, random) for way, share in product(WAYS, SHARES)],
        villages=size.villages,
        honest_villages=size.screens * size.villages,
        stuffed_villages=_rounds(size) * len(range(0, size.villages, STUFFED)),
    )


def _rounds(size: Size) -> int:
    """Return how many rounds are stuffed in each way."""
    return -(-size.screens // 2)


def _honest(county: County, size: Size, random: Random) -> Honest:
    shares = []
    for _ in range(size.screens):
        boxes = [box(str(place), honest(county, random)) for place in range(size.villages)]
        shares.append(_flagged(screen(boxes, VALUES, _seed(random))))
    return Honest(county, *_summed(shares))


def _caught(way: Stuffing, share: float, size: Size, random: Random) -> Caught:
    shares, others = [], []
    for _ in range(_rounds(size)):
        ballots = [honest(ALL_KINDS, random) for _ in range(size.villages)]
        for place in range(0, size.villages, STUFFED):
            ballots[place] = stuffed(ballots[place], way, share, random)
        boxes = [box(str(place), each) for place, each in enumerate(ballots)]
        flags = screen(boxes, VALUES, _seed(random))
        shares.append(_flagged(flags[::STUFFED]))
        clean = [one for place, one in enumerate(flags) if place % STUFFED]
        others.append(_flagged(clean)[TOGETHER])
    return Caught(way, share, *_summed(shares), others=float(np.mean(others)))


def _seed(random: Random) -> int:
    return int(random.integers(2**31))


def _flagged(flags: list[Flags]) -> dict[str, float]:
    """Return the share of villages that each screen flags, and all together."""
    by_screen = {name: float(np.mean([name in one.raised for one in flags])) for name in SCREENS}
    return by_screen | {TOGETHER: float(np.mean([bool(one.raised) for one in flags]))}


def _summed(shares: list[dict[str, float]]) -> tuple[dict[str, float], dict[str, float]]:
    columns = {name: [one[name] for one in shares] for name in shares[0]}
    return (
        {name: float(np.mean(column)) for name, column in columns.items()},
        {name: standard_error(column) for name, column in columns.items()},
    )
