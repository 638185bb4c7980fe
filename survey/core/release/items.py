"""Items as eyes may see them: counts in fives, and scores that tell no more than these.

A count in fives can still be told from its total where all roundings went one way, and a mean
beside counts nearly always tells them (tests/hostile/test_release_secrecy.py). So counts are kept
back where totals and the scores above would tell them, and an item's score is made of its counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.core.policy import Policy
from survey.core.release import rules, spans
from survey.core.release.inference import Shown, Told, rooms
from survey.core.scores import ItemScore, SourceScores, figure
from survey.core.tallies import CELLS, GRADES
from survey.core.wording import Sentence

Counts = tuple[int | None, ...]


@dataclass(frozen=True, kw_only=True)
class ReleasedItem(ItemScore):
    """An item; *text* and *count_texts* as they are written, None where withheld.

    *majority*: the grade that nine tenths or more gave; the other grades' counts are then withheld.
    """

    text: str | None
    count_texts: tuple[str | None, ...] | None
    majority: str | None


@dataclass(frozen=True)
class Part:
    """A source whose items are to be released.

    *withheld* names those of which nothing is shown; *told* are the scores that are shown above.
    """

    scores: SourceScores
    withheld: Mapping[str, Sentence]
    told: Sequence[Told]


def released_items(parts: Sequence[Part], policy: Policy) -> list[tuple[ReleasedItem, ...]]:
    """Return the items of each of *parts*.

    An item that is alone in its dimension shows neither counts nor a score: it is the dimension's.
    """
    counts = [_counts_of(part) for part in parts]
    _withhold_told(parts, counts, policy)
    return [
        tuple(
            _hidden(item)
            if rules.key(item.position) in part.withheld
            else _item(item, counted.get(item.position), policy)
            for item in part.scores.items
        )
        for part, counted in zip(parts, counts, strict=True)
    ]


def _counts_of(part: Part) -> dict[int, Counts]:
    scores = part.scores
    answered = Counter(item.dimension for item in scores.items if item.n)
    return {
        item.position: counted
        for item in scores.items
        if rules.key(item.position) not in part.withheld and answered[item.dimension] > 1
        if (counted := released_counts(item, scores.received, scores.invalid))
    }


def _withhold_told(parts: Sequence[Part], counts: list[dict[int, Counts]], policy: Policy) -> None:
    """Take away, one by one, the counts that the scores above and the other counts would tell."""
    waiting = list(range(len(parts)))
    while waiting:
        left = rooms([_shown(parts[place], counts[place]) for place in waiting], policy.values)
        tight = {
            place: min(room, key=lambda item: (room[item], item))
            for place, room in zip(waiting, left, strict=True)
            if min(room.values(), default=rules.LEAST_SPAN) < rules.LEAST_SPAN
        }
        for place, item in tight.items():
            del counts[place][item]
        waiting = list(tight)


def _shown(part: Part, counts: Mapping[int, Counts]) -> Shown:
    scores = part.scores
    shown = [item for item in scores.items if item.position in counts and majority_of(item) is None]
    return Shown(
        counts={
            item.position: [count or 0 for count in counts[item.position][:GRADES]]
            for item in shown
        },
        graded={
            item.position: _graded(item, counts[item.position], scores.received, scores.invalid)
            for item in shown
        },
        told=part.told,
    )


def _hidden(item: ItemScore) -> ReleasedItem:
    return ReleasedItem(
        position=item.position,
        dimension=item.dimension,
        n=None,
        value=None,
        counts=None,
        text=None,
        count_texts=None,
        majority=None,
    )


def _item(item: ItemScore, counts: Counts | None, policy: Policy) -> ReleasedItem:
    """Return *item* with its counts and their score, or with neither."""
    n = rules.full_fives(item.n or 0)
    majority = majority_of(item) if counts else None
    value, text = _score(counts, n, majority, policy) if counts else (None, None)
    return ReleasedItem(
        position=item.position,
        dimension=item.dimension,
        n=n,
        value=value,
        counts=counts,
        text=text,
        count_texts=_count_texts(counts, majority),
        majority=None if majority is None else CELLS[majority],
    )


def _score(counts: Counts, n: int, majority: int | None, policy: Policy) -> tuple[float, str]:
    """Return the score that *counts* of *n* answers have and how it is written."""
    if majority is not None:
        return _score_of_majority(majority, policy.values)
    grades = [count or 0 for count in counts[:GRADES]]
    points = zip(grades, policy.values, strict=True)
    mean = sum(count * worth for count, worth in points) / max(sum(grades), 1)
    lowest, highest = min(policy.values), max(policy.values)
    least = rules.hidden(rules.grade_width((lowest, highest)), n)
    size = rules.step(n, least)
    value, sign = rules.bound(mean, rules.nearest(mean, size), lowest, highest, rules.edge(least))
    return value, figure(value, rules.digits(size, sign), sign)


def _score_of_majority(grade: int, values: tuple[float, ...]) -> tuple[float, str]:
    """Return what the score is at least, at most or about, where nine tenths gave *grade*."""
    rest = 1 - rules.MAJORITY
    ends = {0: (rest * values[-1], "≥"), GRADES - 1: (rest * values[0], "≤")}
    added, sign = ends.get(grade, (rest * values[grade], "≈"))
    value = round(rules.MAJORITY * values[grade] + added, 6)
    return value, figure(value, 0, sign)


def _count_texts(counts: Counts | None, majority: int | None) -> tuple[str | None, ...] | None:
    if counts is None:
        return None
    texts = [None if count is None else str(count) for count in counts]
    if majority is not None:
        texts[majority] = rules.share_text(rules.MAJORITY)
    return tuple(texts)


def released_counts(item: ItemScore, received: int, invalid: int) -> Counts | None:
    """Return the counts of *item* in fives, or None where the fives would give themselves away.

    Where nearly all gave one grade no grade is counted; `majority_of` says which it was.
    *received* ballots, *invalid* of them.
    """
    exact = [count or 0 for count in item.counts or ()]
    shown: list[int | None] = [int(rules.nearest(count, rules.COUNT_STEP)) for count in exact]
    if majority_of(item) is not None:
        if rules.full_fives(item.n or 0) < rules.LEAST_FOR_ITEMS:  # nine tenths: all but one
            return None
        shown[:GRADES] = [None] * GRADES
    counts = tuple(shown)
    grades, others = (
        spans.of_counts(part, received) for part in (counts[:GRADES], counts[GRADES:])
    )
    low, high = _graded(item, counts, received, invalid)
    left = [
        *spans.narrowed(grades, (low, high)),
        *spans.narrowed(others, (received - high, received - low)),
    ]
    return counts if all(map(spans.is_wide, left)) else None


def majority_of(item: ItemScore) -> int | None:
    """Return the place of the grade that nine tenths or more gave to *item*."""
    grades = [count or 0 for count in item.counts or ()][:GRADES]
    least = rules.MAJORITY * sum(grades)
    return next((place for place, count in enumerate(grades) if count >= least), None)


def _graded(item: ItemScore, counts: Counts, received: int, invalid: int) -> tuple[int, int]:
    """Return between which numbers the ballots are that grade *item*, from what is shown."""
    told = rules.full_fives(item.n or 0)
    grades, others = (
        spans.total(spans.of_counts(part, received)) for part in (counts[:GRADES], counts[GRADES:])
    )
    return (
        max(grades[0], told, received - others[1]),
        min(grades[1], told + rules.COUNT_STEP - 1 + invalid, received - others[0]),
    )
