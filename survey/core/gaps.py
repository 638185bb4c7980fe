"""Where self-evaluation and mass evaluation differ by more than chance.

The interval of a difference is MOVER's (Zou and Donner 2008; Newcombe 1998, method 10, with φ = 1
and normal quantiles), p is the level at which its limit reaches 0, and the false discovery rate
over all villages × dimensions is Benjamini and Hochberg's (1995). See docs/method.md, “Self
against mass”.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from survey.core.interval import LEVEL, limits, quantile
from survey.core.scores import Score, SourceScores
from survey.core.wording import N_, Sentence, say

DISCOVERY_RATE = 0.05
FEW_SELF_BALLOTS = 10
_FARTHEST = 9.0
_STEPS = 100

_Short = Callable[[Any, NDArray[np.bool_]], Any]
"""Takes a point for each difference and where it is wanted, gives the function there."""


class Sides(NamedTuple):
    """One side of many differences, as arrays of one shape; *df* infinite: normal quantiles."""

    value: Any
    n: Any
    phi: Any
    f: Any
    df: Any
    lowest: Any
    highest: Any

    def reach(self, q: Any) -> tuple[Any, Any]:
        """Return how far the limits are below and above the value."""
        low, high = limits(self.value, self.n, self.phi, self.f, q, self.lowest, self.highest)
        return self.value - low, high - self.value

    def at(self, where: NDArray[np.bool_]) -> Sides:
        """Return the differences that are *where* alone."""
        return Sides(*(cells[where] for cells in self))


def sides(scores: Sequence[Score]) -> Sides:
    """Return *scores* as one side of differences."""
    return Sides(
        *(
            np.array([getattr(score, name) for score in scores], dtype=float)
            for name in Sides._fields
        )
    )


def difference(first: Sides, second: Sides) -> tuple[Any, Any, Any]:
    """Return the 95 % limits of first − second, and p: arrays of the shape of the sides."""
    away = first.value - second.value
    below, above = first.reach(quantile(LEVEL, first.df)), second.reach(quantile(LEVEL, second.df))
    low = away - np.hypot(below[0], above[1])
    high = away + np.hypot(below[1], above[0])
    return low, high, _p(first, second)


def _p(first: Sides, second: Sides) -> Any:
    """Return the level at which the limit nearer to 0 reaches it (no difference: 1)."""
    from scipy.special import ndtr

    swap = first.value < second.value
    upper = Sides(*(np.where(swap, b, a) for a, b in zip(first, second, strict=True)))
    lower = Sides(*(np.where(swap, a, b) for a, b in zip(first, second, strict=True)))
    distance = upper.value - lower.value

    def short(z: Any, where: NDArray[np.bool_]) -> Any:
        """How much the interval at the level of *z* misses 0: negative while it excludes 0."""
        more, less, level = upper.at(where), lower.at(where), z[where]
        below, _ = more.reach(_quantile_at(level, more.df))
        _, above = less.reach(_quantile_at(level, less.df))
        return np.hypot(below, above) - distance[where]

    certain = (upper.f >= 1) & (lower.f >= 1)
    p = np.where(certain, 0.0, 2 * ndtr(-_root(short, distance)))
    return np.where(distance == 0, 1.0, p)


def _quantile_at(z: Any, df: Any) -> Any:
    """Return Student's quantile at the level of the normal quantile *z*, exact in the tail."""
    from scipy.special import ndtr, stdtrit

    return -stdtrit(df, ndtr(-z))


def _root(short: _Short, distance: Any) -> Any:
    """Return where *short*, which increases from −*distance*, is 0: regula falsi, Illinois rule.

    Where it is below 0 as far as p can be told from 0, the farthest point.
    """
    left, right, at_left, at_right = _bracket(short, distance)
    middle, side, sought = right, np.zeros(distance.shape), at_right > 0
    for _ in range(_STEPS):
        if not sought.any():
            break
        rise = at_right - at_left
        step = np.divide(-at_left, rise, out=np.zeros(distance.shape), where=rise > 0)
        middle = np.where(sought, left + np.clip(step, 0, 1) * (right - left), middle)
        here = np.zeros(distance.shape)
        here[sought] = short(middle, sought)
        sought = sought & (np.abs(here) >= 1e-12) & (right - left >= 1e-13)
        before, side = side, np.where(here > 0, 1, -1)
        again = np.where(side == before, 0.5, 1.0)
        left, at_left = (
            np.where(side > 0, left, middle),
            np.where(side > 0, at_left * again, here),
        )
        right, at_right = (
            np.where(side > 0, middle, right),
            np.where(side > 0, here, at_right * again),
        )
    return middle


def _bracket(short: _Short, distance: Any) -> tuple[Any, Any, Any, Any]:
    """Return two points around the root, at most `_FARTHEST`, and *short* at both."""
    left, right = np.zeros(distance.shape), np.ones(distance.shape)
    at_left, at_right = -distance, short(right, np.full(distance.shape, True))
    while np.any(beyond := (at_right < 0) & (right < _FARTHEST)):
        left, at_left = np.where(beyond, right, left), np.where(beyond, at_right, at_left)
        right = np.where(beyond, np.minimum(right * 2, _FARTHEST), right)
        at_right = at_right.copy()
        at_right[beyond] = short(right, beyond)
    return left, right, at_left, at_right


@dataclass(frozen=True)
class Gap:
    """Self-evaluation − mass evaluation in points, with its 95 % limits.

    *p*: the level at which the limit reaches 0. *adjusted*: p after Benjamini–Hochberg over all
    villages × dimensions, None for a gap looked at alone. *notable*: adjusted < .05, and large
    enough for the round's policy. *bound* is “≥”, “≤” or “≈” where a released score is a bound.
    """

    value: float
    low: float
    high: float
    p: float
    adjusted: float | None = None
    notable: bool = False
    bound: str = ""

    @property
    def text(self) -> str:
        """The gap as it is written, with its sign."""
        return f"{self.bound} {self.value:+.1f}".lstrip()


def gap(self_: Score, mass: Score) -> Gap:
    """Return the gap between two scores of one village."""
    return _gaps([(self_, mass)], None)[0]


def _gaps(pairs: Sequence[tuple[Score, Score]], notable_gap: float | None) -> list[Gap]:
    """Return the gap of each pair; where *notable_gap* is given, with p adjusted over all."""
    first, second = sides([pair[0] for pair in pairs]), sides([pair[1] for pair in pairs])
    low, high, p = difference(first, second)
    away = first.value - second.value
    adjusted: Sequence[float | None] = [None] * len(pairs)
    notable = np.zeros(len(pairs), dtype=bool)
    if notable_gap is not None:
        adjusted = adjust(p)
        notable = (np.array(adjusted) < DISCOVERY_RATE) & (np.abs(away) >= notable_gap)
    columns = (away.tolist(), low.tolist(), high.tolist(), p.tolist(), adjusted, notable.tolist())
    return [
        Gap(
            value=value,
            low=least,
            high=most,
            p=level,
            adjusted=rate,
            notable=stands_out,
            bound=_bound(*pair),
        )
        for pair, value, least, most, level, rate, stands_out in zip(pairs, *columns, strict=True)
    ]


def _bound(self_: Score, mass: Score) -> str:
    turned = {"≥": "≤", "≤": "≥"}.get(mass.bound, "")
    bounds = {self_.bound, turned} - {""}
    return "≈" if len(bounds) > 1 else "".join(bounds)


def gaps_of_round(
    self_: Mapping[str, SourceScores], mass: Mapping[str, SourceScores], notable_gap: float
) -> dict[str, dict[str, Gap | None]]:
    """Return the gaps of every village of *mass*, by code and dimension, p adjusted over all.

    A gap is None where either score is absent. *notable_gap* in points.
    """
    pairs = {
        (code, dimension): (own, score)
        for code, source in mass.items()
        for dimension, score in source.dimensions.items()
        if score and code in self_ and (own := self_[code].dimensions.get(dimension))
    }
    found = _gaps(list(pairs.values()), notable_gap) if pairs else []
    judged = dict(zip(pairs, found, strict=True))
    return {
        code: {dimension: judged.get((code, dimension)) for dimension in source.dimensions}
        for code, source in mass.items()
    }


def adjust(p: Sequence[float] | NDArray[np.float64]) -> list[float]:
    """Return *p* adjusted by Benjamini and Hochberg, in the same order."""
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    stepped = np.minimum.accumulate(np.asarray(p, dtype=float)[order] * len(p) / ranks)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted.tolist()


def power_note(n: int) -> Sentence | None:
    """Return what to say beside gaps of a village with *n* self-evaluation ballots, if few."""
    if n >= FEW_SELF_BALLOTS:
        return None
    return say(
        N_(
            "Only %(n)d self-evaluation ballots: even a large difference can hardly be told from"
            " chance here. No notable difference does not mean that both agree."
        ),
        n=n,
    )
