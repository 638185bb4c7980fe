"""Plots as SVG, the same bytes for the same figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#7f7f7f")
MARKS = "osD^vPX*"
_SETTINGS = {
    "svg.hashsalt": "cunping",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 9,
}


def panels(number: int, *, height: float = 3.6) -> tuple[Figure, list[Any]]:
    """Return a figure with *number* empty axes side by side."""
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(max(3.6 * number, 5.2), height), layout="constrained")
        return figure, list(figure.subplots(1, number, squeeze=False)[0])


def lines(
    axes: Any, x: Sequence[float], series: Mapping[str, Sequence[float | None]], *, title: str = ""
) -> None:
    """Draw each of *series* over *x*; None leaves a point out."""
    for place, (name, values) in enumerate(series.items()):
        known = [(a, b) for a, b in zip(x, values, strict=True) if b is not None]
        axes.plot(
            *zip(*known, strict=True), label=name, linewidth=1.2, markersize=4,
            color=COLOURS[place % len(COLOURS)], marker=MARKS[place % len(MARKS)],
        )  # fmt: skip
    axes.set_title(title, fontsize=9)


def ballots(axes: Any, numbers: Sequence[int]) -> None:
    """Make the x axis one of ballots, each doubling as wide as the next."""
    axes.set_xscale("log")
    axes.set_xticks(numbers, [str(number) for number in numbers])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("ballots")


def bars(
    axes: Any, groups: Sequence[str], series: Mapping[str, Sequence[float]], *, title: str = ""
) -> None:
    """Draw a bar of each of *series* in each of *groups*."""
    width = 0.8 / len(series)
    for place, (name, values) in enumerate(series.items()):
        left = [group + (place - (len(series) - 1) / 2) * width for group in range(len(groups))]
        axes.bar(left, values, width, label=name, color=COLOURS[place])
    axes.set_xticks(range(len(groups)), groups, rotation=30, ha="right")
    axes.set_title(title, fontsize=9)


def level(axes: Any, *shares: float) -> None:
    """Draw a thin line across at each of *shares*."""
    for one in shares:
        axes.axhline(one, color="#999999", linewidth=0.8, linestyle=":", zorder=0)


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write *figure* to *folder* as *name*.svg."""
    with matplotlib.rc_context(_SETTINGS):
        figure.savefig(
            folder / f"{name}.svg", format="svg", facecolor="white",
            metadata={"Date": None, "Creator": None},
        )  # fmt: skip
