"""One village and audience as eyes may see it: rounded, bounded, or withheld with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from survey.core.collector import uncollected
from survey.core.dispersion import moderate
from survey.core.interval import interval
from survey.core.policy import Policy
from survey.core.release import rules
from survey.core.release.inference import Told
from survey.core.release.items import Part, ReleasedItem, released_items
from survey.core.release.shares import released_shares, share_texts
from survey.core.scores import Score, SourceScores, figure
from survey.core.wording import N_, Sentence, say


@dataclass(frozen=True, kw_only=True)
class ReleasedScore(Score):
    """A score computed again from its rounded value, so that nothing tells more than that."""

    @property
    def low_text(self) -> str:
        """The lower limit as it is written, never above it."""
        return self._written(self.low, down=True)

    @property
    def high_text(self) -> str:
        """The upper limit as it is written, never below it."""
        return self._written(self.high, down=False)

    @property
    def free_low_text(self) -> str | None:
        """The lower end of the range that assumes nothing, as it is written."""
        return None if self.free_low is None else self._written(self.free_low, down=True)

    @property
    def free_high_text(self) -> str | None:
        """The upper end of the range that assumes nothing, as it is written."""
        return None if self.free_high is None else self._written(self.free_high, down=False)

    def _written(self, limit: float, *, down: bool) -> str:
        """Return *limit* in the digits of the score: those of a bound are few, so outward again."""
        return figure(rules.outward(limit, limit, 10.0**-self.digits)[not down], self.digits)


@dataclass(frozen=True, kw_only=True)
class ReleasedSource(SourceScores):
    """A source; *share_texts* has the shares that may be shown.

    *withheld* says why something is not shown: ``source``, a dimension, ``items.<position>``,
    ``counts.<position>`` of an item that is shown.
    """

    items: tuple[ReleasedItem, ...]
    dimensions: Mapping[str, ReleasedScore | None]
    source: ReleasedScore | None
    share_texts: dict[str, str]
    withheld: dict[str, Sentence]


_FEW = N_("Fewer than %(least)d ballots: not shown, so that nobody's answer can be told.")
_SECOND = N_("Not shown, because with it a figure beside it could be worked out.")
_NOTHING = N_("Nobody answered this.")


def release(scores: SourceScores, policy: Policy, *, exact: bool = False) -> ReleasedSource:
    """Return *scores* as they may be shown; *exact* rounds them less and withholds no less."""
    return release_all([scores], policy, exact=exact)[0]


@uncollected()
def release_all(
    many: Sequence[SourceScores], policy: Policy, *, exact: bool = False
) -> list[ReleasedSource]:
    """Return each of *many* sources as `release` does: a whole round at once."""
    parts = [_part(scores) for scores in many]
    found = released_items(parts, policy)
    return [_released(part, items, policy, exact) for part, items in zip(parts, found, strict=True)]


def _part(scores: SourceScores) -> Part:
    withheld = _withheld(scores, rules.LEAST[scores.audience])
    return Part(scores, withheld, _told(scores, withheld))


def _released(
    part: Part, items: tuple[ReleasedItem, ...], policy: Policy, exact: bool
) -> ReleasedSource:
    scores, withheld = part.scores, part.withheld
    dimensions = {
        name: _score(score, exact) if score and name not in withheld else None
        for name, score in scores.dimensions.items()
    }
    source = _score(scores.source, exact) if scores.source and "source" not in withheld else None
    shares = released_shares(scores, policy)
    enough = scores.valid >= rules.LEAST[scores.audience]
    return ReleasedSource(
        **_same(scores)
        | {
            "dimensions": dimensions,
            "source": source,
            "items": items,
            "left_out": scores.left_out if enough else (),
            "shares": shares,
            "poor_at": _poor_at(scores, source),
        },
        share_texts=share_texts(shares),
        withheld={**withheld, **_withheld_counts(items, scores.valid)},
    )


def _same(scores: SourceScores) -> dict[str, Any]:
    return {one.name: getattr(scores, one.name) for one in fields(SourceScores)}


def _withheld(scores: SourceScores, least: int) -> dict[str, Sentence]:
    """Return what is not shown and why; a second figure where one could be had from a total."""
    few, found = say(_FEW, least=least), {}
    figures = {**scores.dimensions, "source": scores.source}
    if scores.valid < least:
        return dict.fromkeys([*figures, *(rules.key(item.position) for item in scores.items)], few)
    for name, score in figures.items():
        if score is None:
            found[name] = say(_NOTHING)
        elif score.n < least:
            found[name] = few
    if "source" not in found:
        sizes = {name: score.n for name, score in scores.dimensions.items() if score}
        _withhold_second(found, sizes)
    return found | _withheld_items(scores, least, found)


def _withheld_items(
    scores: SourceScores, least: int, hidden: Collection[str]
) -> dict[str, Sentence]:
    if scores.valid < rules.LEAST_FOR_ITEMS:
        few = say(_FEW, least=rules.LEAST_FOR_ITEMS)
        return {rules.key(item.position): few for item in scores.items}
    found: dict[str, Sentence] = {}
    for dimension in scores.dimensions:
        items = [item for item in scores.items if item.dimension == dimension]
        answered = {rules.key(item.position): item.n for item in items if item.n}
        below = [name for name, n in answered.items() if n < least]
        hide = list(answered) if dimension in hidden else below
        found |= {rules.key(item.position): say(_NOTHING) for item in items if not item.n}
        found |= {name: say(_FEW, least=least) if name in below else say(_SECOND) for name in hide}
        beside = rules.second(answered, hide)
        if beside:
            found[beside] = say(_SECOND)
    return found


def _told(scores: SourceScores, withheld: Collection[str]) -> list[Told]:
    """Return what the scores that are shown, in both precisions, tell of the items' means.

    Ballots that are invalid are in the counts and not in the scores: they blur it.
    """
    found: list[tuple[Score, dict[int, float]]] = []
    of_source: dict[int, float] = {}
    for name, score in scores.dimensions.items():
        items = [item.position for item in scores.items if item.dimension == name and item.n]
        of_source |= {item: 1 / len(items) / len(scores.dimensions) for item in items}
        if score and name not in withheld:
            found.append((score, dict.fromkeys(items, 1 / len(items))))
    if scores.source and "source" not in withheld:
        found.append((scores.source, of_source))
    return [Told(weights, _between(score, scores.invalid)) for score, weights in found]


def _between(score: Score, invalid: int) -> tuple[float, float]:
    """Return between which points *score* is for who reads it in both precisions."""
    blur = (score.highest - score.lowest) * invalid / score.n
    low, high = score.lowest, score.highest
    for exact in (False, True):
        size, near = _rounding(score, exact)
        shown = rules.nearest(score.value, size)
        _, sign = rules.bound(score.value, shown, score.lowest, score.highest, near)
        if sign != "≥":
            high = min(high, max(shown, score.lowest + near) + size / 2)
        if sign != "≤":
            low = max(low, min(shown, score.highest - near) - size / 2)
    return low - blur, high + blur


def _withheld_counts(items: tuple[ReleasedItem, ...], valid: int) -> dict[str, Sentence]:
    """Return the items that are shown, but not how many gave which grade, and why."""
    if valid < rules.LEAST_FOR_ITEMS:
        return {}
    return {
        rules.counts_key(item.position): say(_SECOND)
        for item in items
        if item.n is not None and item.counts is None
    }


def _withhold_second(found: dict[str, Sentence], sizes: dict[str, int]) -> None:
    beside = rules.second(sizes, [name for name in sizes if name in found])
    if beside:
        found[beside] = say(_SECOND)


def _score(score: Score, exact: bool) -> ReleasedScore:
    """Return *score* computed again from its rounded value and a dispersion of two digits.

    A bound keeps nothing of its own dispersion, which would tell all alike from nearly all alike:
    it takes the pooled one, as a score at the very end does.
    """
    alone = len(score.parts) == 1
    size, near = _rounding(score, exact)
    score = _in_fives(score) if alone else score
    shown = rules.nearest(score.value, size)
    value, sign = rules.bound(score.value, shown, score.lowest, score.highest, near)
    again = ReleasedScore(
        **{one.name: getattr(score, one.name) for one in fields(Score)}
        | {
            "value": value,
            "bound": sign,
            "digits": rules.digits(size, sign),
            "parts": (),
            "incomplete": True,
        }
        | _coarse_dispersion(score, pooled=bool(sign) or alone)
    )
    return _with_limits(again, size)


def _rounding(score: Score, exact: bool) -> tuple[float, float]:
    """Return the step in which *score* is shown, and how near to an end it reads as a bound."""
    least, alone = _hidden(score), len(score.parts) == 1
    n = rules.full_fives(score.n) if alone else score.n
    return rules.step(n, least, exact=exact), rules.edge(least)


def _in_fives(score: Score) -> Score:
    """Return a *score* of one item as if it stood on the full fives of its answers.

    It stands on few answers, so that mean, dispersion and number together would tell how often
    each grade was given: it keeps neither its own dispersion nor its very number.
    """
    n = rules.full_fives(score.n)
    f = min(1.0, n / score.eligible) if score.f and score.eligible else 0.0
    return replace(score, n=n, f=f)


def _hidden(score: Score) -> float:
    """Return how many points *score* moves with the answers that it must not tell apart."""
    width = rules.grade_width((score.lowest, score.highest))
    alone = len(score.parts) == 1
    return rules.hidden(width, min(divisor for _, divisor in score.parts), alone=alone)


def _coarse_dispersion(score: Score, *, pooled: bool) -> dict[str, Any]:
    """Return dispersions in two digits, never so small that they tell that all answered alike."""
    pool = round(score.phi_pool, 2)
    own = pool if pooled else max(round(score.phi_v, 2), rules.LEAST_DISPERSION)
    moderated, df = moderate(score.n, own, pool)
    return {
        "variance": None,
        "ratio": None,
        "phi_v": own,
        "phi_pool": pool,
        "phi": round(float(moderated), 2),
        "df": int(df),
    }


def _with_limits(score: ReleasedScore, size: float) -> ReleasedScore:
    low, high = _widened(score, _interval(score), size)
    free_low, free_high = score.free_low, score.free_high
    if score.eligible and free_low is not None:
        away = max(score.eligible - score.n, 0)
        free = [
            (score.n * score.value + away * end) / (score.n + away)
            for end in (score.lowest, score.highest)
        ]
        free_low, free_high = _widened(score, (free[0], free[1]), size)
    return replace(score, low=low, high=high, free_low=free_low, free_high=free_high)


def _interval(score: Score) -> tuple[float, float]:
    low, high = interval(
        score.value, score.n, score.phi, score.f, score.df, score.lowest, score.highest
    )
    return float(low), float(high)


def _widened(score: Score, limits: tuple[float, float], size: float) -> tuple[float, float]:
    """Return *limits* rounded outward, and as far as a bounded score may reach."""
    low, high = rules.outward(*limits, size)
    if score.bound == "≤":
        low = score.lowest
    if score.bound == "≥":
        high = score.highest
    return max(low, score.lowest), min(high, score.highest)


def _poor_at(scores: SourceScores, source: ReleasedScore | None) -> dict[int, float | None]:
    """Return the what-ifs in the steps of *source*; nothing where that is withheld or a bound."""
    if source is None or scores.source is None or source.bound:
        return dict.fromkeys(scores.poor_at)
    size, _ = _rounding(scores.source, exact=False)
    return {
        points: None if value is None else rules.nearest(value, size)
        for points, value in scores.poor_at.items()
    }
