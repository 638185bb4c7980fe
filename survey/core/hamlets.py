"""Hamlets that are too small to be shown alone, assessed together as one unit of the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survey.core.errors import Invalid
from survey.core.register import Entry
from survey.core.release.rules import LEAST
from survey.core.wording import N_

BETWEEN = "；"
"""Stands between what the register says of the one part and of the other."""
_TEXTS = ("cause", "city_leader", "paired_unit", "first_secretary")


def is_too_small(eligible: int | None, party_members: int | None) -> bool:
    """Say whether even all answers of a village would be too few to be shown (`release.rules`).

    Of a number that the register does not give nothing is said.
    """
    few_villagers = eligible is not None and eligible < LEAST["mass"]
    return few_villagers or (party_members is not None and party_members < LEAST["self"])


def require_mergeable(parts: Sequence[Entry]) -> None:
    """Raise `Invalid` unless *parts* may be assessed together.

    They are two or more, of one township and at most one acceptance group, and all of them too
    small but one at most: a lone hamlet may join its neighbour.
    """
    if len(parts) < 2:
        raise Invalid(N_("Please tick at least two villages."))
    if len({part.township for part in parts}) > 1:
        raise Invalid(N_("Only villages of one township can be merged."))
    if len({part.acceptance_group for part in parts if part.acceptance_group}) > 1:
        raise Invalid(
            N_(
                "These villages belong to different acceptance groups. Give them to one group, "
                "then merge them."
            )
        )
    large = [part.name for part in parts if not is_too_small(part.eligible, part.party_members)]
    if len(large) > 1:
        raise Invalid(
            N_(
                "%(villages)s are large enough to be shown alone. Only one such village can take "
                "in hamlets that are too small."
            ),
            villages=", ".join(large),
        )


def unite(name: str, parts: Sequence[Entry]) -> Entry:
    """Return the unit called *name* made of *parts*, under the code of the first."""
    texts: dict[str, Any] = {
        field: _joined([getattr(part, field) for part in parts]) for field in _TEXTS
    }
    return follow(replace(parts[0], name=name, **texts), parts)


def follow(unit: Entry, parts: Sequence[Entry]) -> Entry:
    """Return *unit* with the numbers, township and acceptance group that its *parts* have now.

    A sum of which one number is not known is None. Where the parts differ in township or group,
    the unit keeps its own.
    """
    return replace(
        unit,
        township=_agreed([part.township for part in parts], unit.township),
        acceptance_group=_agreed([part.acceptance_group for part in parts], unit.acceptance_group),
        households=_sum([part.households for part in parts]),
        eligible=_sum([part.eligible for part in parts]),
        party_members=_sum([part.party_members for part in parts]),
    )


def _joined(texts: Sequence[str]) -> str:
    return BETWEEN.join(dict.fromkeys(filter(None, texts)))


def _agreed(said: Sequence[str], kept: str) -> str:
    different = set(filter(None, said))
    return different.pop() if len(different) == 1 else kept


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
