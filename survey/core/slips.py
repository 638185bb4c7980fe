"""How many tickets a village needs, and whether the slips that were counted add up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from survey.core.wording import N_, Sentence, say

LEAST_TO_VOID = 5
"""Slips below which a sheet is not voided: the count of void slips would tell who used one."""


@dataclass(frozen=True)
class Plan:
    """Slips for each village: *each*, or *share* (0 to 1) of those expected; *spare* on top."""

    each: int | None = None
    share: float = 1.0
    spare: float = 0.0


@dataclass(frozen=True)
class Amount:
    """Slips of one sheet: *count* in all, *spare* of them to replace lost ones."""

    count: int
    spare: int = 0


@dataclass(frozen=True, kw_only=True)
class Account:
    """Slips of one village and audience. None: nobody has counted, or the seal is not yet there."""

    printed: int
    handed_out: int | None = None
    returned: int | None = None
    used: int | None = None
    void: int | None = None


def number(plan: Plan, expected: int | None) -> int | None:
    """Return how many slips *plan* gives a village where *expected* people may answer.

    None where a share is wanted and nobody knows how many may answer. Rounded up.
    """
    if plan.each is not None:
        return ceil(round(plan.each * (1 + plan.spare), 6))
    if expected is None:
        return None
    return ceil(round(expected * plan.share * (1 + plan.spare), 6))


def amount(plan: Plan, expected: int | None) -> Amount | None:
    """Return the slips that `number` gives, and how many of them are spare."""
    count, needed = number(plan, expected), number(replace(plan, spare=0.0), expected)
    if count is None or needed is None:
        return None
    return Amount(count, count - needed)


def faults(account: Account) -> tuple[Sentence, ...]:
    """Return what cannot be unless slips were stolen or miscounted; nothing before the seal."""
    if account.used is None:
        return ()
    found = []
    if account.handed_out is not None and account.used > account.handed_out:
        found.append(
            say(
                N_("%(used)d slips were used, but only %(handed_out)d were handed out."),
                used=account.used,
                handed_out=account.handed_out,
            )
        )
    gone = account.used + (account.returned or 0) + (account.void or 0)
    if gone > account.printed:
        found.append(
            say(
                N_(
                    "Used, returned and void slips are %(gone)d together, but only %(printed)d "
                    "were printed."
                ),
                gone=gone,
                printed=account.printed,
            )
        )
    return tuple(found)
