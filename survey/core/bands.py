"""The four ratings and the band of the composite that each stands for (docs/method.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from operator import mul

from survey.core.composite import Composite
from survey.core.policy import Policy
from survey.core.scores import SourceScores
from survey.core.wording import N_, Sentence, say

RATINGS = ("good", "fairly_good", "average", "poor")
TOUCHING = 1e-9
"""Points by which a sum of decimals may miss a threshold that it reaches on paper."""

_NAMES = {
    "good": N_("good"),
    "fairly_good": N_("fairly good"),
    "average": N_("average"),
    "poor": N_("poor"),
}


def rating_name(rating: str) -> Sentence:
    """Return what *rating* is called."""
    return say(_NAMES[rating])


def thresholds(policy: Policy) -> dict[str, float]:
    """Return from how many points on each rating is reached; poor has no threshold."""
    return {
        "good": policy.band_good,
        "fairly_good": policy.band_fairly_good,
        "average": policy.band_average,
    }


def worse(first: str, second: str) -> str:
    """Return the worse of two ratings."""
    return first if RATINGS.index(first) >= RATINGS.index(second) else second


def band_of(value: float, ceiling: str, policy: Policy) -> str:
    """Return the band of a composite of *value* points, never better than *ceiling*."""
    value += TOUCHING
    if value >= policy.band_good:
        reached = "good"
    elif value >= policy.band_fairly_good:
        reached = "fairly_good"
    else:
        reached = "average" if value >= policy.band_average else "poor"
    return worse(reached, ceiling)


def probabilities(composite: Composite, ceiling: str, policy: Policy) -> dict[str, float]:
    """Return the probability of each rating, adding up to 1, nothing above *ceiling*.

    *composite* must be there.
    """
    at_least = {"poor": 1.0}
    for rating, least in thresholds(policy).items():
        above = RATINGS.index(rating) < RATINGS.index(ceiling)
        at_least[rating] = 0.0 if above else composite.probability_at_least(least) or 0.0
    shares, better = {}, 0.0
    for rating in RATINGS:
        shares[rating] = max(at_least[rating] - better, 0.0)
        better = max(at_least[rating], better)
    return shares


@dataclass(frozen=True)
class Robustness:
    """How far the band hangs on policy: the same in *same* of *of* changed weightings.

    *lowest*, *highest*: the composite over these. *poor_at*: the band if poor were worth that many
    points.
    """

    same: int
    of: int
    lowest: float
    highest: float
    poor_at: dict[int, str | None]


WEIGHT_CHANGE = 0.2


def robustness(
    composite: Composite,
    sources: Mapping[str, SourceScores | None],
    ceiling: str,
    policy: Policy,
) -> Robustness | None:
    """Return how the band stands when every weight moves by a fifth, and poor counts for less.

    All corners of ±20 %, renormalised: the extremes are there. None without a composite.
    """
    if composite.value is None:
        return None
    band = band_of(composite.value, ceiling, policy)
    values = [value or 0.0 for value in composite.values.values()]
    corners = _corners(tuple(composite.weights.get(source, 0.0) for source in composite.values))
    reached = [sum(map(mul, corner, values)) for corner in corners]
    return Robustness(
        same=sum(band_of(value, ceiling, policy) == band for value in reached),
        of=len(reached),
        lowest=min(reached),
        highest=max(reached),
        poor_at=_poor_at(composite, sources, ceiling, policy),
    )


@lru_cache(maxsize=16)
def _corners(weights: tuple[float, ...]) -> tuple[tuple[float, ...], ...]:
    """Return *weights* with each a fifth less or more, every combination, adding up to 1 again."""
    moved = (
        tuple(map(mul, weights, factors))
        for factors in product((1 - WEIGHT_CHANGE, 1 + WEIGHT_CHANGE), repeat=len(weights))
    )
    return tuple(tuple(weight / sum(corner) for weight in corner) for corner in moved)


def _poor_at(
    composite: Composite,
    sources: Mapping[str, SourceScores | None],
    ceiling: str,
    policy: Policy,
) -> dict[int, str | None]:
    """Return the band for each value of poor that the sources were scored with."""
    scored = {name: source.poor_at for name, source in sources.items() if source is not None}
    bands: dict[int, str | None] = {}
    for points in next(iter(scored.values()), {}):
        values = composite.values | {name: poor_at[points] for name, poor_at in scored.items()}
        known = all(values[name] is not None for name in composite.weights)
        total = sum(weight * (values[name] or 0.0) for name, weight in composite.weights.items())
        bands[points] = band_of(total, ceiling, policy) if known else None
    return bands
