"""Questions that are not graded, as eyes may see them: counts in fives, quartiles, no texts.

The rules are those of graded items, on the number who answered (docs/method.md, “What is shown”).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from survey.core.extras import ExtraTally
from survey.core.questionnaire import Extra, Number, OneOf, Option, ShortText, SomeOf
from survey.core.release import rules, spans
from survey.core.wording import N_, Sentence, say

QUARTILES = (0.25, 0.5, 0.75)
_BESIDE = 2
"""Answers on either side of a quartile's own that it is the mean of."""

_FEW = N_("Fewer than %(least)d answers: not shown, so that nobody's answer can be told.")
_TOLD = N_("Not shown: the rounded counts together would tell single answers.")
_UNREAD = N_("Written answers are shown once somebody has read them for names.")


@dataclass(frozen=True, kw_only=True)
class ReleasedOption:
    """One option: how often it was chosen in fives, and its share; None where withheld."""

    option: Option
    count: int | None
    share: str | None


@dataclass(frozen=True, kw_only=True)
class ReleasedExtra:
    """A question as it may be shown, or the reason why it is *withheld*.

    *n*: how many answered, in full fives; *blank*: how many did not, in fives; *quartiles* of a
    number: the lower one, the median, the upper one.
    """

    extra: Extra
    n: int | None = None
    options: tuple[ReleasedOption, ...] = ()
    blank: int | None = None
    quartiles: tuple[int, ...] | None = None
    withheld: Sentence | None = None


def release_extra(tally: ExtraTally, extra: Extra) -> ReleasedExtra:
    """Return *tally* of *extra* as it may be shown."""
    if isinstance(extra, ShortText):
        return ReleasedExtra(extra=extra, withheld=say(_UNREAD))
    if tally.answered < rules.LEAST_FOR_ITEMS:
        return ReleasedExtra(extra=extra, withheld=say(_FEW, least=rules.LEAST_FOR_ITEMS))
    if isinstance(extra, Number):
        return ReleasedExtra(
            extra=extra,
            n=rules.full_fives(tally.answered),
            quartiles=_quartiles(tally, extra),
        )
    return _counted(tally, extra)


def _counted(tally: ExtraTally, extra: OneOf | SomeOf) -> ReleasedExtra:
    n = rules.full_fives(tally.answered)
    counts, blank = _in_fives(tally, extra), int(rules.nearest(tally.blank, rules.COUNT_STEP))
    if not all(map(spans.is_wide, _left_open(counts, blank, tally, extra))):
        return ReleasedExtra(extra=extra, withheld=say(_TOLD))
    total = sum(count or 0 for count in counts) if isinstance(extra, OneOf) else n
    return ReleasedExtra(
        extra=extra,
        n=n,
        options=tuple(
            ReleasedOption(option=option, count=count, share=_share(count, total, option, tally))
            for option, count in zip(extra.options, counts, strict=True)
        ),
        blank=blank,
    )


def _in_fives(tally: ExtraTally, extra: OneOf | SomeOf) -> list[int | None]:
    """Return the counts in fives; where nine tenths chose one, it and what tells it are withheld.

    Of one choice that is every option; where several may be ticked, that one alone.
    """
    if isinstance(extra, OneOf) and any(_is_majority(option, tally) for option in extra.options):
        return [None] * len(extra.options)
    return [
        None
        if _is_majority(option, tally)
        else int(rules.nearest(tally.counts[option.key], rules.COUNT_STEP))
        for option in extra.options
    ]


def _is_majority(option: Option, tally: ExtraTally) -> bool:
    return tally.counts[option.key] >= rules.MAJORITY * tally.answered


def _share(count: int | None, total: int, option: Option, tally: ExtraTally) -> str | None:
    """Return the share that is made of shown counts alone, as it is written."""
    if count is None:
        return rules.share_text(rules.MAJORITY) if _is_majority(option, tally) else None
    return rules.share_text(count / total)


def _left_open(
    counts: Sequence[int | None], blank: int, tally: ExtraTally, extra: OneOf | SomeOf
) -> list[spans.Span]:
    """Return between which numbers a reader knows each count of an option to be.

    How many left the question out is no secret, as with graded items.
    """
    received = tally.received
    chosen, (empty,) = spans.of_counts(counts, received), spans.of_counts([blank], received)
    told = rules.full_fives(tally.answered)
    low = max(told, received - empty[1])
    high = min(told + rules.COUNT_STEP - 1, received - empty[0])
    most = high
    if isinstance(extra, SomeOf):
        below = math.ceil(rules.MAJORITY * high) - 1
        chosen = [
            (least, high if count is None else min(one, below))
            for (least, one), count in zip(chosen, counts, strict=True)
        ]
        most = high * len(counts)
    return spans.narrowed(chosen, (low, most))


def _quartiles(tally: ExtraTally, extra: Number) -> tuple[int, ...]:
    """Return each quartile as the mean of the five answers around it, in the number's own step.

    So the lowest three answers and the highest three may be anything without it showing.
    """
    answers = sorted(
        number for text, times in tally.counts.items() for number in [int(text)] * times
    )
    step = rules.number_step(extra.least, extra.most)
    found = []
    for quartile in QUARTILES:
        middle = int(quartile * (len(answers) - 1) + 0.5)
        around = answers[middle - _BESIDE : middle + _BESIDE + 1]
        shown = int(rules.nearest(sum(around) / len(around), step))
        found.append(min(max(shown, extra.least), extra.most))
    return tuple(found)
