"""The empty sheet: matplotlib, its one font, text and boxes placed in pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from survey.reports.charts.values import Theme, Width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

PIXELS: dict[Width, int] = {"wide": 560, "narrow": 336}
INK: dict[Theme, str] = {"light": "#1d2126", "dark": "#e6e8eb"}
QUIET: dict[Theme, str] = {"light": "#c9ced4", "dark": "#4a5059"}
LINE = 17
UNKNOWN = "〓"
PRINT = 200
"""Dots to an inch of a picture in a document, where a pixel is a point."""
FAMILIES = ("Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
SMALL = 11.0
TEXT = 12.5

drawing = Lock()
"""Held while anything is drawn: matplotlib's caches are not made for several threads."""


@cache
def _library() -> Any:
    """Import matplotlib on first use and set what every drawing needs."""
    import matplotlib

    matplotlib.rcParams.update(
        {
            "text.parse_math": False,
            "axes.unicode_minus": False,
            "font.sans-serif": ["Arial"],
            "svg.fonttype": "none",
            "svg.hashsalt": "cunping",
            "hatch.linewidth": 0.8,
        }
    )
    return matplotlib


@cache
def _font(size: float) -> FontProperties:
    _library()
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FAMILIES, fname=str(font_path()), size=size)


def font_path() -> Path:
    """Return where zhplot keeps Noto Sans SC."""
    spec = find_spec("zhplot")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("zhplot, which holds Noto Sans SC, is not installed")
    return next(Path(spec.origin).parent.rglob("NotoSansSC-Regular.ttf"))


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty figure of so many pixels, and its axes: x to the right, y downwards."""
    _library()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    return figure, axes


def svg(figure: Figure) -> bytes:
    """Return *figure* as SVG, the same bytes for the same content."""
    out = BytesIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def png(figure: Figure) -> bytes:
    """Return *figure* as PNG on white, for documents that take no SVG.

    Here nobody's own fonts stand in: a sign that ours lacks is 〓, as on printed papers.
    """
    from matplotlib.text import Text

    for written in figure.findobj(Text):
        written.set_text(_in_font(written.get_text()))
    out = BytesIO()
    figure.savefig(out, format="png", dpi=PRINT, facecolor="white", metadata={"Software": None})
    return out.getvalue()


def _in_font(words: str) -> str:
    known = _signs()
    return "".join(sign if sign == "\n" or ord(sign) in known else UNKNOWN for sign in words)


@cache
def _signs() -> frozenset[int]:
    """Return the signs that our font has."""
    from matplotlib.font_manager import get_font

    return frozenset(get_font(str(font_path())).get_charmap())


def text(
    axes: Axes, x: float, y: float, words: str, colour: str, size: float = TEXT, **place: Any
) -> None:
    """Write *words* at a place; *place* says how they are aligned to it."""
    axes.text(x, y, words, color=colour, fontproperties=_font(size), **place)


def write(axes: Axes, x: float, top: float, lines: Sequence[str], colour: str) -> float:
    """Write *lines* below each other from *top* on, and return where they end."""
    for line in lines:
        text(axes, x, top + LINE / 2, line, colour, va="center")
        top += LINE
    return top


def rectangle(
    x: float, y: float, wide: float, high: float, fill: str, edge: str, *, dashed: bool = False
) -> Any:
    """Return a box with its upper left corner at a place."""
    from matplotlib.patches import Rectangle

    style = "--" if dashed else "-"
    return Rectangle(
        (x, y), wide, high, facecolor=fill, edgecolor=edge, linewidth=0.7, linestyle=style
    )


def legend(names: Sequence[str], right: float) -> list[tuple[float, float, str]]:
    """Place *names* from left to right, on as many lines as they need: x, y, name."""
    places: list[tuple[float, float, str]] = []
    x, y = 0.0, 2.0
    for name in names:
        wide = 17 + _length(name, SMALL) + 14
        if x and x + wide > right:
            x, y = 0.0, y + LINE
        places.append((x, y, name))
        x += wide
    return places


def legend_lines(names: Sequence[str], right: float) -> int:
    """Return how many lines `legend` needs."""
    return len({y for _, y, _ in legend(names, right)})


def _length(words: str, size: float) -> float:
    """Return about how many pixels *words* take."""
    return sum(size * (1 if _is_wide(letter) else 0.58) for letter in words)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def wrap(words: str, width: float, size: float) -> list[str]:
    """Cut *words* into lines of at most *width* pixels: at spaces, or after any Chinese sign."""
    lines = [""]
    for piece in _pieces(words):
        if lines[-1] and _length((lines[-1] + piece).rstrip(), size) > width:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return [line.rstrip() for line in lines]


def _pieces(words: str) -> list[str]:
    pieces = [""]
    for letter in words:
        if _is_wide(letter) and letter not in "，。？！；：、）”":
            pieces.append(letter)
        else:
            pieces[-1] += letter
            if letter == " ":
                pieces.append("")
    return [piece for piece in pieces if piece]
