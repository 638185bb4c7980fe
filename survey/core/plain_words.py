"""Composite, suggestion and cap in plain words, beside `core.explanation` for the three voices.

Everything here is made from what `core.release` lets through.
"""

from __future__ import annotations

from survey.core.composite import Composite
from survey.core.rating import Cap, Suggestion, rating_name
from survey.core.release import ReleasedScore, percent
from survey.core.scores import figure
from survey.core.wording import N_, Sentence, say

STRENGTHS = {
    "clear": N_("“Clear” means: of ten chances eight or more are for this band."),
    "borderline": N_(
        "“Borderline” means: of ten chances five to eight are for this band, or the answers came by"
        " poster. The group talks it over."
    ),
    "undecided": N_(
        "“Undecided” means: of ten chances fewer than five are for any one band. The group talks it"
        " over, decides and writes down why."
    ),
}
_SAMPLING_ONLY = N_(
    "These chances are about who happened to answer the mass evaluation, and about nothing else:"
    " not whether the self-evaluation is frank, nor whether the group sees right."
)


def of_score(score: ReleasedScore) -> Sentence:
    """Return one dimension's score, with how sure it is."""
    if score.f >= 1:
        return say(
            N_(
                "%(score)s points from %(number)d ballots; everybody entitled has answered, so"
                " nothing had to be estimated."
            ),
            score=score.text,
            number=score.n,
        )
    return say(
        N_(
            "%(score)s points from %(number)d ballots; had all answered, it would most likely lie"
            " between %(low)s and %(high)s."
        ),
        score=score.text,
        number=score.n,
        low=score.low_text,
        high=score.high_text,
    )


def of_composite(village: str, composite: Composite) -> tuple[Sentence, ...]:
    """Return what the three voices together give, or why there is no composite."""
    if composite.value is None:
        return composite.missing
    told = say(
        N_("The three voices together give %(village)s %(score)s points."),
        village=village,
        score=composite.text,
    )
    if composite.mass is None or composite.mass_weight <= 0:
        return (told,)
    range_ = say(
        N_(
            "Had all villagers answered the mass evaluation, it would most likely be between"
            " %(low)s and %(high)s. The two other voices are taken as they are."
        ),
        low=composite.low_text,
        high=composite.high_text,
    )
    return told, range_


def of_chances(suggestion: Suggestion) -> tuple[Sentence, ...]:
    """Return how likely the suggested band is, what its strength means and what it leaves out."""
    if suggestion.band is None or suggestion.strength is None:
        return ()
    chance = say(
        N_("The figures are %(share)s sure of “%(rating)s”."),
        share=percent(suggestion.probabilities[suggestion.band]),
        rating=rating_name(suggestion.band),
    )
    return chance, say(STRENGTHS[suggestion.strength]), say(_SAMPLING_ONLY)


def of_robustness(suggestion: Suggestion) -> tuple[Sentence, ...]:
    """Return how far the band hangs on the weights and on what poor is worth."""
    found, band = suggestion.robustness, suggestion.band
    if found is None or band is None:
        return ()
    words = _FIRM if found.same == found.of else _HANGS
    told = [say(words, same=found.same, of=found.of, rating=rating_name(band))]
    known = [one for one in found.poor_at.values() if one is not None]
    if known and all(one == band for one in known):
        told.append(say(_POOR_SAME, rating=rating_name(band)))
    elif known:
        told.append(say(_POOR_CHANGES))
    return tuple(told)


def of_weights(suggestion: Suggestion) -> tuple[Sentence, ...]:
    """Return between which points the composite lies with the weights a fifth lower or higher."""
    found = suggestion.robustness
    if found is None:
        return ()
    return (
        say(
            N_(
                "With each weight a fifth lower or higher the composite would be %(low)s to"
                " %(high)s points; it is %(score)s."
            ),
            low=figure(found.lowest, 1),
            high=figure(found.highest, 1),
            score=suggestion.composite.text,
        ),
    )


_FIRM = N_(
    "In %(same)d of %(of)d cases with other weights the band is “%(rating)s” too: the rating does"
    " not hang on the weights that the city chose."
)
_HANGS = N_(
    "In %(same)d of %(of)d cases with other weights the band is “%(rating)s” too, in the others it"
    " is not: the rating hangs on the weights that the city chose."
)
_POOR_SAME = N_("Even if “poor” were worth 0 or 30 points, the band would be “%(rating)s”.")
_POOR_CHANGES = N_(
    "If “poor” were worth 0 or 30 points, the band could be another: the rating hangs on what"
    " “poor” is worth."
)


def of_cap(found: Cap, villages: int, names: dict[str, str]) -> tuple[Sentence, ...]:
    """Return what the ceiling on good means for a round of *villages*; *names* by village code."""
    told = [
        say(
            N_(
                "Of %(villages)d villages at most %(limit)d may be rated good; the figures suggest"
                " it for %(suggested)d. This is a ceiling, not a number to be reached."
            ),
            villages=villages,
            limit=found.limit,
            suggested=len(found.ranked),
        )
    ]
    if found.binds and found.probability is not None and found.last_in and found.first_out:
        told.append(
            say(
                N_(
                    "%(last_in)s would be the last in and %(first_out)s the first out. That the"
                    " first is truly better has a chance of %(share)s, by chance in the mass"
                    " evaluation alone. Near one half it might as well be the other way round: talk"
                    " it over."
                ),
                last_in=names[found.last_in],
                first_out=names[found.first_out],
                share=percent(found.probability),
            )
        )
    return tuple(told)
