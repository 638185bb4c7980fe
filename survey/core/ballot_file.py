"""A file of ballots, checked: what `recompute` scores (docs/schema/method-input.schema.json)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError, model_validator

from survey.core import faults
from survey.core.ballot import BLANK, UNKNOWN, to_text
from survey.core.errors import Invalid
from survey.core.tallies import GRADES
from survey.core.wording import N_

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

    @cached_property
    def answers(self) -> NDArray[np.int8]:
        """All answers, one ballot after the other."""
        if self.signs:
            return _ANSWERS[np.frombuffer("".join(self.signs).encode("ascii"), dtype=np.uint8)]
        return np.fromiter(chain.from_iterable(self.ballots or ()), dtype=np.int8)


class MethodInput(_Frozen):
    """What is to be scored: one audience, any number of dimensions and villages."""

    values: Annotated[list[Points], Field(min_length=4, max_length=4)] = Field(
        description="points of good, fairly good, average, poor; falling"
    )
    dimensions: Annotated[
        list[Annotated[list[Position], Field(min_length=1)]], Field(min_length=1)
    ] = Field(description="item positions of each dimension; every item in exactly one")
    villages: tuple[VillageBallots, ...]
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


def _answers_of_signs() -> NDArray[np.int8]:
    """Return which answer each byte stands for, (128), as in `ballot.to_text`."""
    answers = np.full(128, BLANK, dtype=np.int8)
    for answer in (*range(GRADES), UNKNOWN, BLANK):
        answers[ord(to_text((answer,)))] = answer
    return answers


_ANSWERS = _answers_of_signs()


class _UnboundedVillage(VillageBallots):
    """A village whose answers are looked at all together, not one by one."""

    ballots: list[list[StrictInt]] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.answers.size and not BLANK <= self.answers.min() <= self.answers.max() < GRADES:
            raise ValueError
        return self


class _Unbounded(MethodInput):
    """What is accepted sooner; where it is not, `MethodInput` tells every fault."""

    villages: tuple[_UnboundedVillage, ...]


def read(document: Any) -> MethodInput:
    """Return the plain *document* checked; raises `Invalid` with the place of every fault."""
    try:
        return MethodInput.model_validate(document)
    except ValidationError as error:
        raise Invalid(
            N_("This file cannot be scored: %(faults)s. Mend it as docs/method.md describes."),
            faults=faults.of(error),
        ) from error


def read_text(text: str) -> MethodInput:
    """Do the same from JSON *text*, in less time.

    Raises `json.JSONDecodeError` where it is not JSON, and `Invalid` as `read` does.
    """
    try:
        return _Unbounded.model_validate_json(text)
    except (ValidationError, OverflowError):
        return read(json.loads(text))
