"""Why a rating is suggested, in short sentences that an official can say aloud."""

from __future__ import annotations

from survey.core.bands import RATINGS, TOUCHING, rating_name, thresholds
from survey.core.evidence import Evidence
from survey.core.policy import Policy
from survey.core.suggestion import Suggestion
from survey.core.wording import N_, Sentence, say


def reasons(
    evidence: Evidence,
    suggestion: Suggestion,
    policy: Policy,
    *,
    by_poster: bool,
) -> tuple[Sentence, ...]:
    """Return the reasons of a suggestion that has a band, in the order in which one tells them."""
    found = [
        *_composed(evidence, suggestion, policy),
        *_vetoes(evidence, suggestion, policy),
        _strength(suggestion),
        *(_POSTERS_ONLY if by_poster else ()),
        *_robust(suggestion, policy),
        *_what_would_change(suggestion),
        *forged(suggestion),
    ]
    return tuple(found)


def in_short(suggestion: Suggestion) -> tuple[Sentence, ...]:
    """Return at most three of the reasons: the composite, what makes the band, how sure it is.

    What makes the band is the sentence that names it: a veto, where one holds the rating down.
    """
    if suggestion.band is None:
        return suggestion.reasons[:3]
    sure, band = _strength(suggestion), rating_name(suggestion.band)
    composed, *ruling = suggestion.reasons[: suggestion.reasons.index(sure)]
    makes = next((one for one in ruling if one.values.get("rating") == band), ruling[-1])
    return (composed, makes, sure)


_POSTERS_ONLY = (
    say(
        N_(
            "There were posters only. Anybody could answer, and more than once, so this suggestion"
            " is never more than borderline."
        )
    ),
)


def _composed(evidence: Evidence, suggestion: Suggestion, policy: Policy) -> list[Sentence]:
    """Return how the composite comes about, and which band it is in."""
    composite = suggestion.composite
    value = composite.value or 0.0
    reached = [least for least in thresholds(policy).values() if value >= least - TOUCHING]
    texts = {
        name: source.source.text if source and source.source else "—"
        for name, source in evidence.sources.items()
    }
    composed = say(
        N_(
            "The composite is %(composite)s points: self-evaluation %(self)s × %(w_self)g, mass"
            " evaluation %(mass)s × %(w_mass)g, organisational evaluation %(org)s × %(w_org)g."
        ),
        composite=composite.text,
        self=texts["self"],
        mass=texts["mass"],
        org="—" if evidence.organisational is None else f"{evidence.organisational:.1f}",
        w_self=policy.weight_self,
        w_mass=policy.weight_mass,
        w_org=policy.weight_organisational,
    )
    unhindered = RATINGS[len(thresholds(policy)) - len(reached)]
    if reached:
        band = say(
            N_("From %(least)g points on, that is “%(rating)s”."),
            least=max(reached),
            rating=rating_name(unhindered),
        )
    else:
        band = say(
            N_("Below %(least)g points, that is “%(rating)s”."),
            least=policy.band_average,
            rating=rating_name(unhindered),
        )
    return [composed, band]


def _vetoes(evidence: Evidence, suggestion: Suggestion, policy: Policy) -> list[Sentence]:
    """Return what keeps the rating from being better."""
    found = [
        say(
            N_("%(event)s (%(reference)s): the rating is at most “%(rating)s”."),
            event=event.name,
            reference=event.reference,
            rating=rating_name("average"),
        )
        for event in evidence.events
    ]
    shares = evidence.mass.shares if evidence.mass else None
    if shares is None:
        return found
    poor, positive = shares.poor or 0.0, shares.positive or 0.0
    if poor > policy.veto_poor_share:
        found.append(
            say(
                N_(
                    "%(share).0f%% of the villagers' answers are “poor”; with more than"
                    " %(limit).0f%% the rating is “%(rating)s”."
                ),
                share=100 * poor,
                limit=100 * policy.veto_poor_share,
                rating=rating_name("poor"),
            )
        )
    elif poor >= policy.veto_average_share:
        found.append(
            say(
                N_(
                    "%(share).0f%% of the villagers' answers are “poor”; from %(limit).0f%% on"
                    " the rating is at most “%(rating)s”."
                ),
                share=100 * poor,
                limit=100 * policy.veto_average_share,
                rating=rating_name("average"),
            )
        )
    value = suggestion.composite.value or 0.0
    if positive < policy.good_needs_positive_share and value >= policy.band_good - TOUCHING:
        found.append(
            say(
                N_(
                    "For “good” at least %(needed).0f%% of the villagers' answers must be “good”"
                    " or “fairly good”; here they are %(share).0f%%."
                ),
                needed=100 * policy.good_needs_positive_share,
                share=100 * positive,
            )
        )
    return found


def _strength(suggestion: Suggestion) -> Sentence:
    band = suggestion.band or RATINGS[-1]
    tens = round(10 * suggestion.probabilities[band])
    if tens == 10:
        return say(N_("The figures all but settle it: “%(rating)s”."), rating=rating_name(band))
    if suggestion.between is None:
        return say(
            N_("Of ten chances about %(tens)d are for “%(rating)s”."),
            tens=tens,
            rating=rating_name(band),
        )
    other = suggestion.between[1]
    message = (
        N_(
            "The figures do not decide: of ten chances about %(tens)d are for “%(rating)s” and"
            " %(others)d for “%(other)s”. The group talks it over, decides, and writes down why."
        )
        if suggestion.strength == "undecided"
        else N_(
            "This is close: of ten chances about %(tens)d are for “%(rating)s” and %(others)d for"
            " “%(other)s”. The group talks it over, decides, and writes down why."
        )
    )
    return say(
        message,
        tens=tens,
        rating=rating_name(band),
        others=round(10 * suggestion.probabilities[other]),
        other=rating_name(other),
    )


def _robust(suggestion: Suggestion, policy: Policy) -> list[Sentence]:
    found = suggestion.robustness
    if found is None:
        return []
    return [
        say(
            N_(
                "With every weight a fifth higher or lower, the band stays the same in"
                " %(same)d of %(of)d cases."
            ),
            same=found.same,
            of=found.of,
        ),
        *(
            say(
                N_(
                    "If “poor” were worth %(points)d points instead of %(poor)g, the band would be"
                    " “%(rating)s”."
                ),
                points=points,
                poor=policy.value_poor,
                rating=rating_name(band),
            )
            for points, band in found.poor_at.items()
            if band is not None and band != suggestion.band
        ),
    ]


def _what_would_change(suggestion: Suggestion) -> list[Sentence]:
    """Return which mass score the next better band would take, where one would do."""
    mass, place = suggestion.composite.mass, RATINGS.index(suggestion.band or RATINGS[-1])
    if mass is None or place == 0:
        return []
    better = RATINGS[place - 1]
    needed = suggestion.mass_needed.get(better)
    if needed is None or not mass.value < needed <= mass.highest:
        return []
    return [
        say(
            N_(
                "For “%(rating)s” the mass evaluation would need %(needed).1f points;"
                " it has %(mass)s."
            ),
            rating=rating_name(better),
            needed=needed,
            mass=mass.text,
        )
    ]


def forged(suggestion: Suggestion) -> list[Sentence]:
    """Return how few forged ballots would be enough to reach the band, where that can be said."""
    flips = suggestion.flips
    if flips is None or flips.count == 0 or suggestion.band is None:
        return []
    return [
        say(
            N_(
                "About %(count)d forged all-good ballots would be enough to lift a village into"
                " this band. So the count of slips matters."
            )
            if flips.about
            else N_(
                "%(count)d forged all-good ballots would be enough to lift a village into this"
                " band. So the count of slips matters."
            ),
            count=flips.count,
        )
    ]
