"""Evidence → a suggested rating, how strong it is, and why (docs/method.md, “Rating”).

A suggestion is what the figures say. People decide, and write down why where they differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from survey.core.bands import (
    RATINGS,
    Robustness,
    band_of,
    probabilities,
    rating_name,
    robustness,
    thresholds,
    worse,
)
from survey.core.composite import Composite
from survey.core.evidence import Event, Evidence, check_events, faults, shortcomings
from survey.core.gaps import Sides, difference
from survey.core.policy import Policy
from survey.core.reasons import reasons
from survey.core.scores import Flips
from survey.core.suggestion import Suggestion
from survey.core.wording import Sentence

__all__ = [
    "RATINGS",
    "Cap",
    "Event",
    "Evidence",
    "Robustness",
    "Suggestion",
    "cap",
    "rating_name",
    "suggest",
]

CLEAR = 0.8
BORDERLINE = 0.5


def suggest(evidence: Evidence, policy: Policy) -> Suggestion:
    """Return what *evidence* suggests under *policy*: validity, evidence, veto, band, strength.

    Raises `Invalid` where a veto event is not on the round's list, or has no document.
    """
    check_events(evidence, policy)
    composite = evidence.composite(policy)
    void = faults(evidence, policy)
    short = shortcomings(evidence, policy) + composite.missing
    if void or short or composite.value is None:
        return _without_rating("void" if void else "insufficient", composite, policy, void + short)
    ceiling = ceiling_of(evidence, policy)
    band = band_of(composite.value, ceiling, policy)
    chances = probabilities(composite, ceiling, policy)
    by_poster = _by_poster(evidence, policy)
    strength = _strength(chances[band], by_poster)
    needed = _mass_needed(composite, policy)
    suggestion = Suggestion(
        status="undecided" if strength == "undecided" else "suggested",
        rating=None if strength == "undecided" else band,
        band=band,
        strength=strength,
        between=None if chances[band] >= CLEAR else (band, _likeliest_other(chances, band)),
        probabilities=chances,
        composite=composite,
        robustness=robustness(composite, evidence.sources, ceiling, policy),
        mass_needed=needed,
        flips=_flips(composite, needed.get(band)),
        reasons=(),
    )
    return replace(
        suggestion,
        reasons=reasons(evidence, suggestion, policy, by_poster=by_poster),
    )


def _without_rating(
    status: str, composite: Composite, policy: Policy, why: tuple[Sentence, ...]
) -> Suggestion:
    return Suggestion(
        status=status,
        rating=None,
        band=None,
        strength=None,
        between=None,
        probabilities={},
        composite=composite,
        robustness=None,
        mass_needed=_mass_needed(composite, policy),
        flips=None,
        reasons=why,
    )


def ceiling_of(evidence: Evidence, policy: Policy) -> str:
    """Return the best rating that is open after vetoes and the condition on good."""
    ceiling = "good"
    shares = evidence.mass.shares if evidence.mass else None
    if shares and (shares.positive or 0) < policy.good_needs_positive_share:
        ceiling = worse(ceiling, "fairly_good")
    if evidence.events or (shares and (shares.poor or 0) >= policy.veto_average_share):
        ceiling = worse(ceiling, "average")
    if shares and (shares.poor or 0) > policy.veto_poor_share:
        ceiling = "poor"
    return ceiling


def _by_poster(evidence: Evidence, policy: Policy) -> bool:
    return any(
        source is not None and policy.weights[name] > 0 and not source.census_allowed
        for name, source in evidence.sources.items()
    )


def _strength(chance: float, by_poster: bool) -> str:
    if chance < BORDERLINE:
        return "undecided"
    return "clear" if chance >= CLEAR and not by_poster else "borderline"


def _likeliest_other(chances: Mapping[str, float], band: str) -> str:
    others = [rating for rating in RATINGS if rating != band]
    return max(others, key=lambda rating: chances[rating])


def _mass_needed(composite: Composite, policy: Policy) -> dict[str, float]:
    needed = {rating: composite.mass_needed(least) for rating, least in thresholds(policy).items()}
    return {rating: points for rating, points in needed.items() if points is not None}


def _flips(composite: Composite, needed: float | None) -> Flips | None:
    """Return the forged ballots behind a band; None where the mass score does not decide it."""
    mass = composite.mass
    if mass is None or needed is None or needed <= mass.lowest:
        return None
    return mass.flips(round(needed, 9))


@dataclass(frozen=True)
class Cap:
    """The ceiling on good: at most *limit* villages; *ranked* those suggested good, best first.

    Where it *binds*: the *last_in*, the *first_out*, and the *probability* that the last in is
    truly better than the first out. Never a quota to fill.
    """

    limit: int
    ranked: tuple[str, ...]
    binds: bool
    last_in: str | None = None
    first_out: str | None = None
    probability: float | None = None


def cap(suggestions: Mapping[str, Suggestion], policy: Policy) -> Cap:
    """Return the cap over all villages of a round, *suggestions* by village code."""
    limit = int(policy.cap_on_good * len(suggestions) + 1e-9)
    composites = {
        code: suggestion.composite
        for code, suggestion in suggestions.items()
        if suggestion.rating == "good"
    }
    ranked = tuple(sorted(composites, key=lambda code: (-(composites[code].value or 0), code)))
    if len(ranked) <= limit:
        return Cap(limit, ranked, binds=False)
    first_out = ranked[limit]
    if limit == 0:
        return Cap(limit, ranked, binds=True, first_out=first_out)
    last_in = ranked[limit - 1]
    chance = _chance_of_more(composites[last_in], composites[first_out])
    return Cap(limit, ranked, True, last_in, first_out, chance)


def _chance_of_more(better: Composite, other: Composite) -> float:
    """Return P(better > other), at least .5, from sampling error of the mass evaluation alone."""
    _, _, p = difference(_side(better), _side(other))
    return float(1 - p[0] / 2)


def _side(composite: Composite) -> Sides:
    """Return *composite* as a side of a difference: the mass evaluation's, moved and scaled."""
    value, mass, weight = composite.value or 0.0, composite.mass, composite.mass_weight
    if mass is None or weight <= 0:
        cells: tuple[float, ...] = (value, 1, 0, 1, np.inf, value - 1, value + 1)
    else:
        bounds = [value + weight * (bound - mass.value) for bound in (mass.lowest, mass.highest)]
        cells = (value, mass.n, mass.phi, mass.f, mass.df, *bounds)
    return Sides(*(np.array([cell], dtype=float) for cell in cells))
