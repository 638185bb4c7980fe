"""Shares of cells as eyes may see them."""

from __future__ import annotations

from survey.core.evidence import UNKNOWN_LIMIT
from survey.core.policy import Policy
from survey.core.release import rules
from survey.core.scores import Shares, SourceScores
from survey.core.tallies import GRADES


def released_shares(scores: SourceScores, policy: Policy) -> Shares:
    """Return the shares rounded by the number of ballots and cells, or all withheld.

    Exact ones are not for anybody: with counts in fives they would tell the counts.
    """
    if scores.valid < rules.LEAST_FOR_SHARES:
        nothing = dict.fromkeys(scores.shares.unknown_in)
        return Shares(
            good=None, positive=None, poor=None, unknown=None, blank=None, unknown_in=nothing
        )
    vetoes = ((policy.veto_average_share, True), (policy.veto_poor_share, False))
    every, graded = (rules.share_step(scores.valid, cells) for cells in _cells(scores))

    def shown(share: float | None, size: float, *also: tuple[float, bool]) -> float | None:
        if share is None:
            return None
        if share >= rules.MAJORITY:
            return rules.majority_share(share, also)
        return rules.nearest_share(share, size, [*also, (rules.MAJORITY, True)])

    exactly = scores.shares
    return Shares(
        good=shown(exactly.good, graded),
        positive=shown(exactly.positive, graded, (policy.good_needs_positive_share, True)),
        poor=shown(exactly.poor, graded, *vetoes),
        unknown=shown(exactly.unknown, every),
        blank=shown(exactly.blank, every),
        unknown_in={
            name: shown(share, rules.SHARE_OF_A_DIMENSION, (UNKNOWN_LIMIT, False))
            for name, share in exactly.unknown_in.items()
        },
    )


def _cells(scores: SourceScores) -> tuple[int, int]:
    """Return how many cells there are over all ballots, and how many of them have a grade."""
    graded = sum(sum(count or 0 for count in (item.counts or ())[:GRADES]) for item in scores.items)
    return scores.received * len(scores.items), graded


def share_texts(shares: Shares) -> dict[str, str]:
    """Return the shares that are shown as they are written."""
    return {
        name: rules.share_text(share)
        for name in ("good", "positive", "poor", "unknown", "blank")
        if (share := getattr(shares, name)) is not None
    }
