"""Scores as frozen values: item, dimension and source, each with how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from survey.core.interval import probability

Parts = tuple[tuple[float, int], ...]
"""What adds up to a score exactly: the sum of each item and what it is divided by."""


@dataclass(frozen=True)
class Flips:
    """How many forged all-good ballots would explain a score; *about* where blanks blur it."""

    count: int
    about: bool


def figure(value: float, digits: int, bound: str = "") -> str:
    """Return *value* as it is written: “86.5”, “≥ 98”."""
    return f"{bound} {value:.{digits}f}".lstrip()


@dataclass(frozen=True, kw_only=True)
class ItemScore:
    """One item. *value* in points, None without answers; *n* valid ballots that grade it.

    *counts*: good, fairly good, average, poor, unknown, blank over all ballots. *n* and *counts*
    are None only where they are withheld.
    """

    position: int
    dimension: str
    n: int | None
    value: float | None
    counts: tuple[int | None, ...] | None


@dataclass(frozen=True, kw_only=True)
class Score:
    """A dimension's or a source's score in points, between *lowest* and *highest*.

    *n* ballots of *eligible* (None: unknown); *low*, *high* the 95 % limits; *free_low*,
    *free_high* the range that assumes nothing about those who did not answer. *variance* is s²,
    *ratio* R, *phi_v* the village's own dispersion, *phi* the moderated one; *df* its degrees of
    freedom, *f* the share of all eligible. *parts* add up to the score exactly: (sum, divisor).
    *incomplete*: some ballots leave an item out. *bound* is “≥” or “≤” where a released score is
    only a bound; *digits* decimals are written.
    """

    value: float
    n: int
    eligible: int | None
    low: float
    high: float
    free_low: float | None
    free_high: float | None
    variance: float | None
    ratio: float | None
    phi_v: float
    phi_pool: float
    phi: float
    df: int
    f: float
    lowest: float
    highest: float
    incomplete: bool = False
    parts: Parts = ()
    bound: str = ""
    digits: int = 1

    @property
    def text(self) -> str:
        """The score as it is written."""
        return figure(self.value, self.digits, self.bound)

    def probability_at_least(self, threshold: float) -> float:
        """Return P(true score ≥ *threshold*), 0–1."""
        return probability(
            self.value, self.n, self.phi, self.f, self.df, self.lowest, self.highest, threshold
        )

    def flips(self, threshold: float) -> Flips | None:
        """Return how many forged all-good ballots would explain a score of *threshold* or more.

        None needed (0) below it; None where no number would: at the highest value itself.
        """
        reached, parts = self._exact
        wanted, of_wanted = _ratio(threshold)
        top, of_top = _ratio(self.highest)
        above = reached * of_wanted - wanted * parts
        if above < 0:
            return Flips(0, self.incomplete)
        room = top * of_wanted - wanted * of_top
        if room <= 0:
            return None
        return Flips(self.n * above * of_top // (parts * room) + 1, self.incomplete)

    @cached_property
    def _exact(self) -> tuple[int, int]:
        """The score as a numerator and a denominator, from its parts where it has any."""
        if not self.parts:
            return _ratio(self.value)
        ratios = [(_ratio(total), divisor) for total, divisor in self.parts]
        parts = [(above, below * divisor) for (above, below), divisor in ratios]
        common = math.lcm(*[below for _, below in parts])
        return sum([above * (common // below) for above, below in parts]), common


@lru_cache(maxsize=10_000)
def _ratio(number: float) -> tuple[int, int]:
    """Return *number* as it is written in decimals, so that 79.9 is 799/10."""
    return Fraction(str(number)).as_integer_ratio()


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Shares, 0–1, over the cells of all ballots; None without cells.

    *good*, *positive* (good and fairly good) and *poor* are of graded cells; *unknown* and *blank*
    of all cells; *unknown_in* of each dimension's cells.
    """

    good: float | None
    positive: float | None
    poor: float | None
    unknown: float | None
    blank: float | None
    unknown_in: dict[str, float | None]


@dataclass(frozen=True, kw_only=True)
class SourceScores:
    """All figures of one village and audience.

    *census_allowed*: by tickets (not an open poster). *turnout* is received ÷ eligible, None where
    eligible is unknown. A dimension without any answer is None, and then *source* is too.
    *left_out*: positions of items without answers. *poor_at*: the source score if poor were worth
    that many points.
    """

    code: str
    audience: str
    eligible: int | None
    census_allowed: bool
    received: int
    invalid: int
    valid: int
    turnout: float | None
    shares: Shares
    items: tuple[ItemScore, ...]
    dimensions: Mapping[str, Score | None]
    source: Score | None
    left_out: tuple[int, ...]
    poor_at: dict[int, float | None]
