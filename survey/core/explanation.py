"""Released figures in plain words: sentences that an official can say aloud in the village.

Everything here is made from what `core.release` lets through, never from exact scores.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey.core.gaps import Gap, power_note
from survey.core.rating import Suggestion, rating_name
from survey.core.release import ReleasedScore, ReleasedSource, ReleasedVillage, percent
from survey.core.wording import N_, Sentence, say

DIMENSION_NAMES = {
    "investigation": N_("Investigation"),
    "measures": N_("Rectification measures"),
    "effects": N_("Rectification effects"),
    "responsibility": N_("Rectification responsibility"),
}

SOURCE_NAMES = {
    "mass": N_("Mass evaluation"),
    "self": N_("Self-evaluation"),
    "organisational": N_("Organisational evaluation"),
}

SCREEN_NAMES = {
    "same_window": N_("alike within a quarter of an hour"),
    "burst": N_("busy moments answer differently"),
    "repeated": N_("the same mixed answers again and again"),
    "all_good": N_("many all-good ballots"),
}

_SCREENS = {
    "same_window": N_(
        "Within the same quarter of an hour, more ballots are answered alike than chance explains."
    ),
    "burst": N_(
        "The ballots of the busiest moments give clearly higher or lower grades than the rest."
    ),
    "repeated": N_(
        "The same mixed answers come back more often than in villages with scores like this one."
    ),
    "all_good": N_("More ballots say good to everything than villages with such a score have."),
}
_SCREENS_QUIET = N_("The screens found nothing unusual in the ballots.")
_SCREENS_CHECK = N_(
    "This only asks people to check; it does not mean that anybody cheated. Of villages that answer"
    " honestly, about one in %(number)d is flagged by chance. First compare the slips handed out,"
    " used and returned. A flag never changes a score."
)
_SCREENS_BLIND = N_(
    "All-good ballots put in over several days in a village that scores high cannot be seen in the"
    " answers. Counting the slips finds them."
)
ONE_HONEST_IN = 41

Flagged = Mapping[str, tuple[str, ...] | None]
"""Screens that raised a flag, by audience, as in `ReleasedVillage`."""

_SCORES = {
    "mass": N_(
        "The mass evaluation of %(village)s is %(score)s points (lowest %(lowest)s, highest"
        " %(highest)s), given by %(number)d villagers."
    ),
    "self": N_(
        "The self-evaluation of %(village)s is %(score)s points (lowest %(lowest)s, highest"
        " %(highest)s), given by %(number)d party members and officials."
    ),
}
_CENSUS = N_("Everybody entitled has answered, so nothing had to be estimated.")
_LIKELY = N_(
    "If those who did not come think much like those who came, the score of the whole village"
    " would most likely lie between %(low)s and %(high)s (estimated like this, about nineteen"
    " times in twenty it is right)."
)
_FREE = N_(
    "If nothing is assumed about those who did not answer, the score of all could lie anywhere"
    " from %(low)s to %(high)s."
)
_OPEN = N_("Collected with an open poster: anybody could answer, so it is not verified.")


def of_source(village: str, scores: ReleasedSource) -> tuple[Sentence, ...]:
    """Return what the mass or self-evaluation of *village* says, or why it is not shown."""
    source = scores.source
    if source is None:
        return (withheld(scores), *_answers(scores))
    told = [
        say(
            _SCORES[scores.audience],
            village=village,
            score=source.text,
            number=source.n,
            lowest=f"{source.lowest:g}",
            highest=f"{source.highest:g}",
        ),
        _how_sure(source),
    ]
    if source.free_low_text and source.f < 1:
        told.append(say(_FREE, low=source.free_low_text, high=source.free_high_text))
    return (*told, *_answers(scores))


def of_gaps(shown: ReleasedVillage) -> tuple[Sentence, ...]:
    """Return a sentence for each dimension where self and mass evaluation can be compared."""
    if shown.self_ is None or shown.mass is None:
        return ()
    told = [of_gap(dimension, gap) for dimension, gap in shown.gaps.items() if gap is not None]
    if not told:
        return (say(N_("Self and mass evaluation cannot be compared: one of them is not shown.")),)
    note = power_note(shown.self_.valid)
    return (*told, note) if note else tuple(told)


def of_changes(suggestion: Suggestion) -> tuple[Sentence, ...]:
    """Return, for each band, the mass score from which the composite would reach it."""
    mass = suggestion.composite.mass
    if mass is None:
        return ()
    return tuple(
        _needed(band, points, mass.lowest, mass.highest)
        for band, points in suggestion.mass_needed.items()
    )


def of_screens(raised: tuple[str, ...] | None) -> tuple[Sentence, ...]:
    """Return what the screens *raised* of one audience mean; nothing where that is not shown."""
    if raised is None:
        return ()
    return tuple(say(_SCREENS[name]) for name in raised) or (say(_SCREENS_QUIET),)


def screens_noted(flags: Flagged) -> tuple[Sentence, ...]:
    """Return what a reader must know beside the screens: what a flag is, what no screen can see."""
    shown = [raised for raised in flags.values() if raised is not None]
    if not shown:
        return ()
    blind = say(_SCREENS_BLIND)
    return (say(_SCREENS_CHECK, number=ONE_HONEST_IN), blind) if any(shown) else (blind,)


def screens_raised(flags: Flagged) -> tuple[Sentence, ...]:
    """Return in a few words which screens raised a flag: a sentence for each audience with one."""
    return tuple(
        say(
            N_("%(source)s: %(screens)s"),
            source=say(SOURCE_NAMES[audience]),
            screens=tuple(say(SCREEN_NAMES[name]) for name in raised),
        )
        for audience, raised in flags.items()
        if raised
    )


def withheld(scores: ReleasedSource, figure: str = "source") -> Sentence:
    """Return why *figure* of *scores*, the source or a dimension, is not shown."""
    return scores.withheld.get(figure) or say(N_("There are no answers that make a score."))


def _how_sure(source: ReleasedScore) -> Sentence:
    if source.f >= 1:
        return say(_CENSUS)
    return say(_LIKELY, low=source.low_text, high=source.high_text)


def _answers(scores: ReleasedSource) -> list[Sentence]:
    told = [_turnout(scores), *_shares(scores.share_texts)]
    if scores.invalid:
        told.append(
            say(
                N_(
                    "%(number)d of the ballots grade fewer than half of the items. They are"
                    " counted, but make no score."
                ),
                number=scores.invalid,
            )
        )
    if not scores.census_allowed:
        told.append(say(_OPEN))
    return told


def _shares(texts: dict[str, str]) -> list[Sentence]:
    told = []
    if "positive" in texts and "poor" in texts:
        told.append(
            say(
                N_("Of the grades given, %(positive)s are good or fairly good, %(poor)s are poor."),
                positive=texts["positive"],
                poor=texts["poor"],
            )
        )
    if "unknown" in texts and "blank" in texts:
        told.append(
            say(
                N_("Not rated: %(unknown)s of the answers say “don’t know”, %(blank)s are blank."),
                unknown=texts["unknown"],
                blank=texts["blank"],
            )
        )
    return told


def _turnout(scores: ReleasedSource) -> Sentence:
    if scores.eligible is None or scores.turnout is None:
        return say(N_("%(number)d ballots were received."), number=scores.received)
    return say(
        N_("%(number)d ballots were received from %(eligible)d people entitled (%(share)s)."),
        number=scores.received,
        eligible=scores.eligible,
        share=percent(scores.turnout),
    )


def of_gap(dimension: str, gap: Gap) -> Sentence:
    """Return what the *gap* of one dimension means."""
    name = say(DIMENSION_NAMES[dimension])
    points = f"{abs(gap.value):.1f}"
    if gap.notable:
        message = (
            N_(
                "%(dimension)s: the village judges itself %(points)s points higher than the"
                " villagers do, which is more than chance explains. Ask both sides why."
            )
            if gap.value > 0
            else N_(
                "%(dimension)s: the village judges itself %(points)s points lower than the"
                " villagers do, which is more than chance explains. Ask both sides why."
            )
        )
        return say(message, dimension=name, points=points)
    if gap.value == 0:
        return say(N_("%(dimension)s: the village and the villagers agree."), dimension=name)
    message = (
        N_(
            "%(dimension)s: the village judges itself %(points)s points higher than the villagers"
            " do. That can be chance, or is too little to matter."
        )
        if gap.value > 0
        else N_(
            "%(dimension)s: the village judges itself %(points)s points lower than the villagers"
            " do. That can be chance, or is too little to matter."
        )
    )
    return say(message, dimension=name, points=points)


def _needed(band: str, needed: float, lowest: float, highest: float) -> Sentence:
    name = rating_name(band)
    if needed > highest:
        return say(
            N_("“%(rating)s”: out of reach of the mass evaluation, even with full marks."),
            rating=name,
        )
    if needed <= lowest:
        return say(N_("“%(rating)s”: reached whatever the mass evaluation had said."), rating=name)
    return say(
        N_("“%(rating)s”: needs %(points)s points or more in the mass evaluation."),
        rating=name,
        points=f"{needed:.1f}",
    )
