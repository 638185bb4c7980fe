"""Ballots in a plain document → every figure to all digits, so that anyone can recompute a result.

The document and the answer are described by docs/schema/method-input.schema.json and
docs/schema/method-output.schema.json; both stay as they are within one format number.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from survey.core import faults
from survey.core.ballot import BLANK, UNKNOWN, to_text
from survey.core.collector import uncollected
from survey.core.errors import Invalid
from survey.core.scores import ItemScore, Score, SourceScores
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import CELLS, GRADES, count
from survey.core.wording import N_

FORMAT = "cunping-method/1"

Position = Annotated[int, Field(ge=0, strict=True)]
Answer = Annotated[int, Field(ge=-2, le=3, strict=True)]
Signs = Annotated[str, Field(pattern=r"^[0-3.\-]+$")]
Points = Annotated[float, Field(allow_inf_nan=False)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VillageBallots(_Frozen):
    """One village."""

    code: Annotated[str, Field(min_length=1)]
    eligible: Annotated[int, Field(ge=0, strict=True)] | None = Field(
        default=None, description="null: unknown, so never a census"
    )
    ballots: list[list[Answer]] | None = Field(
        default=None,
        description="one list per ballot: 0 good, 1 fairly good, 2 average, 3 poor, "
        "-1 unknown, -2 blank",
    )
    signs: list[Signs] | None = Field(
        default=None,
        description="instead of ballots, and read faster: one text per ballot, a sign for "
        "each item: 0 good, 1 fairly good, 2 average, 3 poor, - unknown, . blank",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ballots is None) == (self.signs is None):
            raise ValueError(N_("A village needs either ballots or signs."))
        return self

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        """The ballots in whichever way they are written."""
        return self.ballots or self.signs or ()


class MethodInput(_Frozen):
    """What is to be scored: one audience, any number of dimensions and villages."""

    values: Annotated[list[Points], Field(min_length=4, max_length=4)] = Field(
        description="points of good, fairly good, average, poor; falling"
    )
    dimensions: Annotated[
        list[Annotated[list[Position], Field(min_length=1)]], Field(min_length=1)
    ] = Field(description="item positions of each dimension; every item in exactly one")
    villages: list[VillageBallots]
    phi_pool: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="pooled dispersion to use instead of the villages' own"
    )
    thresholds: list[Points] = Field(
        default=[90, 80, 60], description="scores for which probability and flip count are given"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.values != sorted(set(self.values), reverse=True):
            raise ValueError(N_("The points must fall from good to poor."))
        positions = sorted(position for where in self.dimensions for position in where)
        if positions != list(range(len(positions))):
            raise ValueError(N_("Every item, from 0 on, must be in exactly one dimension."))
        twice = [code for code, n in Counter(one.code for one in self.villages).items() if n > 1]
        if twice:
            raise faults.fault(N_("The village %(code)s is there twice."), code=twice[0])
        for one in self.villages:
            lengths = list(map(len, one.rows))
            wrong = set(lengths) - {len(positions)}
            if wrong:
                ballot = min(lengths.index(length) for length in wrong)
                raise faults.fault(
                    N_(
                        "Ballot %(ballot)d of village %(village)s has %(answers)d answers for"
                        " %(items)d items."
                    ),
                    ballot=ballot,
                    village=one.code,
                    answers=lengths[ballot],
                    items=len(positions),
                )
        return self


class Figure(_Frozen):
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
    at_least: dict[str, float] = Field(description="threshold → P(true score ≥ threshold)")
    flips: dict[str, int | None] = Field(
        description="threshold → forged all-good ballots that would explain it; null: none would"
    )
    flips_about: bool = Field(description="some ballots leave an item out, so flips are about")


class Item(_Frozen):
    """One item; *counts* are over all ballots, the score over valid ones."""

    item: int
    dimension: int
    n: int
    score: float | None
    counts: dict[str, int]


class VillageFigures(_Frozen):
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


class MethodOutput(_Frozen):
    """The answer, in the order of the villages given."""

    format: Literal["cunping-method/1"] = "cunping-method/1"
    values: list[float]
    villages: list[VillageFigures]


def recompute(document: Any) -> dict[str, Any]:
    """Return every figure of *document*, a `MethodInput` as plain JSON, as a `MethodOutput`.

    Raises `Invalid` with the place and the reason of every fault.
    """
    return _answer(_read(document)).model_dump(mode="json")


@uncollected()
def recompute_text(text: str) -> str:
    """Do the same from JSON *text* to JSON text, in less time.

    Raises `json.JSONDecodeError` where it is not JSON, and `Invalid` as `recompute` does.
    """
    try:
        given = MethodInput.model_validate_json(text)
    except ValidationError:
        given = _read(json.loads(text))
    return _answer(given).model_dump_json(indent=1)


def _answer(given: MethodInput) -> MethodOutput:
    values, thresholds = tuple(given.values), given.thresholds
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
    return MethodOutput(
        values=given.values, villages=[_village(scores, thresholds) for scores in scored]
    )


def _read(document: Any) -> MethodInput:
    try:
        return MethodInput.model_validate(document)
    except ValidationError as error:
        raise Invalid(
            N_("This file cannot be scored: %(faults)s. Mend it as docs/method.md describes."),
            faults=faults.of(error),
        ) from error


def _table(village: VillageBallots, items: int) -> NDArray[np.int8]:
    """Return the ballots of *village*, ballots × *items*."""
    if village.signs:
        written = np.frombuffer("".join(village.signs).encode("ascii"), dtype=np.uint8)
        answers = _ANSWERS[written]
    else:
        answers = np.fromiter(chain.from_iterable(village.ballots or ()), dtype=np.int8)
    return answers.reshape(len(village.rows), items)


def _answers_of_signs() -> NDArray[np.int8]:
    """Return which answer each byte stands for, (128), as in `ballot.to_text`."""
    answers = np.full(128, BLANK, dtype=np.int8)
    for answer in (*range(GRADES), UNKNOWN, BLANK):
        answers[ord(to_text((answer,)))] = answer
    return answers


_ANSWERS = _answers_of_signs()


def _village(scores: SourceScores, thresholds: list[float]) -> VillageFigures:
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


def _figure(score: Score | None, thresholds: list[float]) -> Figure | None:
    if score is None:
        return None
    flips = {least: score.flips(least) for least in thresholds}
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
        at_least={f"{least:g}": score.probability_at_least(least) for least in thresholds},
        flips={f"{least:g}": found and found.count for least, found in flips.items()},
        flips_about=score.incomplete,
    )
