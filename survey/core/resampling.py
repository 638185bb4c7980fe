"""How far α would move if other villagers of the same villages had answered: a bootstrap.

Percentile limits (Efron, “Better bootstrap confidence intervals”, JASA 82, 1987, section 1) over
ballots drawn again within each village. Villages are not drawn: those of a round are all there are,
and each keeps its number of ballots. It needs whole ballots, so it runs inside the seal; what
leaves it is two digits of each limit (docs/method.md, “Instrument”).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.core.factor import Floats
from survey.core.reliability import LEAST_BALLOTS, Truths, alphas, covariances, scales

REPLICATES = 1000
_LEVELS = (0.025, 0.975)
_CELLS = 2**21
"""Numbers that one step of the work holds in memory: 16 MB as floats."""

Answers = NDArray[np.int8]


def limits(
    villages: Sequence[Answers],
    columns: Mapping[str, tuple[int, ...]],
    values: Sequence[float],
    seed: int,
    replicates: int = REPLICATES,
) -> dict[str, tuple[float, float]]:
    """Return the 95 % limits of α for each dimension and the whole, two digits, rounded outward.

    *villages*: the ballots of each, ballots × items as in `tallies.count`; invalid ones are left
    out. Nothing below `LEAST_BALLOTS`; no limits where a drawing has no α. 1,000 drawings of
    140,000 ballots in 465 villages take some seconds and 40 MB; a single village of more than
    20,000 takes much longer.
    """
    tables = [valid for table in villages if len(valid := _valid(table))]
    if sum(map(len, tables)) < LEAST_BALLOTS:
        return {}
    drawn = [covariances(*sums) for sums in _drawn(tables, values, seed, replicates)]
    found = {}
    for name, where in scales(columns).items():
        parts = [_alphas_of(where, *block) for block in drawn]
        if all(there.all() for _, there in parts):
            found[name] = _outward(np.concatenate([each for each, _ in parts]))
    return found


def _alphas_of(where: Sequence[int], covariance: Floats, known: Truths) -> tuple[Floats, Truths]:
    place = np.ix_(range(len(covariance)), where, where)
    return alphas(covariance[place], known[place])


def _valid(table: Answers) -> Answers:
    valid: Answers = table[2 * (table >= 0).sum(axis=1) >= table.shape[1]]
    return valid


def _outward(found: Floats) -> tuple[float, float]:
    low, high = np.quantile(found, _LEVELS).tolist()
    return math.floor(low * 100) / 100, math.ceil(high * 100) / 100


def _drawn(
    tables: Sequence[Answers], values: Sequence[float], seed: int, replicates: int
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Yield counts, sums and products of pairs of items, (B, J, J) each, for blocks of drawings."""
    draw = np.random.default_rng(seed)
    items = tables[0].shape[1]
    pairs = np.tril_indices(items)
    most = max(4 * len(pairs[0]), *map(len, tables))
    block = max(1, min(replicates, _CELLS // most))
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        sums = np.zeros((size, 4 * len(pairs[0])))
        for table in tables:
            weights = _weights(draw, size, len(table))
            step = max(1, _CELLS // sums.shape[1])
            for first in range(0, len(table), step):
                part = slice(first, first + step)
                sums += weights[:, part] @ _features(table[part], pairs, values)
        yield _squares(sums, pairs, items)


def _weights(draw: np.random.Generator, size: int, n: int) -> Floats:
    """Return how often each of *n* ballots is drawn in each of *size* drawings of n: (size, n)."""
    chosen = draw.integers(0, n, size=(size, n), dtype=np.int64)
    chosen += n * np.arange(size)[:, None]
    return np.bincount(chosen.ravel(), minlength=size * n).reshape(size, n).astype(float)


def _features(table: Answers, pairs: tuple[Any, Any], values: Sequence[float]) -> Floats:
    """Return per ballot, for each pair of items: both graded, value of one, of other, product."""
    graded = (table >= 0).astype(float)
    points = np.append(np.asarray(values, dtype=float), (0.0, 0.0))[table]
    one, other = pairs
    return np.concatenate(
        [
            graded[:, one] * graded[:, other],
            points[:, one] * graded[:, other],
            points[:, other] * graded[:, one],
            points[:, one] * points[:, other],
        ],
        axis=1,
    )


def _squares(sums: Floats, pairs: tuple[Any, Any], items: int) -> tuple[Floats, Floats, Floats]:
    """Return *sums* of pairs as the square tables of a tally: n, sum, product."""
    both, of_one, of_other, product = np.split(sums, 4, axis=1)
    n, total, crossed = (np.zeros((len(sums), items, items)) for _ in range(3))
    one, other = pairs
    n[:, one, other] = n[:, other, one] = both
    crossed[:, one, other] = crossed[:, other, one] = product
    total[:, one, other] = of_one
    total[:, other, one] = of_other
    return n, total, crossed
