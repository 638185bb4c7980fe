"""Tallies → scores with intervals, a whole round at once (docs/method.md).

The mass evaluation stands on eligible villagers, the self-evaluation on party members. Where an
audience has tickets and posters, the tickets make the score.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.core.collector import uncollected
from survey.core.dispersion import Dispersion, Means, ballots, dispersion, means, squares
from survey.core.errors import Invalid
from survey.core.interval import interval
from survey.core.scores import ItemScore, Parts, Score, Shares, SourceScores
from survey.core.tallies import CELLS, GRADES, Tally
from survey.core.wording import N_

WHAT_IF_POOR = (0, 30)


@dataclass(frozen=True)
class VillageTally:
    """What one village handed in. *eligible* None: unknown.

    *census_allowed*: by tickets, so that answers of all who are eligible are a census.
    """

    code: str
    eligible: int | None
    tally: Tally
    census_allowed: bool = True


@uncollected()
def score_round(
    villages: Sequence[VillageTally],
    values: Sequence[float],
    *,
    audience: str = "mass",
    phi_pool: float | None = None,
    flagged: Collection[str] = frozenset(),
) -> list[SourceScores]:
    """Return the scores of *villages* in their order: one round, audience and questionnaire.

    *values* are the points of the grades, best first. *phi_pool* (0–1) replaces the pooled
    dispersion of dimensions and source; *flagged* names villages that do not feed it. Raises
    `Invalid` where the tallies are not of one questionnaire and these values.
    """
    if not villages:
        return []
    tallies = [village.tally for village in villages]
    _check(tallies, tuple(values))
    found, n = means(tallies, values), ballots(tallies)
    spread = dispersion(
        found,
        n,
        squares(tallies, found, n),
        (min(values), max(values)),
        pool=phi_pool,
        counted=np.array([village.code not in flagged for village in villages]),
    )
    cells = zip(
        villages,
        _items(tallies, found),
        _figures(villages, found, n, spread, tuple(values)),
        _shares(tallies),
        _revalued(tallies, values),
        strict=True,
    )
    return [_source_scores(audience, *of_village) for of_village in cells]


def _check(tallies: Sequence[Tally], values: tuple[float, ...]) -> None:
    if len(values) != GRADES or list(values) != sorted(set(values), reverse=True):
        raise Invalid(N_("The values of the four grades must fall from good to poor."))
    if any(tally.columns != tallies[0].columns or tally.values != values for tally in tallies):
        raise Invalid(N_("Only tallies of the same questionnaire and values can be scored."))


def _figures(
    villages: Sequence[VillageTally],
    found: Means,
    n: Any,
    spread: Dispersion,
    values: tuple[float, ...],
) -> list[list[Score | None]]:
    """Return the figures of every village: one per dimension, then the source."""
    lowest, highest = min(values), max(values)
    f = _answered(villages, n)
    low, high = interval(
        found.values, np.maximum(n, 1), spread.moderated, f, spread.df, lowest, highest
    )
    free_low, free_high = _free_range(villages, found.values, n, (lowest, highest))
    columns = [
        array.tolist()
        for array in (
            found.values, low, high, free_low, free_high, spread.variance, spread.ratio, spread.own,
            spread.moderated, spread.df, f, n, found.present, spread.measured, found.complete(n),
        )
    ]  # fmt: skip
    pools, parts = spread.pool.tolist(), _parts([village.tally for village in villages], found)
    return [
        [
            _score(village.eligible, cells, pool, own_parts, (lowest, highest))
            for cells, pool, own_parts in zip(
                zip(*(column[place] for column in columns), strict=True),
                pools,
                parts[place],
                strict=True,
            )
        ]
        for place, village in enumerate(villages)
    ]


def _answered(villages: Sequence[VillageTally], n: Any) -> Any:
    """Return f, (V, K): the share of all eligible that answered; 0 where that is not known."""
    eligible = _eligible(villages)
    allowed = np.array([village.census_allowed for village in villages])[:, None] & (eligible > 0)
    return np.where(allowed, np.minimum(1.0, n / np.maximum(eligible, 1)), 0.0)


def _eligible(villages: Sequence[VillageTally]) -> Any:
    """Return how many are eligible, (V, 1); 0 where that is not known."""
    return np.array([village.eligible or 0 for village in villages], dtype=float)[:, None]


def _parts(tallies: Sequence[Tally], found: Means) -> list[list[Parts]]:
    """Return for every village and figure the (sum, divisor) of its items.

    They add up to the figure exactly.
    """
    sums = np.stack([tally.pair_sum.diagonal() for tally in tallies])
    divisors = found.answers * found.beside
    member = list(tallies[0].columns.values())
    return [
        _parts_of(*cells, member) for cells in zip(sums.tolist(), divisors.tolist(), strict=True)
    ]


def _parts_of(sums: list[float], divisors: list[int], member: list[tuple[int, ...]]) -> list[Parts]:
    dimensions = [
        tuple((sums[item], divisors[item]) for item in positions if divisors[item])
        for positions in member
    ]
    source = tuple(
        (total, divisor * len(member)) for parts in dimensions for total, divisor in parts
    )
    return [*dimensions, source]


def _score(
    eligible: int | None,
    cells: tuple[Any, ...],
    pool: float,
    parts: Parts,
    bounds: tuple[float, float],
) -> Score | None:
    (
        value, low, high, free_low, free_high, variance, ratio, own, moderated, df, f, n,
        present, measured, whole,
    ) = cells  # fmt: skip
    if not present:
        return None
    return Score(
        value=value,
        n=n,
        eligible=eligible,
        low=low,
        high=high,
        free_low=free_low if eligible else None,
        free_high=free_high if eligible else None,
        variance=variance if n >= 2 else None,
        ratio=ratio if measured else None,
        phi_v=own,
        phi_pool=pool,
        phi=moderated,
        df=df,
        f=f,
        lowest=bounds[0],
        highest=bounds[1],
        incomplete=not whole,
        parts=parts,
    )


def _free_range(
    villages: Sequence[VillageTally], values: Any, n: Any, bounds: tuple[float, float]
) -> tuple[Any, Any]:
    """Return the range, (V, K) twice, that assumes nothing about those who did not answer.

    Meant where the number of eligible is known.
    """
    away = np.maximum(_eligible(villages) - n, 0)
    everybody = np.maximum(n + away, 1)
    low, high = ((n * values + away * bound) / everybody for bound in bounds)
    return np.minimum(low, values), np.maximum(high, values)


def _revalued(tallies: Sequence[Tally], values: Sequence[float]) -> list[dict[int, float | None]]:
    """Return every village's source score if poor were worth each of `WHAT_IF_POOR`."""
    changed = {poor: means(tallies, (*values[:-1], poor)) for poor in WHAT_IF_POOR}
    return [
        {
            poor: float(found.values[place, -1]) if found.present[place, -1] else None
            for poor, found in changed.items()
        }
        for place in range(len(tallies))
    ]


def _source_scores(
    audience: str,
    village: VillageTally,
    items: tuple[ItemScore, ...],
    figures: list[Score | None],
    shares: Shares,
    revalued: dict[int, float | None],
) -> SourceScores:
    tally = village.tally
    return SourceScores(
        code=village.code,
        audience=audience,
        eligible=village.eligible,
        census_allowed=village.census_allowed,
        received=tally.received,
        invalid=tally.invalid,
        valid=tally.valid,
        turnout=tally.received / village.eligible if village.eligible else None,
        shares=shares,
        items=items,
        dimensions=dict(zip(tally.columns, figures[:-1], strict=True)),
        source=figures[-1],
        left_out=tuple(item.position for item in items if item.n == 0),
        poor_at=revalued,
    )


def _items(tallies: Sequence[Tally], found: Means) -> list[tuple[ItemScore, ...]]:
    """Return the scores of every village's items."""
    dimension = {item: name for name, where in tallies[0].columns.items() for item in where}
    places = [(item, dimension[item]) for item in sorted(dimension)]
    counts = np.stack([tally.counts_all for tally in tallies])
    columns = (found.item_values.tolist(), found.answers.tolist(), counts.tolist())
    return [
        tuple(
            ItemScore(
                position=item,
                dimension=name,
                n=n,
                value=value if n else None,
                counts=tuple(cells),
            )
            for (item, name), value, n, cells in zip(places, *village, strict=True)
        )
        for village in zip(*columns, strict=True)
    ]


def _shares(tallies: Sequence[Tally]) -> list[Shares]:
    """Return the shares over the cells of all ballots, also of those invalid for scores."""
    counts = np.stack([tally.counts_all for tally in tallies])
    received = np.array([tally.received for tally in tallies])
    cells = counts.sum(axis=1).tolist()
    everything = (received * counts.shape[1]).tolist()
    unknown = {
        name: zip(
            counts[:, list(where), CELLS.index("unknown")].sum(axis=1).tolist(),
            (received * len(where)).tolist(),
            strict=True,
        )
        for name, where in tallies[0].columns.items()
    }
    return [
        _shares_of(of_village, asked, {name: next(parts) for name, parts in unknown.items()})
        for of_village, asked in zip(cells, everything, strict=True)
    ]


def _shares_of(cells: list[int], asked: int, unknown_in: dict[str, tuple[int, int]]) -> Shares:
    good, fairly_good, average, poor, unknown, blank = cells
    graded = good + fairly_good + average + poor
    return Shares(
        good=_share(good, graded),
        positive=_share(good + fairly_good, graded),
        poor=_share(poor, graded),
        unknown=_share(unknown, asked),
        blank=_share(blank, asked),
        unknown_in={name: _share(*part) for name, part in unknown_in.items()},
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
