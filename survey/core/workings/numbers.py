"""The numbers of one released score as they are printed, and the limits that they give."""

from __future__ import annotations

import math
from dataclasses import dataclass

from survey.core.interval import LEVEL, quantile
from survey.core.scores import Score
from survey.core.workings.step import Printed, plain


@dataclass(frozen=True)
class Numbers:
    """The numbers of a score as they are printed; *q*, *c*, *p* as in docs/method.md."""

    value: Printed
    n: int
    lowest: Printed
    highest: Printed
    own: Printed
    pool: Printed
    phi: Printed
    f: Printed
    df: int
    q: Printed
    c: Printed
    p: Printed

    @property
    def width(self) -> float:
        """Points between the ends of the scale."""
        return self.highest - self.lowest


def numbers(score: Score) -> Numbers:
    """Return the numbers of *score* as they are printed."""
    value, lowest, highest = map(plain, (score.value, score.lowest, score.highest))
    phi, f = Printed(score.phi, 2), Printed(score.f, 6)
    q = Printed(float(quantile(LEVEL, score.df)), 6)
    return Numbers(
        value=value,
        n=score.n,
        lowest=lowest,
        highest=highest,
        own=Printed(score.phi_v, 2),
        pool=Printed(score.phi_pool, 2),
        phi=phi,
        f=f,
        df=score.df,
        q=q,
        c=Printed(q**2 * (1 - f) * phi / score.n, 8),
        p=Printed((value - lowest) / (highest - lowest), 8),
    )


@dataclass(frozen=True)
class Limits:
    """The limits of a score before they are rounded, as they are printed."""

    low: Printed
    high: Printed


def limits(known: Numbers) -> Limits:
    """Return the limits of the score with the numbers *known*."""
    reach = math.sqrt(known.c * known.p * (1 - known.p) + known.c**2 / 4)
    low, high = (
        known.lowest + known.width * (known.p + known.c / 2 + sign * reach) / (1 + known.c)
        for sign in (-1, 1)
    )
    return Limits(Printed(low, 4), Printed(high, 4))
