"""Ballots → counts and cross-products: what the seal keeps, and all that scoring needs.

From a tally every score, its variance and the source's variance follow exactly as from the
ballots themselves (docs/method.md, “What is kept”); the ballots are not needed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.core.ballot import BLANK, UNKNOWN
from survey.core.errors import Damaged, Invalid
from survey.core.wording import N_

FORMAT = "cunping-tally/1"
CELLS = ("good", "fairly_good", "average", "poor", "unknown", "blank")
GRADES = 4

Numbers = NDArray[Any]

_TABLES = ("counts_all", "counts", "pair_n", "pair_sum", "pair_product")


@dataclass(frozen=True, eq=False)
class Tally:
    """What one village's ballots of one audience and access add up to.

    *columns* gives each dimension its item positions, *values* the points of the four grades.
    *counts_all* and *counts* are (J, 6), in the order of `CELLS`: over all ballots, and over the
    valid ones. The rest is over valid ballots: *dimension_n* those that grade at least one item of
    the dimension; *pair_n* (J, J) those that grade both items; *pair_sum[j, k]* the sum of the
    values of item j over these; *pair_product* (J, J) the sum of the products. Whole numbers
    wherever the values are whole.
    """

    columns: dict[str, tuple[int, ...]]
    values: tuple[float, ...]
    received: int
    invalid: int
    counts_all: Numbers
    counts: Numbers
    dimension_n: dict[str, int]
    pair_n: Numbers
    pair_sum: Numbers
    pair_product: Numbers

    @property
    def valid(self) -> int:
        """Ballots that count for scores."""
        return self.received - self.invalid

    @cached_property
    def items(self) -> int:
        """How many items there are."""
        return sum(len(positions) for positions in self.columns.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the tally as plain lists and numbers, ready for JSON."""
        return {
            "format": FORMAT,
            "columns": {name: list(positions) for name, positions in self.columns.items()},
            "values": list(self.values),
            "received": self.received,
            "invalid": self.invalid,
            "dimension_n": dict(self.dimension_n),
            **{name: getattr(self, name).tolist() for name in _TABLES},
        }


def from_dict(document: Mapping[str, Any]) -> Tally:
    """Return the tally that `Tally.to_dict` wrote; raises `Damaged` where it is not whole."""
    try:
        tally = Tally(
            columns={name: tuple(where) for name, where in document["columns"].items()},
            values=tuple(document["values"]),
            received=int(document["received"]),
            invalid=int(document["invalid"]),
            dimension_n={name: int(n) for name, n in document["dimension_n"].items()},
            **{name: np.asarray(document[name]) for name in _TABLES},
        )
        whole = document["format"] == FORMAT and _is_whole(tally)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(_UNREADABLE) from error
    if not whole:
        raise Damaged(_UNREADABLE)
    return tally


_UNREADABLE = N_("A stored tally cannot be read. Restore it from the backup made after the seal.")


def _is_whole(tally: Tally) -> bool:
    square = (tally.items, tally.items)
    return (
        tally.counts.shape == tally.counts_all.shape == (tally.items, len(CELLS))
        and tally.pair_n.shape == tally.pair_sum.shape == tally.pair_product.shape == square
        and bool((tally.counts_all.sum(axis=1) == tally.received).all())
        and bool((tally.counts.sum(axis=1) == tally.valid).all())
        and tally.dimension_n.keys() == tally.columns.keys()
    )


def count(
    answers: Sequence[Sequence[int]] | Numbers,
    columns: Mapping[str, Sequence[int]],
    values: Sequence[float],
) -> Tally:
    """Return the tally of *answers*: ballots × items, 0 good … 3 poor, −1 unknown, −2 blank.

    A ballot with fewer than half of its items graded is invalid: received, but not scored.
    Raises `Invalid` where *columns* do not name every item once, or a ballot does not fit.
    """
    places = {name: tuple(positions) for name, positions in columns.items()}
    table = _table(answers, _items(places))
    graded = (table >= 0).astype(np.float64)
    counts_all = counts = _counts(table)
    whole = 2 * (graded @ np.ones(table.shape[1])) >= table.shape[1]
    if not whole.all():
        table, graded = table[whole], graded[whole]
        counts = _counts(table)
    points = np.append(np.asarray(values, dtype=np.float64), (0.0, 0.0))[table]
    kept = _kept(values)
    return Tally(
        columns=places,
        values=tuple(values),
        received=len(whole),
        invalid=len(whole) - len(table),
        counts_all=counts_all,
        counts=counts,
        dimension_n=dict(zip(places, _dimension_n(graded, places), strict=True)),
        pair_n=(graded.T @ graded).astype(np.int64),
        pair_sum=kept(points.T @ graded),
        pair_product=kept(points.T @ points),
    )


def _items(columns: Mapping[str, tuple[int, ...]]) -> int:
    positions = sorted(position for where in columns.values() for position in where)
    if not positions or positions != list(range(len(positions))) or not all(columns.values()):
        raise Invalid(
            N_("Every item must belong to exactly one dimension, and every dimension needs one.")
        )
    return len(positions)


def _table(answers: Sequence[Sequence[int]] | Numbers, items: int) -> NDArray[np.int8]:
    if len(answers) == 0:
        return np.empty((0, items), dtype=np.int8)
    small = isinstance(answers, np.ndarray) and answers.dtype == np.int8
    try:
        table = np.asarray(answers, dtype=np.int8 if small else np.int64)
    except (ValueError, TypeError, OverflowError) as error:
        raise Invalid(_MISFIT, items=items) from error
    if table.ndim != 2 or table.shape[1] != items or table.min() < BLANK or table.max() >= GRADES:
        raise Invalid(_MISFIT, items=items)
    return table.astype(np.int8, copy=False)


_MISFIT = N_("A ballot does not fit: each needs %(items)d answers from −2 to 3.")


def _kept(values: Sequence[float]) -> Any:
    """Return how sums are kept: as whole numbers when all *values* are whole."""
    if all(float(value).is_integer() for value in values):
        return lambda sums: np.rint(sums).astype(np.int64)
    return lambda sums: sums


def _dimension_n(graded: NDArray[np.float64], places: Mapping[str, tuple[int, ...]]) -> list[int]:
    """Return how many ballots grade an item of each dimension."""
    member = np.zeros((graded.shape[1], len(places)))
    for column, where in enumerate(places.values()):
        member[list(where), column] = 1
    number: list[int] = (graded @ member > 0).sum(axis=0).tolist()
    return number


def _counts(table: NDArray[np.int8]) -> Numbers:
    """Return how often each item has each cell, in the order of `CELLS`, (J, 6)."""
    items, cells = table.shape[1], len(CELLS)
    places = np.arange(items) * cells + table - BLANK
    found = np.bincount(places.ravel(), minlength=items * cells).reshape(items, cells)
    return found[:, _ORDER].astype(np.int64)


_ORDER = [answer - BLANK for answer in (*range(GRADES), UNKNOWN, BLANK)]


def add(tallies: Sequence[Tally]) -> Tally:
    """Return the tally of all ballots behind *tallies*, of the same items and values, at least one.

    Raises `Invalid` where they differ.
    """
    first = tallies[0]
    if any((one.columns, one.values) != (first.columns, first.values) for one in tallies):
        raise Invalid(N_("Only tallies of the same questionnaire and values can be added."))
    return Tally(
        columns=first.columns,
        values=first.values,
        received=sum(one.received for one in tallies),
        invalid=sum(one.invalid for one in tallies),
        dimension_n={name: sum(one.dimension_n[name] for one in tallies) for name in first.columns},
        **{name: sum(getattr(one, name) for one in tallies) for name in _TABLES},
    )
