"""The interval of a bounded mean (Wilson's form with moderated dispersion), and its probability.

Source: docs/method.md, “How far a score can be trusted”. With φ = 1, a normal quantile and the
bounds 0 and 1 it is the score interval of Wilson (1927). scipy is imported inside the functions,
because a process that serves respondents has no use for it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

LEVEL = 0.95


def quantile(level: Any, df: Any | None) -> Any:
    """Return the two-sided quantile of *level* (0–1): Student's with *df*, normal where None."""
    from scipy.special import ndtri, stdtrit

    upper = (1 + np.asarray(level)) / 2
    return ndtri(upper) if df is None else stdtrit(df, upper)


def limits(
    value: Any, n: Any, phi: Any, f: Any, q: Any, lowest: Any, highest: Any
) -> tuple[Any, Any]:
    """Return lower and upper limit for the quantile *q*; arrays broadcast.

    *value* in *lowest*–*highest*; *n* ≥ 1 ballots; *phi* the dispersion, 0–1; *f* the share of
    all eligible that answered, 0–1 (1: a census, both limits are the value).
    """
    width = highest - lowest
    p = np.clip((value - lowest) / width, 0.0, 1.0)
    c = np.square(q) * (1 - f) * phi / n
    middle, reach = p + c / 2, np.sqrt(c * p * (1 - p) + np.square(c) / 4)
    low = lowest + width * np.clip((middle - reach) / (1 + c), 0.0, p)
    high = lowest + width * np.clip((middle + reach) / (1 + c), p, 1.0)
    return np.minimum(low, value), np.maximum(high, value)


def interval(
    value: Any,
    n: Any,
    phi: Any,
    f: Any,
    df: Any | None,
    lowest: Any,
    highest: Any,
    level: float = LEVEL,
) -> tuple[Any, Any]:
    """Return the limits of a bounded mean at *level*; *df* None takes the normal quantile."""
    return limits(value, n, phi, f, quantile(level, df), lowest, highest)


def probability(
    value: float,
    n: float,
    phi: float,
    f: float,
    df: float,
    lowest: float,
    highest: float,
    threshold: float,
) -> float:
    """Return P(true score ≥ *threshold*), 0–1, the converse of `interval`.

    Certain at the bounds and in a census.
    """
    from scipy.special import stdtr

    if threshold <= lowest:
        return 1.0
    if threshold >= highest:
        return 1.0 if value == highest == threshold else 0.0
    variance = (1 - f) * phi * (threshold - lowest) * (highest - threshold) / n
    if variance <= 0:
        return 1.0 if value >= threshold else 0.0
    return float(stdtr(df, (value - threshold) / math.sqrt(variance)))
