"""Scores of a whole round and how much ballots differ: array work over tallies.

Shapes: V villages, J items, K figures — one per dimension, then the source. Source:
docs/method.md, “Scores” and “How far a score can be trusted”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.core.tallies import GRADES, Tally

PRIOR = 10
FEW_BALLOTS = 3
"""Ballots, up to which how much they differ tells nothing."""
FEW_VILLAGES = 5
POOL_WITHOUT_EVIDENCE = 0.5
POOL_FLOOR = 0.05

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Means:
    """Values of items (V, J) and figures (V, K) in points; what is absent is not *present*.

    *answers* (V, J): graded answers per item; *beside* (V, J): how many items of its dimension are
    graded. *weights* (V, K, J): what one point of one answer adds to a figure. *cells* (V, K):
    graded answers per figure, *wanted* (K) items per figure.
    """

    item_values: Floats
    answers: NDArray[np.int64]
    beside: NDArray[np.int64]
    values: Floats
    present: Truths
    weights: Floats
    cells: NDArray[np.int64]
    wanted: NDArray[np.int64]

    def complete(self, n: NDArray[np.int64]) -> Truths:
        """Return where all *n* ballots of a figure, (V, K), grade all of its items."""
        complete: Truths = self.cells == n * self.wanted
        return complete


def means(tallies: Sequence[Tally], values: Sequence[float]) -> Means:
    """Return the scores of *tallies*, all of the same items, with *values* for the grades."""
    counts = np.stack([tally.counts for tally in tallies])[..., :GRADES]
    answers = counts.sum(axis=-1)
    item_values = _ratio(counts @ np.asarray(values, dtype=float), answers)
    member = _membership(tallies[0])
    answered = member[None] & (answers > 0)[:, None, :]
    items = answered.sum(axis=2)
    dimensions = _ratio((answered * item_values[:, None, :]).sum(axis=2), items)
    known = items > 0
    source = dimensions.mean(axis=1)
    weights = _ratio(answered, items[:, :, None] * answers[:, None, :])
    return Means(
        item_values=item_values,
        answers=answers,
        beside=items @ member,
        values=_snapped(np.column_stack([dimensions, source]), min(values), max(values)),
        present=np.column_stack([known, known.all(axis=1)]),
        weights=_with_source(weights),
        cells=np.column_stack([answers @ member.T, answers.sum(axis=1)]),
        wanted=np.append(member.sum(axis=1), member.shape[1]),
    )


def _with_source(weights: Floats) -> Floats:
    """Append the source's weights: the mean over dimensions, each item being in one of them."""
    source = weights.sum(axis=1, keepdims=True) / weights.shape[1]
    return np.concatenate([weights, source], axis=1)


def _membership(tally: Tally) -> Truths:
    member = np.zeros((len(tally.columns), tally.items), dtype=bool)
    for row, positions in enumerate(tally.columns.values()):
        member[row, list(positions)] = True
    return member


def _ratio(above: Any, below: Any) -> Floats:
    """Return above ÷ below, 0 where below is 0."""
    above, below = np.broadcast_arrays(above, below)
    ratio: Floats = np.divide(above, below, out=np.zeros(above.shape), where=below != 0)
    return ratio


def _snapped(values: Floats, lowest: float, highest: float) -> Floats:
    """Return *values* within the bounds, and on a bound where only rounding keeps them off it."""
    near = 1e-12 * (highest - lowest)
    values = np.where(values >= highest - near, highest, values)
    snapped: Floats = np.where(values <= lowest + near, lowest, values)
    return snapped


def ballots(tallies: Sequence[Tally]) -> NDArray[np.int64]:
    """Return how many ballots each figure stands on, (V, K)."""
    return np.array([[*tally.dimension_n.values(), tally.valid] for tally in tallies])


def squares(tallies: Sequence[Tally], found: Means, n: NDArray[np.int64]) -> Floats:
    """Return Σ u² of every figure, (V, K), from the cross-products alone."""
    both = np.stack([tally.pair_n for tally in tallies])
    sums = np.stack([tally.pair_sum for tally in tallies])
    products = np.stack([tally.pair_product for tally in tallies])
    own, other = found.item_values[:, :, None], found.item_values[:, None, :]
    crossed = products - own * sums.transpose(0, 2, 1) - other * sums + own * other * both
    total = np.einsum("vkj,vjl,vkl->vk", found.weights, crossed, found.weights, optimize=True)
    whole: Floats = np.square(n) * np.maximum(total, 0.0)
    return whole


@dataclass(frozen=True, eq=False)
class Dispersion:
    """How much ballots differ, (V, K): NaN-free; *own* is φ_v, *pool* (K) φ_pool, *moderated* φ̂.

    *variance* is s² (meant where n ≥ 2), *ratio* R (meant where *measured*), *df* the degrees of
    freedom of φ̂.
    """

    variance: Floats
    ratio: Floats
    measured: Truths
    own: Floats
    pool: Floats
    moderated: Floats
    df: NDArray[np.int64]


def dispersion(
    found: Means,
    n: NDArray[np.int64],
    sums: Floats,
    bounds: tuple[float, float],
    *,
    pool: float | None,
    counted: Truths,
) -> Dispersion:
    """Return the dispersion of every figure; *pool* replaces φ_pool, *counted* (V) feeds it."""
    room = (found.values - bounds[0]) * (bounds[1] - found.values)
    measured = found.present & (n >= 2) & (room > 0)
    variance = _ratio(sums, np.maximum(n - 1, 1))
    ratio = np.where(measured, np.minimum(1.0, _ratio(variance, np.where(measured, room, 1))), 0.0)
    pools = (
        _pools(sums, (n - 1) * room, n, found.present & (n >= 2) & counted[:, None])
        if pool is None
        else np.full(n.shape[1], pool)
    )
    own = np.where(measured, ratio / (1 + _ratio(ratio, n)), pools)
    moderated, df = moderate(n, own, pools)
    return Dispersion(variance, ratio, measured, own, pools, moderated, df)


def moderate(n: Any, own: Any, pool: Any) -> tuple[Any, Any]:
    """Return φ̂ and its degrees of freedom; arrays broadcast.

    A village whose ballots differ less than those of the round borrows from it, as if ten of the
    round's ballots were its own; one whose ballots differ more stands by itself. Neither is taken
    to differ less than `least_dispersion`.
    """
    more = np.maximum(n - 1, 0)
    moderated = np.maximum(borrowed(n, own, pool), least_dispersion(n))
    return moderated, np.where(own > pool, more, more + PRIOR)


def borrowed(n: Any, own: Any, pool: Any) -> Any:
    """Return the dispersion after borrowing from the round, before the least is looked at."""
    more = np.maximum(n - 1, 0)
    return np.where(own > pool, own, (more * own + PRIOR * pool) / (more + PRIOR))


def least_dispersion(n: Any) -> Any:
    """Return the least dispersion, 0–1, that *n* ballots allow: so few may agree by luck."""
    return np.minimum(1.0, np.square(FEW_BALLOTS / np.maximum(n, 1)))


def _pools(sums: Floats, room: Floats, n: NDArray[np.int64], used: Truths) -> Floats:
    """Return φ_pool of every figure, (K)."""
    villages = used.sum(axis=0)
    below = (room * used).sum(axis=0)
    ratio = _ratio((sums * used).sum(axis=0), below)
    size = _ratio((n * used).sum(axis=0), villages)
    pooled = np.clip(ratio / (1 + _ratio(ratio, size)), POOL_FLOOR, 1.0)
    return np.where((villages < FEW_VILLAGES) | (below <= 0), POOL_WITHOUT_EVIDENCE, pooled)
