"""The released figures of a round for other programs: a ZIP of CSV files, or one JSON document.

Both hold the tables of `reports.figures` and stay as they are within one format number;
docs/schema/export.schema.json describes the JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from functools import partial
from io import StringIO
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from survey.core.inert import inert
from survey.core.policy import Policy
from survey.reports.figures import Cell, Table

FORMAT: Literal["cunping-export/1"] = "cunping-export/1"
VERSION = FORMAT.replace("/", "-")
"""Begins the name of every file of this format."""

Rating = Literal["good", "fairly_good", "average", "poor"]
Source = Literal["mass", "self", "organisational"]
Dimension = Literal["investigation", "measures", "effects", "responsibility", "all"]
YesNo = Literal["yes", "no"]
Points = float | None
Words = str | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RoundPart(_Strict):
    """Which round it is, in the words of the office; days as YYYY-MM-DD."""

    slug: str
    title: str
    office: str
    sealed_on: str
    made_on: str
    audit_head: str = Field(description="Head of the audit log when the file was made.")


class _Place(_Strict):
    code: str
    township: str
    village: str


class VillageLine(_Place):
    """One village: composite in points, suggestion, and the decision once it is locked."""

    group: str
    composite: Points
    bound: Literal["≥", "≤", "≈"] | None = Field(description="The composite is only a bound.")
    low: Points
    high: Points
    suggestion: Rating | None
    strength: Literal["clear", "borderline", "undecided"] | None
    decision: Rating | None
    state: Literal["locked", "open"] | None = Field(description="Signatures under the rating.")


class ScoreLine(_Place):
    """One score in points with its 95 % limits; null with the reason where it is withheld."""

    source: Source
    dimension: Dimension
    score: Points
    bound: Literal["≥", "≤"] | None
    low: Points
    high: Points
    n: int | None
    received: int | None
    eligible: int | None
    why_not: Words


class DistributionLine(_Place):
    """How one item was graded, in fives; a share such as “≥ 90%” where nearly all agree."""

    source: Source
    dimension: Dimension
    item: str
    score: Words
    good: int | str | None
    fairly_good: int | str | None
    average: int | str | None
    poor: int | str | None
    unknown: int | str | None
    blank: int | str | None
    why_not: Words


class GapLine(_Place):
    """Self-evaluation minus mass evaluation in points, with 95 % limits."""

    dimension: Dimension
    gap: float
    low: float
    high: float
    notable: YesNo


class FlagLine(_Place):
    """Whether one screen raised a flag; a flag asks people to look and changes no score."""

    source: Source
    screen: str
    raised: YesNo


class OverrideLine(_Place):
    """A locked decision that differs from the suggestion, with its reason."""

    group: str
    suggestion: Rating | None
    decision: Rating
    reason: str
    lead: str
    countersigner: str


class ExtraLine(_Place):
    """One answer to a question that is not graded: counts in fives."""

    source: Source
    question: str
    answer: Words
    count: int | None
    share: Words
    n: int | None
    why_not: Words


class Export(_Strict):
    """Everything released of one round, as far as who fetched it may see."""

    format: Literal["cunping-export/1"]
    round: RoundPart
    policy: Policy
    villages: list[VillageLine]
    scores: list[ScoreLine]
    distributions: list[DistributionLine]
    gaps: list[GapLine]
    flags: list[FlagLine]
    overrides: list[OverrideLine]
    extras: list[ExtraLine] = []


def as_json(about: RoundPart, policy: Policy, tables: Sequence[Table]) -> bytes:
    """Return the document in UTF-8, checked against the schema."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "round": about.model_dump(),
        "policy": policy.model_dump(mode="json"),
        **{table.key: list(_whole(table)) for table in tables},
    }
    Export.model_validate(document)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _whole(table: Table) -> Iterator[dict[str, Cell]]:
    for line in table.lines:
        yield {column.key: line.get(column.key) for column in table.columns}


def as_csv(table: Table) -> bytes:
    """Return *table* as UTF-8 with a BOM, lines ending in CR LF (RFC 4180).

    Without the BOM a Chinese Excel takes the file for GB18030 and shows rubbish; programs read it
    as “utf-8-sig”. Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = StringIO(newline="")
    writer = csv.DictWriter(out, [column.key for column in table.columns])
    writer.writeheader()
    for line in _whole(table):
        writer.writerow(
            {key: inert(value) if isinstance(value, str) else value for key, value in line.items()}
        )
    return out.getvalue().encode("utf-8-sig")


def csv_files(tables: Sequence[Table]) -> list[tuple[str, partial[bytes]]]:
    """Return name and maker of one CSV file for each of *tables*."""
    return [(f"{VERSION}-{table.key}.csv", partial(as_csv, table)) for table in tables]
