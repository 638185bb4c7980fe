"""What other constants would suggest, from nothing but what is released under the round's own.

No exact score comes in here. So however many what-ifs somebody puts beside one another, they tell
no more than the released figures do, and what is withheld stays withheld (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey.core.evidence import Evidence
from survey.core.interval import interval
from survey.core.policy import Policy
from survey.core.rating import RATINGS, suggest
from survey.core.release.source import ReleasedScore, ReleasedSource
from survey.core.release.village import ReleasedVillage
from survey.core.scoring import WHAT_IF_POOR
from survey.core.suggestion import Suggestion

OUTCOMES = (*RATINGS, "undecided", "insufficient", "void")
"""What a suggestion can come to: a rating, or why there is none."""

HandedOut = Mapping[str, Mapping[str, int | None]]


def what_if(
    villages: Mapping[str, ReleasedVillage],
    frozen: Policy,
    tried: Policy,
    handed_out: HandedOut | None = None,
) -> dict[str, Suggestion]:
    """Return what *tried* would suggest for each of *villages*, which are released under *frozen*.

    Of the points of grades only those of poor can be tried: the others would need how often each
    grade was given. *handed_out*: slips by village code and audience.
    """
    return {
        code: suggest(
            Evidence(
                mass=_revalued(village.mass, frozen, tried),
                self_=_revalued(village.self_, frozen, tried),
                organisational=village.organisational,
                handed_out=(handed_out or {}).get(code, {}),
            ),
            tried,
        )
        for code, village in villages.items()
    }


@dataclass(frozen=True)
class Move:
    """A village whose suggestion would be another: what it comes to now, and then."""

    code: str
    before: Suggestion
    after: Suggestion


def moves(
    villages: Mapping[str, ReleasedVillage], after: Mapping[str, Suggestion]
) -> tuple[Move, ...]:
    """Return the villages that come to another outcome in *after*, in their order."""
    return tuple(
        Move(code, village.suggestion, after[code])
        for code, village in villages.items()
        if outcome(village.suggestion) != outcome(after[code])
    )


def outcome(suggestion: Suggestion) -> str:
    """Return the rating that is suggested, or why there is none: one of `OUTCOMES`."""
    return suggestion.rating or suggestion.status


def _revalued(
    source: ReleasedSource | None, frozen: Policy, tried: Policy
) -> ReleasedSource | None:
    """Return *source* as if poor were worth what *tried* says; its dimensions stay as they are."""
    if source is None or source.source is None or tried.value_poor == frozen.value_poor:
        return source
    score, poor = source.source, tried.value_poor
    if score.bound:
        value: float | None = _bound(score, frozen, poor)
    else:
        value = _between(score.value, source.poor_at, frozen.value_poor, poor)
    again = None if value is None else _with_value(score, value, poor)
    return replace(source, source=again, poor_at=dict.fromkeys(source.poor_at))


def _between(
    value: float, poor_at: Mapping[int, float | None], kept: float, poor: float
) -> float | None:
    """Return the score at *poor*, on the line through *value* at *kept* and a released what-if."""
    anchor = max(WHAT_IF_POOR, key=lambda points: abs(points - kept))
    there = poor_at.get(anchor)
    if there is None:
        return None
    return value + (there - value) * (poor - kept) / (anchor - kept)


def _bound(score: ReleasedScore, frozen: Policy, poor: float) -> float:
    """Return the bound that surely holds at *poor*: the widest that the grades' points allow."""
    good, _fairly_good, average, kept = frozen.values
    if score.bound == "≥":
        return good - (good - score.value) * max(1.0, (good - poor) / (good - kept))
    return poor + (score.value - kept) * max(1.0, (average - poor) / (average - kept))


def _with_value(score: ReleasedScore, value: float, poor: float) -> ReleasedScore:
    value = min(max(value, poor), score.highest)
    low, high = interval(value, score.n, score.phi, score.f, score.df, poor, score.highest)
    return replace(
        score,
        value=value,
        lowest=poor,
        low=poor if score.bound == "≤" else float(low),
        high=score.highest if score.bound == "≥" else float(high),
        free_low=None,
        free_high=None,
    )
