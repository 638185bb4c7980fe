"""The band of the composite, what keeps it lower, how firmly it stands, and what it hangs on."""

from __future__ import annotations

from itertools import product

from survey.core.bands import (
    RATINGS,
    WEIGHT_CHANGE,
    band_of,
    probabilities,
    rating_name,
    thresholds,
    worse,
)
from survey.core.evidence import Evidence
from survey.core.policy import Policy
from survey.core.rating import BORDERLINE, CLEAR, ceiling_of
from survey.core.release import ReleasedVillage, percent
from survey.core.wording import N_, say
from survey.core.workings.chance import Chance, at_least, chance, forged, settled
from survey.core.workings.composite import mass_needed, terms
from survey.core.workings.step import Printed, Step, plain


def band(shown: ReleasedVillage, policy: Policy) -> list[Step]:
    """Return the band of the composite, and the conditions that may keep it lower."""
    composite, suggestion = shown.composite, shown.suggestion
    if composite.value is None or suggestion.band is None:
        return []
    unhindered = band_of(composite.value, RATINGS[0], policy)
    return [
        Step(
            title=say(N_("Band of the composite")),
            said=say(
                N_(
                    "From %(good)s points on good, from %(fairly_good)s fairly good, from"
                    " %(average)s average, below that poor."
                ),
                **{name: f"{plain(least)}" for name, least in thresholds(policy).items()},
            ),
            result=f"{Printed(composite.value, 6)}",
            shown=rating_name(unhindered),
        ),
        *_conditions(shown, policy),
        Step(
            title=say(N_("Band after these conditions")),
            said=say(
                N_("A condition, or an event of the round's list, can make the band lower only.")
            ),
            shown=rating_name(suggestion.band),
        ),
    ]


def _conditions(shown: ReleasedVillage, policy: Policy) -> list[Step]:
    texts = shown.mass.share_texts if shown.mass else {}
    positive, poor = texts.get("positive"), texts.get("poor")
    if positive is None or poor is None:
        return []
    return [
        Step(
            title=say(N_("Grades that are good or fairly good")),
            said=say(
                N_("“Good” needs %(needed)s or more of all grades that villagers gave."),
                needed=_percent(policy.good_needs_positive_share),
            ),
            result=positive,
        ),
        Step(
            title=say(N_("Grades that are poor")),
            said=say(
                N_(
                    "From %(some)s of all grades on the rating is at most average, above %(many)s"
                    " it is poor."
                ),
                some=_percent(policy.veto_average_share),
                many=_percent(policy.veto_poor_share),
            ),
            result=poor,
        ),
    ]


def _percent(share: float) -> str:
    return f"{Printed(100 * share, 1)}%"


def ceiling(shown: ReleasedVillage, policy: Policy) -> str:
    """Return the best rating that is open to *shown*, which has a band."""
    evidence = Evidence(mass=shown.mass, self_=shown.self_, organisational=shown.organisational)
    found = ceiling_of(evidence, policy)
    reached = band_of(shown.composite.value or 0.0, found, policy)
    kept_lower = shown.suggestion.band or reached
    return found if reached == kept_lower else worse(found, kept_lower)


def chances(shown: ReleasedVillage, policy: Policy) -> list[Step]:
    """Return how likely the composite reaches each band, and from that how likely each band is."""
    if shown.composite.value is None or shown.suggestion.band is None:
        return []
    best = ceiling(shown, policy)
    open_ = [
        rating for rating in thresholds(policy) if RATINGS.index(rating) >= RATINGS.index(best)
    ]
    reached = {rating: _reaching(shown, rating, policy) for rating in open_}
    steps = [step for one in reached.values() for step in one.steps]
    released = probabilities(shown.composite, best, policy)
    better: Printed | None = None
    for rating in (*open_, "poor"):
        own = reached[rating].value if rating in reached else Printed(1, 4)
        steps.append(
            Step(
                title=say(N_("How likely “%(rating)s” is"), rating=rating_name(rating)),
                said=say(
                    N_("Reaching this band, less reaching the next better one that is open.")
                    if better is not None
                    else N_("The best band that is open takes all that lies above it.")
                ),
                formula=f"{own}" if better is None else f"{own} − {better}",
                result=f"{Printed(own - (better or 0), 4, kept=True)}",
                shown=percent(released[rating]),
                rule=say(N_("in percent")),
            )
        )
        better = own
    return steps


def _reaching(shown: ReleasedVillage, rating: str, policy: Policy) -> Chance:
    composite, least = shown.composite, thresholds(policy)[rating]
    title = at_least(rating, plain(least))
    if composite.mass is None or composite.mass_weight <= 0:
        reached = (composite.value or 0.0) >= least
        return settled(reached, title, N_("No sample has a part in it, so it is known."))
    return chance(composite.mass, mass_needed(composite, least), title)


def strength(shown: ReleasedVillage) -> list[Step]:
    """Return what makes the suggestion clear, borderline or undecided."""
    suggestion = shown.suggestion
    if suggestion.band is None or suggestion.strength is None:
        return []
    return [
        Step(
            title=say(N_("Strength of the suggestion")),
            said=say(
                N_(
                    "From %(clear)s on a band is clear, from %(borderline)s on borderline, below"
                    " that undecided. With posters only it is never more than borderline."
                ),
                clear=_percent(CLEAR),
                borderline=_percent(BORDERLINE),
            ),
            result=percent(suggestion.probabilities[suggestion.band]),
            shown=say(STRENGTHS[suggestion.strength]),
        )
    ]


STRENGTHS = {
    "clear": N_("clear"),
    "borderline": N_("borderline"),
    "undecided": N_("undecided"),
}


def robustness(shown: ReleasedVillage, policy: Policy) -> list[Step]:
    """Return the composite at all corners of the weights, and with poor worth other points."""
    composite, found = shown.composite, shown.suggestion.robustness
    if composite.value is None or found is None:
        return []
    best = ceiling(shown, policy)
    corners = product((1 - WEIGHT_CHANGE, 1 + WEIGHT_CHANGE), repeat=len(composite.weights))
    return [
        *(_corner(shown, factors, best, policy) for factors in corners),
        *(_poor_at(points, rating) for points, rating in found.poor_at.items()),
    ]


def _corner(shown: ReleasedVillage, factors: tuple[float, ...], best: str, policy: Policy) -> Step:
    parts = [
        (plain(weight * factor), points)
        for (weight, points), factor in zip(
            terms(shown.composite.values, shown.composite.weights), factors, strict=True
        )
    ]
    above = " + ".join(f"{weight} × {points}" for weight, points in parts)
    below = " + ".join(f"{weight}" for weight, _ in parts)
    value = sum(weight * points for weight, points in parts) / sum(weight for weight, _ in parts)
    return Step(
        title=say(
            N_("Weights a fifth higher or lower: %(weights)s"),
            weights=" / ".join(f"{weight}" for weight, _ in parts),
        ),
        said=say(
            N_(
                "The composite with these weights (self-evaluation, mass evaluation, organisational"
                " evaluation), and the band that it would be in."
            )
        ),
        formula=f"({above}) ÷ ({below})",
        result=f"{Printed(value, 4)}",
        shown=rating_name(band_of(value, best, policy)),
    )


def _poor_at(points: int, rating: str | None) -> Step:
    title = say(N_("If poor were worth %(points)d points"), points=points)
    if rating is None:
        return Step(title=title, said=say(_POOR_UNKNOWN))
    return Step(title=title, said=say(_POOR_AT), shown=rating_name(rating))


_POOR_UNKNOWN = N_("Not worked out, because a score that reads as a bound would tell more by it.")
_POOR_AT = N_(
    "The same answers with other points for poor, then as above. Only the band is shown: another"
    " score of the same answers would tell more of them than one may know."
)


def forged_ballots(shown: ReleasedVillage) -> list[Step]:
    """Return how many forged ballots would explain the band, where the mass score decides it."""
    suggestion, mass = shown.suggestion, shown.composite.mass
    needed = suggestion.mass_needed.get(suggestion.band or "")
    if mass is None or needed is None:
        return []
    return forged(mass, plain(needed), suggestion.flips)
