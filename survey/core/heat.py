"""Villages × dimensions × source as a map of coloured cells, every cell with its number.

Made of released figures and the groups' points. An order of villages is no rank: the ranges of
neighbours overlap (docs/method.md, “Groups”).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.core.errors import Invalid
from survey.core.evaluation import DIMENSIONS, Consensus
from survey.core.release import ReleasedScore, ReleasedSource, ReleasedVillage
from survey.core.wording import N_, Sentence, say

SOURCES = ("mass", "self", "organisational")
WHOLE = "source"
"""Stands for a dimension where all four are meant."""
COLUMNS = tuple(f"{part}.{source}" for part in (*DIMENSIONS, WHOLE) for source in SOURCES)
STEPS = 6
"""Steps of colour from the lowest to the highest score of the scale."""
PLACES = ("group", "township")

_NOT_ASKED = N_("This round did not ask them.")
_NO_POINTS = N_("The group has no consensus yet.")


@dataclass(frozen=True)
class Cell:
    """One score: *value* in points, as it is written with its range and n, and its colour's *step*.

    *value* None: not shown, and *why* says so. *low* and *high* are "" where there is no range.
    """

    value: float | None = None
    text: str = ""
    low: str = ""
    high: str = ""
    n: int | None = None
    step: int = 0
    why: Sentence | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One village of the map, its *cells* by column."""

    code: str
    name: str
    township: str
    group: str
    cells: Mapping[str, Cell] = field(default_factory=dict)


def cells(
    shown: ReleasedVillage | None,
    consensus: Consensus | None,
    ends: tuple[float, float],
    hidden: Sentence | None = None,
) -> dict[str, Cell]:
    """Return the cells of one village by column; *ends* of the scale in points.

    Where *shown* is None its scores are *hidden* for that reason.
    """
    found = {}
    for part in (*DIMENSIONS, WHOLE):
        found[f"{part}.mass"] = _scored(shown.mass if shown else None, part, ends, hidden)
        found[f"{part}.self"] = _scored(shown.self_ if shown else None, part, ends, hidden)
        found[f"{part}.organisational"] = _given(_points(consensus, part), ends)
    return found


def _points(consensus: Consensus | None, part: str) -> float | None:
    if consensus is None:
        return None
    given: Mapping[str, float] = dict(consensus.points.items())
    return consensus.score if part == WHOLE else given.get(part)


def _given(points: float | None, ends: tuple[float, float]) -> Cell:
    if points is None:
        return Cell(why=say(_NO_POINTS))
    return Cell(points, f"{points:.1f}".removesuffix(".0"), step=step(points, ends))


def _scored(
    scores: ReleasedSource | None,
    part: str,
    ends: tuple[float, float],
    hidden: Sentence | None,
) -> Cell:
    if scores is None:
        return Cell(why=hidden or say(_NOT_ASKED))
    score = scores.source if part == WHOLE else scores.dimensions.get(part)
    return Cell(why=scores.withheld.get(part)) if score is None else _cell(score, ends)


def _cell(score: ReleasedScore, ends: tuple[float, float]) -> Cell:
    return Cell(
        value=score.value,
        text=score.text,
        low=score.low_text,
        high=score.high_text,
        n=score.n,
        step=step(score.value, ends),
    )


def step(value: float, ends: tuple[float, float]) -> int:
    """Return the step of colour of *value*, 1 (lowest) to `STEPS`."""
    lowest, highest = ends
    return min(max(int((value - lowest) / (highest - lowest) * STEPS + 1e-9), 0), STEPS - 1) + 1


def legend(ends: tuple[float, float]) -> list[tuple[int, float, float]]:
    """Return every step of colour with the points from which to which it goes."""
    width = (ends[1] - ends[0]) / STEPS
    return [
        (number + 1, ends[0] + number * width, ends[0] + (number + 1) * width)
        for number in range(STEPS)
    ]


def arrange(
    lines: Sequence[Line], column: str = "", *, falling: bool = False, by: str = ""
) -> list[Line]:
    """Return *lines* by *column* (none: by code), those of one group or township together.

    What is not shown comes last. Raises `Invalid` for a column or a place that there is not.
    """
    if column not in ("", "name", *COLUMNS) or by not in ("", *PLACES):
        raise Invalid(N_("The map cannot be sorted or grouped by that."))
    found = sorted(lines, key=lambda line: line.code)
    if column == "name":
        found.sort(key=lambda line: line.name, reverse=falling)
    elif column:
        given = [line for line in found if line.cells[column].value is not None]
        given.sort(key=lambda line: line.cells[column].value or 0.0, reverse=falling)
        found = given + [line for line in found if line.cells[column].value is None]
    if by:
        found.sort(key=lambda line: getattr(line, by))
    return found


def reasons(lines: Sequence[Line]) -> list[Sentence]:
    """Return why cells of *lines* are not shown, each reason once, in the order of the cells."""
    found: list[Sentence] = []
    for line in lines:
        for cell in line.cells.values():
            if cell.why is not None and cell.why not in found:
                found.append(cell.why)
    return found
