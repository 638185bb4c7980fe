"""How good the questions are: α, ω, item-total r and shares, over all villages of an audience.

Everything follows from tallies. Covariances are pairwise: of every two items over the valid ballots
that grade both, because that is what the seal keeps; without blanks these are the usual ones. α is
Cronbach's (“Coefficient alpha and the internal structure of tests”, Psychometrika 16, 1951). What
of it may be shown is `core.release`'s. See docs/method.md, “Instrument”.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.core.factor import NOTHING, Coefficient, Floats, omega
from survey.core.tallies import Tally
from survey.core.wording import N_, say

LEAST_BALLOTS = 400
"""Ballots from which on these figures mean something, and tell nothing of anybody."""
WHOLE = "whole"
"""How all items together are named, beside the dimensions."""

Truths = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A dimension, or all items. *n*: the fewest ballots that two of its items stand on."""

    name: str
    items: int
    n: int
    alpha: Coefficient
    omega: Coefficient


@dataclass(frozen=True, kw_only=True)
class ItemQuality:
    """One item. *r*: its correlation with the sum of the others of its dimension, −1 to 1.

    *n*: the fewest ballots that *r* stands on. *counts* as in `tallies.CELLS`, over all ballots.
    """

    position: int
    dimension: str
    n: int
    r: Coefficient
    counts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """All figures of one audience's questionnaire in one round; dimensions, then the whole."""

    received: int
    valid: int
    scales: tuple[Scale, ...]
    items: tuple[ItemQuality, ...]


def measure(tally: Tally) -> Instrument:
    """Return how good the questions are, from the *tally* of all villages together."""
    covariance, known = covariances(tally.pair_n, tally.pair_sum, tally.pair_product)
    return Instrument(
        received=tally.received,
        valid=tally.valid,
        scales=tuple(
            _scale(name, tally, covariance[place], known[place])
            for name, where in scales(tally.columns).items()
            for place in [np.ix_(where, where)]
        ),
        items=tuple(
            _item(item, name, where, tally, covariance, known)
            for name, where in tally.columns.items()
            for item in where
        ),
    )


def scales(columns: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Return the items of each dimension and, last, all of them."""
    return {**columns, WHOLE: tuple(item for where in columns.values() for item in where)}


def covariances(n: Any, sums: Any, products: Any) -> tuple[Floats, Truths]:
    """Return pairwise covariances (…, J, J) in points², and where two ballots or more tell them.

    *n*, *sums*, *products* as in `Tally.pair_n`, `pair_sum`, `pair_product`. 0 where not known.
    """
    n = np.asarray(n, dtype=float)
    known = n >= 2
    size = np.where(known, n, 2.0)
    sums = np.asarray(sums, dtype=float)
    found = (products - sums * np.swapaxes(sums, -1, -2) / size) / (size - 1)
    return np.where(known, found, 0.0), known


def alphas(covariance: Floats, known: Truths) -> tuple[Floats, Truths]:
    """Return α of each matrix of *covariance* (…, k, k), and where there is one.

    There is none for fewer than two items, where the sum does not vary, or where pairwise
    covariances do not fit together.
    """
    k = covariance.shape[-1]
    own = np.trace(covariance, axis1=-2, axis2=-1)
    total = covariance.sum(axis=(-2, -1))
    there = known.all(axis=(-2, -1)) & (total > NOTHING) & (k >= 2)
    found = k / max(k - 1, 1) * (1 - own / np.where(there, total, 1.0))
    there = there & (found <= 1 + NOTHING)
    return np.where(there, np.minimum(found, 1.0), 0.0), there


_ONE_ITEM = N_("It takes two questions or more.")
_NOT_TOGETHER = N_("Too few answer these questions together.")
_ALIKE = N_("Everybody gave the same answer.")
_UNFIT = N_("Too different people answer each question for a figure over all of them.")


def _scale(name: str, tally: Tally, covariance: Floats, known: Truths) -> Scale:
    where = list(scales(tally.columns)[name])
    together = bool(known.all())
    return Scale(
        name=name,
        items=len(where),
        n=int(tally.pair_n[np.ix_(where, where)].min()),
        alpha=_alpha(covariance, known),
        omega=omega(covariance) if together else Coefficient(None, say(_NOT_TOGETHER)),
    )


def _alpha(covariance: Floats, known: Truths) -> Coefficient:
    found, there = alphas(covariance, known)
    if there:
        return Coefficient(float(found))
    if len(covariance) < 2:
        return Coefficient(None, say(_ONE_ITEM))
    if not known.all():
        return Coefficient(None, say(_NOT_TOGETHER))
    return Coefficient(None, say(_ALIKE if np.trace(covariance) <= NOTHING else _UNFIT))


def _item(
    item: int,
    dimension: str,
    where: tuple[int, ...],
    tally: Tally,
    covariance: Floats,
    known: Truths,
) -> ItemQuality:
    place = np.ix_(where, where)
    return ItemQuality(
        position=item,
        dimension=dimension,
        n=int(tally.pair_n[place].min()),
        r=_total_r(where.index(item), covariance[place], known[place]),
        counts=tuple(tally.counts_all[item].tolist()),
    )


def _total_r(item: int, covariance: Floats, known: Truths) -> Coefficient:
    """Return the correlation of *item* with the sum of the others (corrected item-total r)."""
    others = [place for place in range(len(covariance)) if place != item]
    if not others:
        return Coefficient(None, say(_ONE_ITEM))
    if not known.all():
        return Coefficient(None, say(_NOT_TOGETHER))
    own, rest = covariance[item, item], covariance[np.ix_(others, others)].sum()
    if own <= NOTHING or rest <= NOTHING:
        return Coefficient(None, say(_ALIKE))
    found = float(covariance[item, others].sum()) / math.sqrt(own * rest)
    if abs(found) > 1 + NOTHING:
        return Coefficient(None, say(_UNFIT))
    return Coefficient(max(-1.0, min(1.0, found)))
