"""A dot plot: each dimension's score by source with its interval, on one axis in points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from survey.reports.charts.canvas import (
    INK,
    LINE,
    PIXELS,
    QUIET,
    SMALL,
    canvas,
    drawing,
    legend,
    legend_lines,
    png,
    svg,
    text,
)
from survey.reports.charts.values import Dot, Dots, Row, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: dict[Theme, tuple[str, ...]] = {
    "light": ("#1f5f8b", "#8a5a00", "#3b4046"),
    "dark": ("#7db8e0", "#e0b354", "#d5d9de"),
}
"""Mass, self, organisational; each has a mark of its own too."""
MARKS = ("o", "s", "D")


@lru_cache(maxsize=512)
def dots(chart: Dots) -> bytes:
    """Return *chart* as SVG."""
    with drawing:
        return svg(_draw(chart))


def dots_picture(chart: Dots) -> bytes:
    """Return *chart* as PNG, for documents."""
    with drawing:
        return png(_draw(chart))


def _draw(chart: Dots) -> Figure:
    right = PIXELS[chart.width]
    left = 168 if chart.width == "wide" else 8
    step = 16 * len(chart.names)
    own_line = 0 if chart.width == "wide" else LINE
    top = 8 + LINE * legend_lines(chart.names, right) + 2 * LINE
    height = top + len(chart.rows) * (step + 14 + own_line) + 26
    scale = _Scale(chart.lowest, chart.highest, left, right - 62)
    figure, axes = canvas(right, height)
    _names(axes, chart, right)
    _grid(axes, chart, scale, top, height - 24)
    for row in chart.rows:
        _row(axes, chart, row, scale, top, own_line)
        top += step + 14 + own_line
    return figure


@dataclass(frozen=True)
class _Scale:
    lowest: float
    highest: float
    left: float
    right: float

    def at(self, points: float) -> float:
        share = (points - self.lowest) / (self.highest - self.lowest)
        return self.left + share * (self.right - self.left)


def _names(axes: Axes, chart: Dots, right: float) -> None:
    for number, (x, y, name) in enumerate(legend(chart.names, right)):
        _mark(axes, x + 6, y + 7, number, chart.theme)
        text(axes, x + 17, y + 7.5, name, INK[chart.theme], SMALL, va="center")


def _grid(axes: Axes, chart: Dots, scale: _Scale, top: float, bottom: float) -> None:
    for points in {chart.lowest, chart.highest, *(mark for mark, _ in chart.marks)}:
        x = scale.at(points)
        axes.plot([x, x], [top - 2 * LINE, bottom], color=QUIET[chart.theme], linewidth=0.8)
        text(axes, x, bottom + 10, f"{points:g}", INK[chart.theme], SMALL, ha="center", va="center")
    for number, (points, name) in enumerate(chart.marks):
        above = 8 + LINE * (number % 2)
        text(axes, scale.at(points) + 3, top - above, name, INK[chart.theme], SMALL, va="center")


def _row(axes: Axes, chart: Dots, row: Row, scale: _Scale, top: float, own_line: float) -> None:
    middle = top + own_line + 7 + 8 * len(row.dots)
    label_at = middle if own_line == 0 else top + 4 + LINE / 2
    text(axes, 0, label_at, row.label, INK[chart.theme], va="center")
    for number, dot in enumerate(row.dots):
        if dot is not None:
            _dot(axes, dot, number, chart.theme, scale, top + own_line + 15 + 16 * number)


def _dot(axes: Axes, dot: Dot, number: int, theme: Theme, scale: _Scale, y: float) -> None:
    colour = COLOURS[theme][number]
    if dot.low is not None and dot.high is not None:
        ends = [scale.at(dot.low), scale.at(dot.high)]
        axes.plot(ends, [y, y], color=colour, linewidth=2.2, solid_capstyle="butt", alpha=0.6)
    _mark(axes, scale.at(dot.value), y, number, theme)
    text(axes, scale.right + 14, y, dot.text, colour, SMALL, va="center")


def _mark(axes: Axes, x: float, y: float, number: int, theme: Theme) -> None:
    colour = COLOURS[theme][number]
    axes.plot([x], [y], marker=MARKS[number], color=colour, markersize=6, linestyle="none")
