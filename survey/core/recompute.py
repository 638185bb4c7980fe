"""Ballots in a plain document → every figure to all digits, so that anyone can recompute a result.

The document and the answer are described by docs/schema/method-input.schema.json and
docs/schema/method-output.schema.json; both stay as they are within one format number.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, with_config
from typing_extensions import TypedDict

from survey.core.ballot_file import MethodInput, VillageBallots, read, read_text
from survey.core.collector import uncollected
from survey.core.scores import ItemScore, Score, SourceScores
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import CELLS, Numbers, count

_WHOLE = ConfigDict(extra="forbid")


@with_config(_WHOLE)
class Figure(TypedDict):
    """A dimension's or the source's score, in points, with all that its interval is made of."""

    score: float
    n: int
    low: float
    high: float
    free_low: float | None
    free_high: float | None
    s2: float | None
    R: float | None
    phi_v: float
    phi_pool: float
    phi: float
    df: int
    f: float
    at_least: Annotated[
        dict[str, float], Field(description="threshold → P(true score ≥ threshold)")
    ]
    flips: Annotated[
        dict[str, int | None],
        Field(
            description="threshold → forged all-good ballots that would explain it; null: none"
            " would"
        ),
    ]
    flips_about: Annotated[
        bool, Field(description="some ballots leave an item out, so flips are about")
    ]


@with_config(_WHOLE)
class Item(TypedDict):
    """One item; *counts* are over all ballots, the score over valid ones."""

    item: int
    dimension: int
    n: int
    score: float | None
    counts: dict[str, int]


@with_config(_WHOLE)
class VillageFigures(TypedDict):
    """Every figure of one village; null where there is no answer."""

    code: str
    eligible: int | None
    received: int
    invalid: int
    valid: int
    turnout: float | None
    good_share: float | None
    positive_share: float | None
    poor_share: float | None
    unknown_share: float | None
    blank_share: float | None
    items: list[Item]
    left_out: list[int]
    dimensions: list[Figure | None]
    source: Figure | None


class MethodOutput(BaseModel):
    """The answer, in the order of the villages given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["cunping-method/1"] = "cunping-method/1"
    values: list[float]
    villages: list[VillageFigures]


@uncollected()
def recompute(document: Any) -> dict[str, Any]:
    """Return every figure of *document*, a `MethodInput` as plain JSON, as a `MethodOutput`.

    Raises `Invalid` with the place and the reason of every fault.
    """
    return _answer(read(document)).model_dump(mode="json")


@uncollected()
def recompute_text(text: str) -> str:
    """Do the same from JSON *text* to JSON text, in less time.

    Raises `json.JSONDecodeError` where it is not JSON, and `Invalid` as `recompute` does.
    """
    return _answer(read_text(text)).model_dump_json(indent=1)


def _answer(given: MethodInput) -> MethodOutput:
    values, thresholds = tuple(given.values), {f"{least:g}": least for least in given.thresholds}
    columns = {str(place): tuple(where) for place, where in enumerate(given.dimensions)}
    items = sum(map(len, given.dimensions))
    scored = score_round(
        [
            VillageTally(
                village.code, village.eligible, count(_table(village, items), columns, values)
            )
            for village in given.villages
        ],
        values,
        phi_pool=given.phi_pool,
    )
    return MethodOutput.model_construct(
        values=given.values, villages=[_village(scores, thresholds) for scores in scored]
    )


def _table(village: VillageBallots, items: int) -> Numbers:
    """Return the ballots of *village*, ballots × *items*."""
    return village.answers.reshape(len(village.rows), items)


def _village(scores: SourceScores, thresholds: dict[str, float]) -> VillageFigures:
    shares = scores.shares
    return VillageFigures(
        code=scores.code,
        eligible=scores.eligible,
        received=scores.received,
        invalid=scores.invalid,
        valid=scores.valid,
        turnout=scores.turnout,
        good_share=shares.good,
        positive_share=shares.positive,
        poor_share=shares.poor,
        unknown_share=shares.unknown,
        blank_share=shares.blank,
        items=[_item(item) for item in scores.items],
        left_out=list(scores.left_out),
        dimensions=[_figure(score, thresholds) for score in scores.dimensions.values()],
        source=_figure(scores.source, thresholds),
    )


def _item(item: ItemScore) -> Item:
    counts = item.counts or ()
    return Item(
        item=item.position,
        dimension=int(item.dimension),
        n=item.n or 0,
        score=item.value,
        counts={cell: number or 0 for cell, number in zip(CELLS, counts, strict=True)},
    )


def _figure(score: Score | None, thresholds: dict[str, float]) -> Figure | None:
    if score is None:
        return None
    flips = {name: score.flips(least) for name, least in thresholds.items()}
    return Figure(
        score=score.value,
        n=score.n,
        low=score.low,
        high=score.high,
        free_low=score.free_low,
        free_high=score.free_high,
        s2=score.variance,
        R=score.ratio,
        phi_v=score.phi_v,
        phi_pool=score.phi_pool,
        phi=score.phi,
        df=score.df,
        f=score.f,
        at_least={name: score.probability_at_least(least) for name, least in thresholds.items()},
        flips={name: found.count if found else None for name, found in flips.items()},
        flips_about=score.incomplete,
    )
