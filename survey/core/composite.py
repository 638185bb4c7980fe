"""The composite of self-evaluation, mass evaluation and organisational evaluation.

Its limits are the sampling error of the mass evaluation alone, and it says so: the other two
sources are taken as they are (docs/method.md, “Composite”).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core.scores import Score, figure
from survey.core.wording import N_, Sentence, say

ABOUT = "≈"

MISSING = {
    "self": N_("There is no self-evaluation score that can be used, so there is no composite."),
    "mass": N_("There is no mass evaluation score that can be used, so there is no composite."),
    "organisational": N_(
        "The organisational evaluation is not there yet, so there is no composite."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Composite:
    """The weighted mean of the sources in points; *value* None where *missing* says why.

    *values* and *weights* are by source. *bound* is “≥”, “≤” or “≈” where a released source is
    only a bound.
    """

    value: float | None
    low: float | None
    high: float | None
    missing: tuple[Sentence, ...]
    bound: str
    mass: Score | None
    values: dict[str, float | None]
    weights: dict[str, float]

    @property
    def mass_weight(self) -> float:
        """Weight of the mass evaluation, 0–1."""
        return self.weights.get("mass", 0.0)

    @property
    def text(self) -> str:
        """The composite as it is written, “—” where there is none."""
        return "—" if self.value is None else figure(self.value, 1, self.bound)

    @property
    def low_text(self) -> str:
        """The lower limit as it is written."""
        return "—" if self.low is None else figure(self.low, 1)

    @property
    def high_text(self) -> str:
        """The upper limit as it is written."""
        return "—" if self.high is None else figure(self.high, 1)

    def mass_needed(self, threshold: float) -> float | None:
        """Return the mass score from which the composite reaches *threshold*, even beyond 0–100.

        None where there is no composite, or the mass evaluation has no weight.
        """
        if self.value is None or self.mass_weight <= 0:
            return None
        others = {source: value for source, value in self.values.items() if source != "mass"}
        return (threshold - _weighted(others, self.weights)) / self.mass_weight

    def probability_at_least(self, threshold: float) -> float | None:
        """Return P(composite ≥ *threshold*), 0–1; None where there is no composite."""
        if self.value is None:
            return None
        needed = self.mass_needed(threshold)
        if needed is None or self.mass is None:
            return 1.0 if self.value >= threshold else 0.0
        return self.mass.probability_at_least(needed)


def compose(
    self_: Score | None,
    mass: Score | None,
    organisational: float | None,
    weights: Mapping[str, float],
) -> Composite:
    """Return the composite of the three sources; *weights* by source, adding up to 1.

    A missing source makes it absent, never a mean of the rest; a source of weight 0 is not asked
    for. *organisational* in points.
    """
    values = {
        "self": None if self_ is None else self_.value,
        "mass": None if mass is None else mass.value,
        "organisational": organisational,
    }
    used = {source: weight for source, weight in weights.items() if weight > 0}
    missing = tuple(say(MISSING[source]) for source in used if values[source] is None)
    value = None if missing else _weighted(values, used)
    low, high = _limits(value, mass, used.get("mass", 0.0))
    bounds = {
        score.bound
        for source, score in (("self", self_), ("mass", mass))
        if score is not None and source in used and score.bound
    }
    return Composite(
        value=value,
        low=low,
        high=high,
        missing=missing,
        bound=ABOUT if len(bounds) > 1 else "".join(bounds),
        mass=mass,
        values=values,
        weights=used,
    )


def _weighted(values: Mapping[str, float | None], weights: Mapping[str, float]) -> float:
    return sum(weights.get(source, 0.0) * (value or 0.0) for source, value in values.items())


def _limits(
    value: float | None, mass: Score | None, weight: float
) -> tuple[float | None, float | None]:
    if value is None or mass is None:
        return value, value
    return value + weight * (mass.low - mass.value), value + weight * (mass.high - mass.value)
