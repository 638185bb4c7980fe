"""Self against mass: the gap of one dimension by MOVER's arithmetic."""

from __future__ import annotations

import math

from survey.core.gaps import DISCOVERY_RATE, Gap
from survey.core.policy import Policy
from survey.core.release import ReleasedScore
from survey.core.wording import N_, say
from survey.core.workings.numbers import Numbers, limits, numbers
from survey.core.workings.step import Printed, Step, plain


def gap(self_: ReleasedScore, mass: ReleasedScore, found: Gap, policy: Policy) -> list[Step]:
    """Return the steps from two scores to *found*: the gap, its limits, and what is made of it."""
    own, other = numbers(self_), numbers(mass)
    away = plain(own.value - other.value)
    return [
        Step(
            title=say(N_("Self-evaluation less mass evaluation")),
            said=say(N_("Above 0 the village judges itself higher than the villagers do.")),
            formula=f"{own.value} − {other.value}",
            result=f"{away}",
            shown=found.text,
        ),
        *_limits(away, (own, other), found),
        _certainty(found),
        _verdict(away, found, policy),
    ]


def _limits(away: Printed, sides: tuple[Numbers, Numbers], found: Gap) -> list[Step]:
    own, other = sides
    one, two = limits(own), limits(other)
    low = away - math.hypot(own.value - one.low, two.high - other.value)
    high = away + math.hypot(one.high - own.value, other.value - two.low)
    ends = (
        (
            N_("Lower limit"),
            f"{away} − √(({own.value} − {one.low})² + ({two.high} − {other.value})²)",
            (low, found.low),
        ),
        (
            N_("Upper limit"),
            f"{away} + √(({one.high} − {own.value})² + ({other.value} − {two.low})²)",
            (high, found.high),
        ),
    )
    return [
        Step(
            title=say(title),
            said=say(
                N_(
                    "Each score lends how far it is from its own limit (before that is rounded);"
                    " the two are put together as the sides of a right angle."
                )
            ),
            formula=formula,
            result=f"{Printed(worked, 3)}",
            shown=f"{released:+.1f}",
            rule=say(N_("rounded")),
        )
        for title, formula, (worked, released) in ends
    ]


def _certainty(found: Gap) -> Step:
    return Step(
        title=say(N_("How easily chance makes such a gap (p)")),
        said=say(
            N_(
                "Found by trying: the range is made wider and wider until its limit reaches 0."
                " A small figure means that chance hardly does it."
            )
        ),
        result=_level(found.p),
    )


def _verdict(away: Printed, found: Gap, policy: Policy) -> Step:
    adjusted = 1.0 if found.adjusted is None else found.adjusted
    words = _NOTABLE if found.notable else _NOT_NOTABLE
    return Step(
        title=say(N_("The same, for so many comparisons at once")),
        said=say(
            words,
            limit=f"{plain(DISCOVERY_RATE)}",
            points=f"{plain(policy.notable_gap)}",
            gap=f"{Printed(abs(away), 2)}",
        ),
        result=_level(adjusted),
    )


_NOTABLE = N_(
    "Who compares all villages and dimensions of a round meets large gaps by chance, so the figure"
    " is made stricter (Benjamini and Hochberg). It is below %(limit)s, and the gap of %(gap)s"
    " points is %(points)s or more: notable."
)
_NOT_NOTABLE = N_(
    "Who compares all villages and dimensions of a round meets large gaps by chance, so the figure"
    " is made stricter (Benjamini and Hochberg). Notable would be below %(limit)s with a gap of"
    " %(points)s points or more; this gap is %(gap)s points: not notable."
)


def _level(level: float) -> str:
    return "< 0.0001" if level < 0.0001 else f"{Printed(level, 4)}"
