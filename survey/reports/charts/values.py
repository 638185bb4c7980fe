"""What a chart shows, as frozen values: the words are translated, the figures released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
Width = Literal["wide", "narrow"]


@dataclass(frozen=True)
class Bar:
    """One item: its words, and how many graded it how, best first, then unknown and blank.

    Where they may not be shown, *counts* is `None` and *note* says why; or *majority* is the grade
    that nearly all gave, and *note* how large its share is at least.
    """

    label: str
    counts: tuple[int, ...] | None
    note: str = ""
    majority: int | None = None


@dataclass(frozen=True)
class Distribution:
    """Stacked bars, one for each item, and what the (first) colours are called."""

    bars: tuple[Bar, ...]
    names: tuple[str, ...]
    theme: Theme = "light"
    width: Width = "wide"


@dataclass(frozen=True)
class Dot:
    """One figure in points with its interval, if it has one, and how it is written."""

    value: float
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of a dot plot: a dot for each source, `None` where there is no figure."""

    label: str
    dots: tuple[Dot | None, ...]


@dataclass(frozen=True)
class Dots:
    """Rows of dots on one axis in points. *marks* are lines to read against: points, name."""

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    lowest: float
    highest: float
    marks: tuple[tuple[float, str], ...] = ()
    theme: Theme = "light"
    width: Width = "wide"
