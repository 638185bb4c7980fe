"""From the counts of an item to its score, and from scores to the score above them."""

from __future__ import annotations

from collections.abc import Sequence

from survey.core.policy import Policy
from survey.core.release import ReleasedItem, ReleasedScore, ReleasedSource, rules
from survey.core.tallies import CELLS, GRADES
from survey.core.wording import N_, Sentence, say
from survey.core.workings.step import Printed, Step, plain

_COUNTED = N_(
    "Each count times the points of its grade, added up and divided by the number of grades. The"
    " counts are rounded to fives, so that nobody's answer can be worked out."
)
_MAJORITY = {
    "good": N_(
        "Nine tenths or more say good, so the score is at least this much, even if all others said"
        " poor. How many gave the other grades is not shown: it would tell on them."
    ),
    "poor": N_(
        "Nine tenths or more say poor, so the score is at most this much, even if all others said"
        " good. How many gave the other grades is not shown: it would tell on them."
    ),
    "between": N_(
        "Nine tenths or more gave the same grade, so the score is about this much. How many gave"
        " the other grades is not shown: it would tell on them."
    ),
}
_ROUNDED = N_("rounded to steps of %(size)s, by the number of answers")
_BOUND = N_("so near to the end of the scale only the bound is shown")
_NOT_SHOWN = N_("How many gave which grade is not shown here.")
_ALONE = N_("This is the only item of its dimension, so its score is the dimension's.")
_MEAN_OF_ITEMS = N_(
    "The mean of the item scores above. It only comes near to the dimension's score, which is made"
    " of the counts before they were rounded to fives."
)
_MEAN_OF_DIMENSIONS = N_(
    "The mean of the four dimensions. It only comes near to the score, because each figure is"
    " rounded by itself."
)
_PART_MISSING = N_(
    "A part of this score is not shown, so the mean cannot be repeated here. The score itself was"
    " worked out from all answers."
)
_ABOUT = N_("about; the score as released")
_MEAN = N_("Mean")


def items(
    source: ReleasedSource, dimension: str, names: Sequence[str], policy: Policy
) -> list[Step]:
    """Return a step for each item of *dimension*; *names* of all items by position."""
    return [
        _item(item, names[item.position], source, policy)
        for item in source.items
        if item.dimension == dimension
    ]


def _item(item: ReleasedItem, name: str, source: ReleasedSource, policy: Policy) -> Step:
    if item.counts is None or item.value is None:
        return Step(title=name, said=_why_not(item, source))
    if item.majority is not None:
        return _of_majority(item, name, policy)
    grades = [count or 0 for count in item.counts[:GRADES]]
    points = list(zip(grades, map(plain, policy.values), strict=True))
    total = " + ".join(f"{count} × {worth}" for count, worth in points)
    mean = Printed(sum(count * worth for count, worth in points) / sum(grades), 4)
    return Step(
        title=name,
        said=say(_COUNTED),
        formula=f"({total}) ÷ {sum(grades)}",
        result=f"{mean}",
        shown=item.text or "",
        rule=_rounding(item, policy),
    )


def _rounding(item: ReleasedItem, policy: Policy) -> Sentence:
    """Return to what the score of *item* is rounded, from the number of its answers as told."""
    if (item.text or "")[:1] in "≥≤":
        return say(_BOUND)
    n = item.n or 1
    width = rules.grade_width((min(policy.values), max(policy.values)))
    return say(_ROUNDED, size=f"{plain(rules.step(n, rules.hidden(width, n)))}")


def _of_majority(item: ReleasedItem, name: str, policy: Policy) -> Step:
    place = CELLS.index(item.majority or "")
    ends = {0: ("good", policy.values[-1]), GRADES - 1: ("poor", policy.values[0])}
    words, others = ends.get(place, ("between", policy.values[place]))
    most, rest = plain(rules.MAJORITY), plain(1 - rules.MAJORITY)
    worth, other = plain(policy.values[place]), plain(others)
    return Step(
        title=name,
        said=say(_MAJORITY[words]),
        formula=f"{most} × {worth} + {rest} × {other}",
        result=f"{plain(most * worth + rest * other)}",
        shown=item.text or "",
    )


def _why_not(item: ReleasedItem, source: ReleasedSource) -> Sentence:
    reasons = (f"items.{item.position}", f"counts.{item.position}")
    found = next(filter(None, map(source.withheld.get, reasons)), None)
    if found is not None:
        return found
    alone = sum(one.dimension == item.dimension for one in source.items) == 1
    return say(_ALONE) if alone else say(_NOT_SHOWN)


def mean_of_items(source: ReleasedSource, dimension: str, score: ReleasedScore) -> Step:
    """Return how near the mean of the items of *dimension* comes to its *score*."""
    answered = [
        item.value
        for item in source.items
        if item.dimension == dimension and item.position not in source.left_out
    ]
    return _mean(answered, score, _MEAN_OF_ITEMS)


def mean_of_dimensions(source: ReleasedSource, score: ReleasedScore) -> Step:
    """Return how near the mean of the dimensions comes to the *score* of the source."""
    values = [None if one is None else one.value for one in source.dimensions.values()]
    return _mean(values, score, _MEAN_OF_DIMENSIONS)


def _mean(values: Sequence[float | None], score: ReleasedScore, words: str) -> Step:
    known = [plain(value) for value in values if value is not None]
    if len(known) < len(values) or not known:
        return Step(title=say(_MEAN), said=say(_PART_MISSING), shown=score.text)
    total = " + ".join(map(str, known))
    return Step(
        title=say(_MEAN),
        said=say(words),
        formula=f"({total}) ÷ {len(known)}",
        result=f"{Printed(sum(known) / len(known), 4)}",
        shown=score.text,
        rule=say(_ABOUT),
    )
