"""All blocks of one village in the order in which one explains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.core import explanation, plain_words
from survey.core.bands import thresholds
from survey.core.policy import Policy
from survey.core.release import ReleasedScore, ReleasedSource, ReleasedVillage
from survey.core.wording import N_, say
from survey.core.workings import band, composite, gaps, items
from survey.core.workings.chance import at_least, chance, forged
from survey.core.workings.limits import trust
from survey.core.workings.step import Block, Step, plain


@dataclass(frozen=True, kw_only=True)
class About:
    """What the figures of a village are about: its *name*, the round's *policy*.

    *questions*: by audience the words of all items. *points*: the group's, by dimension.
    """

    name: str
    policy: Policy
    questions: Mapping[str, Sequence[str]]
    points: Mapping[str, float]


def work_out(shown: ReleasedVillage, about: About) -> tuple[Block, ...]:
    """Return how every figure of *shown* comes about."""
    sources = {"mass": shown.mass, "self": shown.self_}
    return (
        *(
            block
            for audience, source in sources.items()
            if source is not None
            for block in _of_source(audience, source, about)
        ),
        _composite(shown, about),
        _band(shown, about),
        *_robustness(shown, about),
        *_gaps(shown, about),
    )


def _of_source(audience: str, source: ReleasedSource, about: About) -> list[Block]:
    dimensions = [
        _of_dimension(audience, source, dimension, about) for dimension in source.dimensions
    ]
    return [*dimensions, _of_whole(audience, source, about)]


def _of_dimension(audience: str, source: ReleasedSource, dimension: str, about: About) -> Block:
    title = say(
        N_("%(source)s: %(part)s"),
        source=say(explanation.SOURCE_NAMES[audience]),
        part=say(explanation.DIMENSION_NAMES[dimension]),
    )
    found = source.dimensions[dimension]
    key = f"{audience}-{dimension}"
    if found is None:
        return Block(key=key, title=title, said=(explanation.withheld(source, dimension),))
    return Block(
        key=key,
        title=title,
        said=(plain_words.of_score(found),),
        steps=(
            *items.items(source, dimension, about.questions[audience], about.policy),
            items.mean_of_items(source, dimension, found),
            *trust(found, by_poster=not source.census_allowed),
        ),
    )


def _of_whole(audience: str, source: ReleasedSource, about: About) -> Block:
    title = say(
        N_("%(source)s: %(part)s"),
        source=say(explanation.SOURCE_NAMES[audience]),
        part=say(N_("All four")),
    )
    key, told = f"{audience}-all", explanation.of_source(about.name, source)
    found = source.source
    if found is None:
        return Block(key=key, title=title, said=told)
    return Block(
        key=key,
        title=title,
        said=told,
        steps=(
            items.mean_of_dimensions(source, found),
            *trust(found, by_poster=not source.census_allowed),
            *_bands_of(found, about.policy),
        ),
    )


def _bands_of(found: ReleasedScore, policy: Policy) -> list[Step]:
    """Return for each band how likely the score reaches it, and what forging it would take."""
    steps: list[Step] = []
    for rating, least in thresholds(policy).items():
        points = plain(least)
        steps += chance(found, points, at_least(rating, points)).steps
        if points > found.lowest:
            steps += forged(found, points, found.flips(least))
    return steps


def _composite(shown: ReleasedVillage, about: About) -> Block:
    return Block(
        key="composite",
        title=say(N_("Composite")),
        said=plain_words.of_composite(about.name, shown.composite),
        steps=(
            *composite.organisational(about.points, shown.organisational),
            *composite.value(shown.composite),
            *composite.needed(shown.composite, about.policy),
        ),
    )


def _band(shown: ReleasedVillage, about: About) -> Block:
    return Block(
        key="suggestion",
        title=say(N_("Suggested rating")),
        said=plain_words.of_chances(shown.suggestion) or shown.suggestion.reasons,
        steps=(
            *band.band(shown, about.policy),
            *band.chances(shown, about.policy),
            *band.strength(shown),
            *band.forged_ballots(shown),
        ),
    )


def _robustness(shown: ReleasedVillage, about: About) -> list[Block]:
    steps = tuple(band.robustness(shown, about.policy))
    if not steps:
        return []
    return [
        Block(
            key="robustness",
            title=say(N_("What if the city had chosen otherwise?")),
            said=plain_words.of_robustness(shown.suggestion),
            steps=steps,
        )
    ]


def _gaps(shown: ReleasedVillage, about: About) -> list[Block]:
    return [
        Block(
            key=f"gap-{dimension}",
            title=say(
                N_("Self against mass: %(part)s"),
                part=say(explanation.DIMENSION_NAMES[dimension]),
            ),
            said=(explanation.of_gap(dimension, gap),) if gap else (say(_NOT_COMPARED),),
            steps=tuple(_gap_steps(shown, dimension, about.policy)),
        )
        for dimension, gap in shown.gaps.items()
    ]


def _gap_steps(shown: ReleasedVillage, dimension: str, policy: Policy) -> list[Step]:
    found = shown.gaps[dimension]
    own = shown.self_.dimensions[dimension] if shown.self_ else None
    mass = shown.mass.dimensions[dimension] if shown.mass else None
    if found is None or own is None or mass is None:
        return []
    return gaps.gap(own, mass, found, policy)


_NOT_COMPARED = N_("One of the two scores is not shown, so they are not compared.")
