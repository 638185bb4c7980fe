"""Counts of grades and shares of cells as eyes may see them."""

from __future__ import annotations

from survey.core.evidence import UNKNOWN_LIMIT
from survey.core.policy import Policy
from survey.core.release import rules
from survey.core.scores import Shares, SourceScores
from survey.core.tallies import CELLS, GRADES


def released_counts(
    counts: tuple[int | None, ...] | None,
) -> tuple[tuple[int | None, ...] | None, tuple[str | None, ...] | None, str | None]:
    """Return the counts in fives, their texts, and the grade that nearly all gave."""
    if counts is None:
        return None, None, None
    exact = [count or 0 for count in counts]
    graded = sum(exact[:GRADES])
    majority = next(
        (place for place in range(GRADES) if exact[place] >= rules.MAJORITY * graded), None
    )
    shown: list[int | None] = [int(rules.nearest(count, rules.COUNT_STEP)) for count in exact]
    texts: list[str | None] = [str(count) for count in shown]
    if majority is not None:
        shown[:GRADES] = [None] * GRADES
        texts[:GRADES] = [
            rules.share_text(rules.MAJORITY) if place == majority else None
            for place in range(GRADES)
        ]
    return tuple(shown), tuple(texts), None if majority is None else CELLS[majority]


def released_shares(scores: SourceScores, policy: Policy, *, exact: bool) -> Shares:
    """Return the shares rounded by the number of valid ballots, or all withheld."""
    if scores.valid < rules.LEAST_FOR_SHARES:
        nothing = dict.fromkeys(scores.shares.unknown_in)
        return Shares(
            good=None, positive=None, poor=None, unknown=None, blank=None, unknown_in=nothing
        )
    size = 10**-rules.EXACT_DIGITS if exact else rules.share_step(scores.valid)
    vetoes = ((policy.veto_average_share, True), (policy.veto_poor_share, False))

    def shown(share: float | None, *also: tuple[float, bool]) -> float | None:
        if share is None:
            return None
        if share >= rules.MAJORITY:
            return rules.majority_share(share, also)
        return rules.nearest_share(share, size, [*also, (rules.MAJORITY, True)])

    exactly = scores.shares
    return Shares(
        good=shown(exactly.good),
        positive=shown(exactly.positive, (policy.good_needs_positive_share, True)),
        poor=shown(exactly.poor, *vetoes),
        unknown=shown(exactly.unknown),
        blank=shown(exactly.blank),
        unknown_in={
            name: shown(share, (UNKNOWN_LIMIT, False)) for name, share in exactly.unknown_in.items()
        },
    )


def share_texts(shares: Shares, *, exact: bool) -> dict[str, str]:
    """Return the shares that are shown as they are written."""
    digits = rules.EXACT_DIGITS - 2 if exact else 0
    return {
        name: rules.share_text(share, digits)
        for name in ("good", "positive", "poor", "unknown", "blank")
        if (share := getattr(shares, name)) is not None
    }
