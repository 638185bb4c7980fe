"""The rules of what may be shown at which number of ballots (docs/method.md, “What is shown”)."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

LEAST = {"mass": 10, "self": 5}
"""Ballots below which an audience's scores are withheld."""
LEAST_FOR_SHARES = 10
LEAST_FOR_COUNTS = 20
COUNT_STEP = 5
EDGE = 2.0
"""Points from either end within which a score reads as a bound."""
MAJORITY = 0.9
EXACT_DIGITS = 4
LEAST_DISPERSION = 0.05
"""About that of a village where one in ten answers one grade apart from all others."""

_STEPS = ((10, 5.0), (20, 2.0), (50, 1.0), (200, 0.5))
_FINEST = 0.1
_SHARE_STEPS = ((20, 0.1), (50, 0.05))
_FINEST_SHARE = 0.01


def step(n: int) -> float:
    """Return to how many points a score of *n* ballots is rounded."""
    return next((size for below, size in _STEPS if n < below), _FINEST)


def share_step(n: int) -> float:
    """Return to what fraction a share over *n* ballots is rounded."""
    return next((size for below, size in _SHARE_STEPS if n < below), _FINEST_SHARE)


def nearest(value: float, size: float) -> float:
    """Return the multiple of *size* nearest to *value*, the higher one in the middle."""
    return round(math.floor(value / size + 0.5 + 1e-9) * size, 6)


def outward(low: float, high: float, size: float) -> tuple[float, float]:
    """Return limits widened to multiples of *size*."""
    below, above = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    return round(below * size, 6), round(above * size, 6)


def bound(value: float, shown: float, lowest: float, highest: float) -> tuple[float, str]:
    """Return what a score reads as: near an end only the bound, with its sign."""
    if max(value, shown) > highest - EDGE:
        return highest - EDGE, "≥"
    if min(value, shown) < lowest + EDGE:
        return lowest + EDGE, "≤"
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


def share_text(share: float, digits: int = 0) -> str:
    """Return *share* as it is written; from nine tenths on only that."""
    return "≥ 90%" if share >= MAJORITY else f"{100 * share:.{digits}f}%"


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
