"""How good the questions are, as eyes may see it: county-wide, rounded, with what to do.

Shares are made of counts in fives, as a village's items are, so that a round of one village tells
no more here than there; and rounded so coarsely that no withheld village can be had from a total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from survey.core.factor import Coefficient
from survey.core.release import rules
from survey.core.reliability import LEAST_BALLOTS, Instrument, ItemQuality, Scale
from survey.core.tallies import CELLS, GRADES
from survey.core.wording import N_, Sentence, say

LEAST_R = 0.30
MOST_GOOD = 0.85
MOST_UNKNOWN = 1 / 3
_NEARLY = 1e-6
_STEP = 20
"""Answers by which a share is rounded: twice those of a village that is withheld."""

Limits = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class ReleasedScale:
    """A dimension, or all items: α with its limits and ω in two digits, or why not."""

    name: str
    items: int
    alpha: Coefficient
    limits: tuple[float, float] | None
    omega: Coefficient


@dataclass(frozen=True, kw_only=True)
class ReleasedQuality:
    """One item: r in two digits, the shares of good and of unknown, and each *warning*."""

    position: int
    dimension: str
    r: Coefficient
    good: float | None
    unknown: float | None
    warnings: tuple[Sentence, ...]

    @property
    def good_text(self) -> str:
        """The share of good as it is written."""
        return "" if self.good is None else rules.share_text(self.good)

    @property
    def unknown_text(self) -> str:
        """The share of unknown as it is written."""
        return "" if self.unknown is None else rules.share_text(self.unknown)


@dataclass(frozen=True, kw_only=True)
class ReleasedInstrument:
    """A questionnaire's figures. *few* says why there are only warnings of unknown, or nothing."""

    valid: int
    few: Sentence | None
    scales: tuple[ReleasedScale, ...]
    items: tuple[ReleasedQuality, ...]


_FEW = N_(
    "There are %(valid)d ballots that count. These figures are worked out from %(least)d ballots"
    " on; with fewer they would say little of the questions and too much of the people."
)
_FEW_TOGETHER = N_("Fewer than %(least)d ballots answer all of these questions.")
_WEAK = N_(
    "It hardly goes with the other questions of its dimension. Read it again: does it ask about"
    " something else, or about two things at once? Move it, split it or reword it."
)
_ALL_GOOD = N_(
    "It does not tell villages apart: more than 85 in 100 say good. Ask about something more"
    " definite that can still be missing."
)
_UNKNOWN = N_(
    "More than a third do not know or would rather not say. Reword it, or ask about something that"
    " people can see for themselves."
)


def release_instrument(instrument: Instrument, limits: Limits) -> ReleasedInstrument:
    """Return *instrument* as it may be shown; *limits* of α by scale, as the seal kept them."""
    few = None
    if instrument.valid < LEAST_BALLOTS:
        few = say(_FEW, valid=instrument.valid, least=LEAST_BALLOTS)
    return ReleasedInstrument(
        valid=instrument.valid,
        few=few,
        scales=() if few else tuple(_scale(one, limits) for one in instrument.scales),
        items=tuple(_item(one, instrument.received, bool(few)) for one in instrument.items),
    )


def _scale(scale: Scale, limits: Limits) -> ReleasedScale:
    alpha = _rounded(scale.alpha, scale.n)
    return ReleasedScale(
        name=scale.name,
        items=scale.items,
        alpha=alpha,
        limits=None if alpha.value is None else limits.get(scale.name),
        omega=_rounded(scale.omega, scale.n),
    )


def _item(item: ItemQuality, received: int, few: bool) -> ReleasedQuality:
    r = Coefficient(None) if few else _rounded(item.r, item.n)
    counts = [rules.nearest(count, rules.COUNT_STEP) for count in item.counts]
    graded, exactly = sum(counts[:GRADES]), sum(item.counts[:GRADES])
    all_good = item.counts[0] >= rules.MAJORITY * max(exactly, 1)
    below = rules.MAJORITY - _NEARLY
    good = rules.MAJORITY if all_good else min(_ratio(counts[0], graded), below)
    unknown = min(_ratio(counts[CELLS.index("unknown")], received), 1.0)
    found = [
        say(warning)
        for warning, meant in (
            (_WEAK, r.value is not None and r.value < LEAST_R),
            (_ALL_GOOD, not few and good > MOST_GOOD),
            (_UNKNOWN, received >= rules.LEAST_FOR_ITEMS and unknown > MOST_UNKNOWN),
        )
        if meant
    ]
    return ReleasedQuality(
        position=item.position,
        dimension=item.dimension,
        r=r,
        good=None if few else _share(good, exactly, MOST_GOOD),
        unknown=None if few else _share(unknown, received, MOST_UNKNOWN),
        warnings=tuple(found),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _rounded(found: Coefficient, n: int) -> Coefficient:
    """Return a coefficient in two digits, the smaller in the middle; None below the least n."""
    if found.value is None:
        return found
    if n < LEAST_BALLOTS:
        return Coefficient(None, say(_FEW_TOGETHER, least=LEAST_BALLOTS))
    return Coefficient(round(math.ceil(found.value * 100 - 0.5 - 1e-9) / 100, 2))


def _share(share: float, cells: int, turn: float) -> float | None:
    """Return *share* of *cells* in steps of `_STEP` answers or more; None below the least.

    On its own side of *turn*, unless nine tenths are nearer than a step.
    """
    if cells < LEAST_BALLOTS:
        return None
    if share >= rules.MAJORITY:
        return rules.MAJORITY
    step = rules.share_step(cells, cells * rules.COUNT_STEP // _STEP)
    return rules.nearest_share(share, step, [(turn, False), (rules.MAJORITY, True)])
