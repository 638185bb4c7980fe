"""The rules of what may be shown at which number of ballots (docs/method.md, “What is shown”)."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from survey.core.tallies import GRADES

LEAST = {"mass": 10, "self": 5}
"""Ballots below which an audience's scores are withheld."""
LEAST_FOR_SHARES = 10
LEAST_FOR_ITEMS = 20
"""Valid ballots from which on items are shown: their scores, and how many gave which grade."""
COUNT_STEP = 5
LEAST_SPAN = 2
"""Between a count's least and most at least so much is left open, or it may be nobody."""
EDGE = 2.0
"""Points from either end within which a score reads as a bound; more where answers are few."""
HIDDEN_ANSWERS = 3
"""Answers that may differ, each by one grade, without any score showing it."""
HIDDEN_ANSWERS_OF_ONE_ITEM = 7
"""The same for a score of one item, beside which totals tell more."""
MAJORITY = 0.9
LEAST_DISPERSION = 0.05
"""About that of a village where one in ten answers one grade apart from all others."""

_STEPS = ((10, 5.0), (20, 2.0), (50, 1.0), (200, 0.5))
_FINEST = 0.1
_SIZES = (0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
SHARE_OF_A_DIMENSION = 0.2
"""To what fraction the share of unknown in a dimension is rounded: for its limit of a third."""

_NUMBER_SIZES = tuple(digit * ten for ten in (1, 10, 100, 1000, 10_000) for digit in (1, 2, 5))
_SHARE_STEPS = ((20, 0.1), (50, 0.05))
_SHARE_SIZES = (0.01, 0.05, 0.1, 0.2, 0.5)


def grade_width(ends: tuple[float, float]) -> float:
    """Return by how many points one grade differs from the next, on average over the scale."""
    return (ends[1] - ends[0]) / (GRADES - 1)


def hidden(width: float, answers: int, *, alone: bool = False) -> float:
    """Return how many points a score over *answers* moves with those that it must hide.

    *alone*: it is of one item.
    """
    return (HIDDEN_ANSWERS_OF_ONE_ITEM if alone else HIDDEN_ANSWERS) * width / answers


def step(n: int, least: float = 0.0, *, exact: bool = False) -> float:
    """Return to how many points a score of *n* ballots is rounded: *least* or more.

    An *exact* one to as few as *least* allows: not all digits, because a mean of unequal numbers
    of answers, in all its digits, tells each of the sums that it is made of.
    """
    usual = next((size for below, size in _STEPS if n < below), _FINEST)
    wanted = least if exact else max(least, usual)
    return next((size for size in _SIZES if size >= wanted - 1e-9), _SIZES[-1])


def edge(least: float) -> float:
    """Return how near to an end a score reads as a bound, in whole points: *least* or more."""
    return max(EDGE, math.ceil(least - 1e-9))


def full_fives(n: int) -> int:
    """Return as how many the *n* answers to an item are told: in full fives, as its counts."""
    return n // COUNT_STEP * COUNT_STEP


def share_step(n: int, cells: int) -> float:
    """Return to what fraction a share of *cells* over *n* ballots is rounded.

    It tells no count of cells more closely than in fives.
    """
    wanted = max(COUNT_STEP / max(cells, 1), next((s for n_, s in _SHARE_STEPS if n < n_), 0.01))
    return next((size for size in _SHARE_SIZES if size >= wanted - 1e-9), _SHARE_SIZES[-1])


def nearest(value: float, size: float) -> float:
    """Return the multiple of *size* nearest to *value*, the higher one in the middle."""
    return round(math.floor(value / size + 0.5 + 1e-9) * size, 6)


def outward(low: float, high: float, size: float) -> tuple[float, float]:
    """Return limits widened to multiples of *size*."""
    below, above = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    return round(below * size, 6), round(above * size, 6)


def bound(
    value: float, shown: float, lowest: float, highest: float, near: float = EDGE
) -> tuple[float, str]:
    """Return what a score reads as: *near* an end only the bound, with its sign."""
    if max(value, shown) > highest - near + 1e-9:
        return highest - near, "≥"
    if min(value, shown) < lowest + near - 1e-9:
        return lowest + near, "≤"
    return shown, ""


def nearest_share(share: float, size: float, turns: Collection[tuple[float, bool]] = ()) -> float:
    """Return *share* rounded to *size*, on its own side of every turning point of the policy.

    *turns*: (threshold, whether the threshold itself is already beyond). So a veto or a condition
    reads the same from the released share as from the exact one.
    """
    shown = nearest(share, size)
    for turn, included in turns:
        steps = turn / size
        if _beyond(share, turn, included) and not _beyond(shown, turn, included):
            shown = size * (math.ceil(steps - 1e-9) if included else math.floor(steps + 1e-9) + 1)
        elif _beyond(shown, turn, included) and not _beyond(share, turn, included):
            shown = size * (math.ceil(steps - 1e-9) - 1 if included else math.floor(steps + 1e-9))
    return round(min(max(shown, 0.0), 1.0), 6)


def majority_share(share: float, turns: Collection[tuple[float, bool]] = ()) -> float:
    """Return as what a share of nine tenths or more counts: these, or a turn that it is beyond."""
    beyond = [turn for turn, included in turns if _beyond(share, turn, included)]
    return max(MAJORITY, *beyond, MAJORITY)


def _beyond(share: float, turn: float, included: bool) -> bool:
    return share >= turn if included else share > turn


def digits(size: float, sign: str) -> int:
    """Return in how many decimals a score is written that is rounded to *size*."""
    return 0 if sign else (size < 1) + (size < _FINEST)


def number_step(least: int, most: int) -> int:
    """Return to what a number from *least* to *most* is rounded: about a hundredth of its range.

    1, 2, 5, 10, 20 and so on.
    """
    return next(size for size in _NUMBER_SIZES if 100 * size >= most - least)


def key(position: int) -> str:
    """Return how the item at *position* is named among what is withheld."""
    return f"items.{position}"


def counts_key(position: int) -> str:
    """Return how the counts of the item at *position* are named among what is withheld."""
    return f"counts.{position}"


def share_text(share: float) -> str:
    """Return *share* as it is written; from nine tenths on only that."""
    return "≥ 90%" if share >= MAJORITY else f"{100 * share:.0f}%"


def percent(probability: float) -> str:
    """Return a probability as it is written: never a certainty that is none."""
    if probability in (0, 1):
        return f"{100 * probability:.0f}%"
    if probability < 0.005 or probability > 0.995:
        return "< 1%" if probability < 0.5 else "> 99%"
    return f"{100 * probability:.0f}%"


def turnout_in_tens(used: int) -> int:
    """Return how many used tickets may be shown before the seal: full tens."""
    return used // 10 * 10


def second(sizes: Mapping[str, int], hidden: Collection[str]) -> str | None:
    """Return which cell to withhold beside a single *hidden* one that a total would give away.

    *sizes*: ballots behind every cell of the total. None where no second one is needed or left.
    """
    shown = [name for name in sizes if name not in hidden]
    if len(hidden) != 1 or not shown:
        return None
    return min(shown, key=lambda name: (sizes[name], name))
