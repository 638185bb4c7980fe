"""The composite of the three voices, its limits, and which mass score each band would need."""

from __future__ import annotations

from collections.abc import Mapping

from survey.core.bands import rating_name, thresholds
from survey.core.composite import Composite
from survey.core.policy import Policy
from survey.core.wording import N_, say
from survey.core.workings.step import Printed, Step, plain

_ROUNDED = N_("rounded")


def organisational(points: Mapping[str, float], score: float | None) -> list[Step]:
    """Return the group's score as the mean of its *points* by dimension."""
    if score is None or not points:
        return []
    given = [plain(one) for one in points.values()]
    total = " + ".join(map(str, given))
    return [
        Step(
            title=say(N_("Organisational evaluation")),
            said=say(N_("The mean of the points that the group agreed on.")),
            formula=f"({total}) ÷ {len(given)}",
            result=f"{plain(sum(given) / len(given))}",
        )
    ]


def value(composite: Composite) -> list[Step]:
    """Return how the three voices make the composite, and its limits."""
    if composite.value is None:
        return [Step(title=say(N_("Composite")), said=why) for why in composite.missing]
    parts = terms(composite.values, composite.weights)
    found = Printed(sum(weight * points for weight, points in parts), 6)
    made = Step(
        title=say(N_("Composite")),
        said=say(N_("Each voice times its weight, added up.")),
        formula=" + ".join(f"{weight} × {points}" for weight, points in parts),
        result=f"{found}",
        shown=composite.text,
        rule=say(_ROUNDED),
    )
    return [made, *_limits(composite, found)]


def terms(
    values: Mapping[str, float | None], weights: Mapping[str, float]
) -> list[tuple[Printed, Printed]]:
    """Return weight and points of each source."""
    return [(plain(weight), plain(values[source] or 0.0)) for source, weight in weights.items()]


def _limits(composite: Composite, found: Printed) -> list[Step]:
    mass = composite.mass
    if mass is None or composite.mass_weight <= 0 or composite.low is None:
        return []
    weight, middle = plain(composite.mass_weight), plain(mass.value)
    ends = (
        (N_("Lower limit"), plain(mass.low), composite.low_text),
        (N_("Upper limit"), plain(mass.high), composite.high_text),
    )
    return [
        Step(
            title=say(title),
            said=say(
                N_(
                    "Only the mass evaluation is a sample, so only its limit moves the composite,"
                    " by its weight."
                )
            ),
            formula=f"{found} + {weight} × ({end} − {middle})",
            result=f"{Printed(found + weight * (end - middle), 6)}",
            shown=shown,
            rule=say(_ROUNDED),
        )
        for title, end, shown in ends
    ]


def needed(composite: Composite, policy: Policy) -> list[Step]:
    """Return which mass score each band would need."""
    if composite.value is None or composite.mass_weight <= 0:
        return []
    found = []
    for rating, least in thresholds(policy).items():
        points = mass_needed(composite, least)
        others = "".join(f" − {weight} × {value}" for weight, value in _others(composite))
        outside = _outside(composite, points)
        found.append(
            Step(
                title=say(
                    N_("Mass score needed for “%(rating)s”"),
                    rating=rating_name(rating),
                ),
                said=say(
                    outside
                    or N_("What the two other voices leave to be done, divided by the weight."),
                ),
                formula=f"({plain(least)}{others}) ÷ {plain(composite.mass_weight)}",
                result=f"{points}",
            )
        )
    return found


def _outside(composite: Composite, points: Printed) -> str:
    mass = composite.mass
    if mass is not None and points > mass.highest:
        return N_("More than full marks: out of reach of the mass evaluation.")
    if mass is not None and points <= mass.lowest:
        return N_("No more than the lowest score: reached whatever the villagers had said.")
    return ""


def _others(composite: Composite) -> list[tuple[Printed, Printed]]:
    weights = {name: weight for name, weight in composite.weights.items() if name != "mass"}
    return terms(composite.values, weights)


def mass_needed(composite: Composite, least: float) -> Printed:
    """Return the mass score from which *composite* reaches *least* points."""
    others = sum(weight * points for weight, points in _others(composite))
    return plain((least - others) / composite.mass_weight)
