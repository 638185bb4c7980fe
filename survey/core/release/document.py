"""Released scores as plain lists and numbers, for ``scores --json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from survey.core.bands import thresholds
from survey.core.composite import Composite
from survey.core.gaps import Gap
from survey.core.policy import Policy
from survey.core.release.source import ReleasedScore, ReleasedSource
from survey.core.release.village import ReleasedVillage, release_cap
from survey.core.suggestion import Suggestion
from survey.core.wording import Sentence, Translate

FORMAT = "cunping-scores/1"
_DIGITS = {False: 2, True: 6}


def to_dict(
    villages: Mapping[str, ReleasedVillage],
    policy: Policy,
    *,
    exact: bool = False,
    translate: Translate = str,
) -> dict[str, Any]:
    """Return released *villages* and the policy they stand on, ready for JSON.

    What is withheld is null, with the reason in the language of *translate*.
    """
    document = {
        "format": FORMAT,
        "exact": exact,
        "policy": policy.model_dump(mode="json"),
        "villages": [_village(village, policy, translate) for village in villages.values()],
        "cap": asdict(release_cap(villages, policy)),
    }
    rounded: dict[str, Any] = _rounded(document, _DIGITS[exact], translate)
    return rounded


def _rounded(part: Any, digits: int, translate: Translate) -> Any:
    """Return *part* with its numbers in *digits* and its sentences in words."""
    if isinstance(part, Sentence):
        return part.render(translate)
    if isinstance(part, float):
        return round(part, digits)
    if isinstance(part, dict):
        return {str(name): _rounded(one, digits, translate) for name, one in part.items()}
    if isinstance(part, list | tuple):
        return [_rounded(one, digits, translate) for one in part]
    return part


def _village(village: ReleasedVillage, policy: Policy, translate: Translate) -> dict[str, Any]:
    return {
        "code": village.code,
        "mass": _source(village.mass, policy),
        "self": _source(village.self_, policy),
        "organisational": village.organisational,
        "composite": _composite(village.composite, policy),
        "gaps": {name: _gap(gap) for name, gap in village.gaps.items()},
        "suggestion": _suggestion(village.suggestion),
        "flags": village.flags,
    }


def _source(source: ReleasedSource | None, policy: Policy) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "access": "ticket" if source.census_allowed else "poster",
        "eligible": source.eligible,
        "received": source.received,
        "invalid": source.invalid,
        "valid": source.valid,
        "turnout": source.turnout,
        "shares": asdict(source.shares),
        "share_texts": source.share_texts,
        "items": [asdict(item) for item in source.items],
        "dimensions": {name: _score(score, policy) for name, score in source.dimensions.items()},
        "source": _score(source.source, policy),
        "left_out": list(source.left_out),
        "withheld": source.withheld,
    }


def _score(score: ReleasedScore | None, policy: Policy) -> dict[str, Any] | None:
    if score is None:
        return None
    flips = {least: score.flips(least) for least in thresholds(policy).values()}
    return {
        "score": score.value,
        "text": score.text,
        "bound": score.bound,
        "n": score.n,
        "low": score.low,
        "high": score.high,
        "free_low": score.free_low,
        "free_high": score.free_high,
        "phi": score.phi,
        "df": score.df,
        "f": score.f,
        "at_least": {
            f"{least:g}": score.probability_at_least(least) for least in thresholds(policy).values()
        },
        "flips": {f"{least:g}": found and found.count for least, found in flips.items()},
    }


def _composite(composite: Composite, policy: Policy) -> dict[str, Any]:
    return {
        "score": composite.value,
        "text": composite.text,
        "bound": composite.bound,
        "low": composite.low,
        "high": composite.high,
        "at_least": {
            f"{least:g}": composite.probability_at_least(least)
            for least in thresholds(policy).values()
        },
        "missing": list(composite.missing),
    }


def _gap(gap: Gap | None) -> dict[str, Any] | None:
    return None if gap is None else asdict(gap) | {"text": gap.text}


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "status": suggestion.status,
        "rating": suggestion.rating,
        "band": suggestion.band,
        "strength": suggestion.strength,
        "between": suggestion.between,
        "probabilities": suggestion.probabilities,
        "robustness": suggestion.robustness and asdict(suggestion.robustness),
        "mass_needed": suggestion.mass_needed,
        "flips": suggestion.flips and asdict(suggestion.flips),
        "reasons": list(suggestion.reasons),
    }
