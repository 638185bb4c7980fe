"""One village and audience as eyes may see it: rounded, bounded, or withheld with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from survey.core.dispersion import PRIOR
from survey.core.interval import interval
from survey.core.policy import Policy
from survey.core.release import rules
from survey.core.release.shares import released_counts, released_shares, share_texts
from survey.core.scores import ItemScore, Score, SourceScores, figure
from survey.core.wording import N_, Sentence, say


@dataclass(frozen=True, kw_only=True)
class ReleasedScore(Score):
    """A score computed again from its rounded value, so that nothing tells more than that."""

    @property
    def low_text(self) -> str:
        """The lower limit as it is written."""
        return figure(self.low, self.digits)

    @property
    def high_text(self) -> str:
        """The upper limit as it is written."""
        return figure(self.high, self.digits)

    @property
    def free_low_text(self) -> str | None:
        """The lower end of the range that assumes nothing, as it is written."""
        return None if self.free_low is None else figure(self.free_low, self.digits)

    @property
    def free_high_text(self) -> str | None:
        """The upper end of the range that assumes nothing, as it is written."""
        return None if self.free_high is None else figure(self.free_high, self.digits)


@dataclass(frozen=True, kw_only=True)
class ReleasedItem(ItemScore):
    """An item; *text* and *count_texts* as they are written, None where withheld.

    *majority*: the grade that nine tenths or more gave; the other grades' counts are then withheld.
    """

    text: str | None
    count_texts: tuple[str | None, ...] | None
    majority: str | None


@dataclass(frozen=True, kw_only=True)
class ReleasedSource(SourceScores):
    """A source; *share_texts* has the shares that may be shown.

    *withheld* says why something is not shown: ``source``, a dimension, ``items.<position>``.
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
    """Return *scores* as they may be shown; *exact* gives more digits and withholds no less."""
    least = rules.LEAST[scores.audience]
    withheld = _withheld(scores, least)
    dimensions = {
        name: _score(score, exact) if score and name not in withheld else None
        for name, score in scores.dimensions.items()
    }
    source = _score(scores.source, exact) if scores.source and "source" not in withheld else None
    shares = released_shares(scores, policy, exact=exact)
    return ReleasedSource(
        **_same(scores)
        | {
            "dimensions": dimensions,
            "source": source,
            "items": tuple(_item(item, withheld, exact, policy) for item in scores.items),
            "shares": shares,
            "poor_at": _poor_at(scores, source),
        },
        share_texts=share_texts(shares, exact=exact),
        withheld=withheld,
    )


def _same(scores: SourceScores) -> dict[str, Any]:
    return {one.name: getattr(scores, one.name) for one in fields(SourceScores)}


def _withheld(scores: SourceScores, least: int) -> dict[str, Sentence]:
    """Return what is not shown and why; a second figure where one could be had from a total."""
    few, found = say(_FEW, least=least), {}
    figures = {**scores.dimensions, "source": scores.source}
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
    found: dict[str, Sentence] = {}
    for dimension in scores.dimensions:
        items = [item for item in scores.items if item.dimension == dimension]
        answered = {_key(item): item.n for item in items if item.n}
        below = [name for name, n in answered.items() if n < least]
        hide = list(answered) if dimension in hidden else below
        found |= {_key(item): say(_NOTHING) for item in items if not item.n}
        found |= {name: say(_FEW, least=least) if name in below else say(_SECOND) for name in hide}
        beside = rules.second(answered, hide)
        if beside:
            found[beside] = say(_SECOND)
    return found


def _withhold_second(found: dict[str, Sentence], sizes: dict[str, int]) -> None:
    beside = rules.second(sizes, [name for name in sizes if name in found])
    if beside:
        found[beside] = say(_SECOND)


def _key(item: ItemScore) -> str:
    return f"items.{item.position}"


def _score(score: Score, exact: bool) -> ReleasedScore:
    """Return *score* computed again from its rounded value and a dispersion of two digits.

    A bound keeps nothing of its own dispersion, which would tell all alike from nearly all alike:
    it takes the pooled one, as a score at the very end does.
    """
    size = rules.step(score.n)
    shown = score.value if exact else rules.nearest(score.value, size)
    value, sign = rules.bound(score.value, shown, score.lowest, score.highest)
    again = ReleasedScore(
        **{one.name: getattr(score, one.name) for one in fields(Score)}
        | {
            "value": value,
            "bound": sign,
            "digits": _digits(size, sign, exact),
            "parts": (),
            "incomplete": True,
        }
        | ({} if exact and not sign else _coarse_dispersion(score, sign))
    )
    return _with_limits(again, None if exact else size)


def _digits(size: float, sign: str, exact: bool) -> int:
    if sign:
        return 0
    return rules.EXACT_DIGITS if exact else int(size < 1)


def _coarse_dispersion(score: Score, sign: str) -> dict[str, float | None]:
    """Return dispersions in two digits, never so small that they tell that all answered alike."""
    pool = round(score.phi_pool, 2)
    own = pool if sign else max(round(score.phi_v, 2), rules.LEAST_DISPERSION)
    moderated = ((score.n - 1) * own + PRIOR * pool) / (score.n - 1 + PRIOR)
    return {
        "variance": None,
        "ratio": None,
        "phi_v": own,
        "phi_pool": pool,
        "phi": round(moderated, 2),
    }


def _with_limits(score: ReleasedScore, size: float | None) -> ReleasedScore:
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


def _widened(score: Score, limits: tuple[float, float], size: float | None) -> tuple[float, float]:
    """Return *limits* rounded outward, and as far as a bounded score may reach."""
    low, high = limits if size is None else rules.outward(*limits, size)
    if score.bound == "≤":
        low = score.lowest
    if score.bound == "≥":
        high = score.highest
    return max(low, score.lowest), min(high, score.highest)


def _item(
    item: ItemScore,
    withheld: dict[str, Sentence],
    exact: bool,
    policy: Policy,
) -> ReleasedItem:
    value, text = None, None
    if item.value is not None and _key(item) not in withheld:
        size = rules.step(item.n)
        shown = item.value if exact else rules.nearest(item.value, size)
        value, sign = rules.bound(item.value, shown, min(policy.values), max(policy.values))
        text = figure(value, _digits(size, sign, exact), sign)
    shown_counts = _key(item) not in withheld and item.n >= rules.LEAST_FOR_COUNTS
    counts, texts, majority = released_counts(item.counts if shown_counts else None)
    return ReleasedItem(
        position=item.position,
        dimension=item.dimension,
        n=item.n,
        value=value,
        counts=counts,
        text=text,
        count_texts=texts,
        majority=majority,
    )


def _poor_at(scores: SourceScores, source: ReleasedScore | None) -> dict[int, float | None]:
    """Return the what-ifs in the steps of *source*; nothing where that is withheld or a bound."""
    if source is None or source.bound:
        return dict.fromkeys(scores.poor_at)
    return {
        points: None if value is None else rules.nearest(value, rules.step(source.n))
        for points, value in scores.poor_at.items()
    }
