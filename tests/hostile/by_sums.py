"""An attacker with pencil, paper and everything that is published of one village and audience.

What is published becomes linear equations and inequalities over what is not: how many valid and
how many invalid ballots put each item into each cell. The attacker knows every rule by which
figures are rounded, and solves for the least and the most that each count can be. As a gift they
also know how many ballots grade each item exactly (which is told in fives only), so that means
become linear, and what holds against them holds against whoever must guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from survey.core.evidence import UNKNOWN_LIMIT
from survey.core.policy import Policy
from survey.core.release import rules
from survey.core.tallies import CELLS, GRADES

Columns = Mapping[str, Sequence[int]]
Range = tuple[int, int]
ALL, GRADED = range(len(CELLS)), range(GRADES)
TOUCHING = 1e-6


class Attack:
    """Linear facts about one village's counts, and the range that they leave for each count."""

    def __init__(self, columns: Columns, policy: Policy, graders: Sequence[int]) -> None:
        self.columns, self.policy, self.graders = columns, policy, graders
        self.items = len(graders)
        self.facts: list[tuple[Any, float, float]] = []

    def read(self, published: Mapping[str, Any], *, exact: bool = False) -> Attack:
        """Add all that *published*, a source of the JSON form, says."""
        self.facts += self._ballots(published)
        self.facts += self._items(published)
        self.facts += self._scores(published, exact)
        self.facts += self._shares(published)
        return self

    def hear(self, item: int, mean: float) -> Attack:
        """Add the mean of *item* in all its digits, as a careless service would publish it."""
        weights = {item: 1 / self.graders[item]}
        return self.learn(self._points(weights), mean - TOUCHING, mean + TOUCHING)

    def learn(self, what: Any, low: float, high: float) -> Attack:
        """Add one more fact: that the sum *what* is from *low* to *high*."""
        self.facts.append((what, low, high))
        self.__dict__.pop("_system", None)
        return self

    def knows(self, counts: Any, valid: Any) -> bool:
        """Say whether the truth, *counts* over all and over *valid* ballots, fits every fact."""
        truth = np.stack([valid, counts - valid]).ravel()
        return all(low - 1e-6 <= what @ truth <= high + 1e-6 for what, low, high in self.facts)

    def ranges(self, item: int) -> dict[str, Range]:
        """Return the least and the most ballots that can have put *item* into each cell."""
        return {name: self.range(self.sum([item], [cell])) for cell, name in enumerate(CELLS)}

    def range(self, what: Any) -> Range:
        """Return the least and the most that the sum *what* can be."""
        return self._least(what), -self._least(-what)

    def sum(self, items: Sequence[int], cells: Sequence[int], *, valid: bool = False) -> Any:
        """Return the sum of these *cells* of *items*, over all ballots or the *valid* ones."""
        wanted = np.zeros((2, self.items, len(CELLS)))
        for item in items:
            wanted[:, item, list(cells)] = [[1], [0]] if valid else 1
        return wanted.ravel()

    @cached_property
    def _system(self) -> LinearConstraint:
        rows, low, high = zip(*self.facts, strict=True)
        return LinearConstraint(csr_matrix(np.array(rows)), low, high)

    def _least(self, what: Any) -> int:
        found = milp(
            what,
            integrality=np.ones(what.size),
            bounds=Bounds(0, np.inf),
            constraints=self._system,
        )
        assert found.success, f"what is published contradicts itself: {found.message}"
        return round(found.fun)

    def _ballots(self, published: Mapping[str, Any]) -> Iterator[tuple[Any, float, float]]:
        """Each ballot puts each item into one cell; an invalid one grades fewer than half."""
        received, invalid = published["received"], published["invalid"]
        for item in range(self.items):
            yield self.sum([item], ALL), received, received
            yield self.sum([item], ALL, valid=True), published["valid"], published["valid"]
        everything = range(self.items)
        by_valid = self.sum(everything, GRADED, valid=True)
        yield by_valid, published["valid"] * self.items / 2, np.inf
        yield (
            self.sum(everything, GRADED) - by_valid,
            0,
            invalid * ((self.items + 1) // 2 - 1),
        )

    def _items(self, published: Mapping[str, Any]) -> Iterator[tuple[Any, float, float]]:
        half = rules.COUNT_STEP // 2
        for item in published["items"]:
            place = item["position"]
            graders = self.sum([place], GRADED, valid=True)
            if item["n"] is not None:
                yield graders, item["n"], item["n"] + rules.COUNT_STEP - 1
            for cell, count in enumerate(item["counts"] or ()):
                if count is not None:
                    yield self.sum([place], [cell]), max(count - half, 0), count + half
            if item["majority"]:
                most = self.sum([place], [CELLS.index(item["majority"])])
                yield most - rules.MAJORITY * self.sum([place], GRADED), 0, np.inf
            said = published["withheld"].get(rules.key(place), "")
            if said.startswith("Nobody"):
                yield graders, 0, 0
            elif said.startswith("Fewer") and published["valid"] >= rules.LEAST_FOR_ITEMS:
                yield graders, 1, self._few(published) - 1

    def _few(self, published: Mapping[str, Any]) -> int:
        return rules.LEAST["self" if published["audience"] == "self" else "mass"]

    def _scores(
        self, published: Mapping[str, Any], exact: bool
    ) -> Iterator[tuple[Any, float, float]]:
        total: dict[int, float] = {}
        for name, where in self.columns.items():
            weights = self._equal(where)
            total |= {item: weight / len(self.columns) for item, weight in weights.items()}
            score = published["dimensions"][name]
            if score is not None:
                yield from self._score(score, weights, exact)
                more = rules.COUNT_STEP - 1 if len(weights) == 1 else 0
                yield self.sum(where, GRADED, valid=True), score["n"], np.inf
                for item in where:
                    yield self.sum([item], GRADED, valid=True), 0, score["n"] + more
        if published["source"] is not None:
            yield from self._score(published["source"], total, exact)

    def _equal(self, where: Sequence[int]) -> dict[int, float]:
        answered = [item for item in where if self.graders[item]]
        return {item: 1 / len(answered) for item in answered}

    def _score(
        self, score: Mapping[str, Any], weights: Mapping[int, float], exact: bool
    ) -> Iterator[tuple[Any, float, float]]:
        effect = max(weight / self.graders[item] for item, weight in weights.items())
        yield self._mean(score["score"], score["text"], score["n"], weights, effect, exact=exact)

    def _mean(
        self,
        value: float,
        text: str,
        n: int,
        weights: Mapping[int, float],
        effect: float,
        *,
        exact: bool = False,
    ) -> tuple[Any, float, float]:
        """Return what a score of *weights* over items says of the counts.

        *effect*: how much of a grade's points one answer moves the score.
        """
        what = self._points({item: one / self.graders[item] for item, one in weights.items()})
        lowest, highest = min(self.policy.values), max(self.policy.values)
        width = (highest - lowest) / (GRADES - 1)
        hidden = rules.hidden(width, 1, alone=len(weights) == 1) * effect
        size, near = rules.step(n, hidden, exact=exact), rules.edge(hidden)
        half = size / 2
        if text.startswith("≥"):
            return what, min(highest - near, _above(highest - near, size) - half), np.inf
        if text.startswith("≤"):
            return what, 0, max(lowest + near, _below(lowest + near, size) + half)
        low, high = max(value - half, lowest + near), min(value + half, highest - near)
        return what, low - TOUCHING, high + TOUCHING

    def _points(self, weights: Mapping[int, float]) -> Any:
        """Return the points of valid ballots' answers, *weights* by item."""
        what = np.zeros((2, self.items, len(CELLS)))
        for item, weight in weights.items():
            what[0, item, :GRADES] = np.array(self.policy.values) * weight
        return what.ravel()

    def _shares(self, published: Mapping[str, Any]) -> Iterator[tuple[Any, float, float]]:
        shares, everything = published["shares"], range(self.items)
        graded = self.sum(everything, GRADED)
        cells = published["received"] * self.items
        known = sum(self.graders)
        policy = self.policy
        turns: dict[str, list[tuple[float, bool]]] = {
            "good": [],
            "positive": [(policy.good_needs_positive_share, True)],
            "poor": [(policy.veto_average_share, True), (policy.veto_poor_share, False)],
        }
        for name, parts in (("good", [0]), ("positive", [0, 1]), ("poor", [3])):
            if shares[name] is not None:
                size = rules.share_step(published["valid"], known)
                low, high = _share_before(shares[name], size, tuple(turns[name]))
                yield self.sum(everything, parts) - low * graded, 0, np.inf
                yield high * graded - self.sum(everything, parts), 0, np.inf
        for name, cell in (("unknown", 4), ("blank", 5)):
            if shares[name] is not None:
                size = rules.share_step(published["valid"], cells)
                low, high = _share_before(shares[name], size, ())
                yield self.sum(everything, [cell]), low * cells, high * cells
        for name, where in self.columns.items():
            if shares["unknown_in"][name] is not None:
                whole = published["received"] * len(where)
                low, high = _share_before(
                    shares["unknown_in"][name],
                    rules.SHARE_OF_A_DIMENSION,
                    ((UNKNOWN_LIMIT, False),),
                )
                yield self.sum(where, [4]), low * whole, high * whole


def _above(end: float, size: float) -> float:
    """Return the first multiple of *size* above *end*."""
    return float((np.floor(end / size + 1e-9) + 1) * size)


def _below(end: float, size: float) -> float:
    """Return the last multiple of *size* below *end*."""
    return float((np.ceil(end / size - 1e-9) - 1) * size)


@cache
def _share_before(
    shown: float, size: float, turns: tuple[tuple[float, bool], ...]
) -> tuple[float, float]:
    """Return between which shares lies one that is *shown*: by trying."""
    tried = np.unique(np.concatenate([np.linspace(0, 1, 20_001), np.arange(0, 1, 1 / 1200)]))
    fits = [share for share in tried if abs(_share_shown(share, size, turns) - shown) < 1e-7]
    if not fits:
        return max(shown - size, 0.0), min(shown + size, 1.0)
    gap = 1 / 20_000
    return max(min(fits) - gap, 0.0), min(max(fits) + gap, 1.0)


def _share_shown(share: float, size: float, turns: tuple[tuple[float, bool], ...]) -> float:
    if share >= rules.MAJORITY:
        return rules.majority_share(share, turns)
    return rules.nearest_share(share, size, [*turns, (rules.MAJORITY, True)])
