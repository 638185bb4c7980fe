"""How many tickets a village needs: a fixed number, or a share of those who may answer."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Plan:
    """Slips for each village: *each*, or *share* (0 to 1) of those expected; *spare* on top."""

    each: int | None = None
    share: float = 1.0
    spare: float = 0.0


def number(plan: Plan, expected: int | None) -> int | None:
    """Return how many slips *plan* gives a village where *expected* people may answer.

    None where a share is wanted and nobody knows how many may answer. Rounded up.
    """
    if plan.each is not None:
        return ceil(round(plan.each * (1 + plan.spare), 6))
    if expected is None:
        return None
    return ceil(round(expected * plan.share * (1 + plan.spare), 6))
