"""Stacked bars: how each item was graded, in one order and the same colours everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from survey.reports.charts.canvas import (
    INK,
    LINE,
    PIXELS,
    QUIET,
    SMALL,
    TEXT,
    canvas,
    drawing,
    legend,
    legend_lines,
    png,
    rectangle,
    svg,
    text,
    wrap,
    write,
)
from survey.reports.charts.values import Bar, Distribution, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: dict[Theme, tuple[str, ...]] = {
    "light": ("#1b6e53", "#6fae8f", "#e0b354", "#b5452c", "#8a8f98", "none"),
    "dark": ("#2b8f6d", "#86c9a9", "#e6bd66", "#cf6247", "#757b85", "none"),
}
"""Good, fairly good, average, poor, unknown, blank: in this order everywhere."""
HATCHES = ("", "", "//", "xx", "..", "")
"""What tells them apart without colour: the two best are dark and lighter, the others hatched."""
MAJORITY = 0.9


@lru_cache(maxsize=512)
def distribution(chart: Distribution) -> bytes:
    """Return *chart* as SVG."""
    with drawing:
        return svg(_draw(chart))


def distribution_picture(chart: Distribution) -> bytes:
    """Return *chart* as PNG, for documents."""
    with drawing:
        return png(_draw(chart))


def _draw(chart: Distribution) -> Figure:
    right = PIXELS[chart.width]
    labels = [wrap(bar.label, right, TEXT) for bar in chart.bars]
    top = float(8 + LINE * legend_lines(chart.names, right))
    height = top + sum(len(lines) * LINE + 34 for lines in labels) + 4
    figure, axes = canvas(right, height)
    _names(axes, chart, right)
    for bar, lines in zip(chart.bars, labels, strict=True):
        top = write(axes, 0, top, lines, INK[chart.theme])
        _bar(axes, bar, chart.theme, top, right)
        top += 34
    return figure


def _bar(axes: Axes, bar: Bar, theme: Theme, top: float, right: float) -> None:
    if bar.counts and sum(bar.counts):
        _segments(axes, bar.counts, theme, top, right)
    elif bar.majority is not None:
        _majority(axes, bar.majority, bar.note, theme, top, right)
    else:
        text(axes, 0, top + 11, bar.note, INK[theme], SMALL, va="center")


def _segments(axes: Axes, counts: Sequence[int], theme: Theme, top: float, right: float) -> None:
    start, total = 0.5, sum(counts)
    for place, count in enumerate(counts):
        wide = (right - 1) * count / total
        if wide:
            number = str(count) if wide > 24 else ""
            _segment(axes, start, wide, place, number, theme, top)
        start += wide


def _majority(axes: Axes, place: int, note: str, theme: Theme, top: float, right: float) -> None:
    """Draw the least that *place* can have, and leave the rest open."""
    wide = (right - 1) * MAJORITY
    axes.add_patch(rectangle(0.5, top + 2, right - 1, 20, "none", QUIET[theme], dashed=True))
    _segment(axes, 0.5, wide, place, note, theme, top)


def _segment(
    axes: Axes, start: float, wide: float, place: int, words: str, theme: Theme, top: float
) -> None:
    colour = COLOURS[theme][place]
    ink = INK[theme] if colour == "none" else _ink_on(colour)
    free = 9.0 * len(words)
    _fill(axes, start, top + 2, wide, 20, place, theme)
    _hatch(axes, start, top + 2, (wide - free) / 2, 20, place, theme)
    _hatch(axes, start + (wide + free) / 2, top + 2, (wide - free) / 2, 20, place, theme)
    text(axes, start + wide / 2, top + 12, words, ink, SMALL, ha="center", va="center")


def _fill(
    axes: Axes, x: float, y: float, wide: float, high: float, place: int, theme: Theme
) -> None:
    colour = COLOURS[theme][place]
    edge = QUIET[theme] if colour == "none" else colour
    axes.add_patch(rectangle(x, y, wide, high, colour, edge))


def _hatch(
    axes: Axes, x: float, y: float, wide: float, high: float, place: int, theme: Theme
) -> None:
    """Hatch a part of a box, so that the number in its middle stays readable."""
    if HATCHES[place] and wide > 0:
        hatched = rectangle(x, y, wide, high, "none", _ink_on(COLOURS[theme][place]))
        hatched.set(hatch=HATCHES[place], linewidth=0, alpha=0.55)
        axes.add_patch(hatched)


def _names(axes: Axes, chart: Distribution, right: float) -> None:
    for place, (x, y, name) in enumerate(legend(chart.names, right)):
        _fill(axes, x + 1, y + 2, 10, 10, place, chart.theme)
        _hatch(axes, x + 1, y + 2, 10, 10, place, chart.theme)
        text(axes, x + 17, y + 7.5, name, INK[chart.theme], SMALL, va="center")


def _ink_on(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 125 else "#16191d"
