"""A sheet of A4: the font, folding and fitting of text, rules. Lengths in mm, sizes in pt.

The font is Noto Sans SC (SIL Open Font License) as the package zhplot ships it: it knows the rare
characters of place names. What it does not know is printed as 〓, the printers' sign for a missing
character, so that somebody sees it and mends it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from survey.core.errors import Missing
from survey.core.wording import N_

if TYPE_CHECKING:
    from fpdf.fonts import TTFFont

WIDTH = 210.0
HEIGHT = 297.0

INK = (28, 32, 36)
SOFT = (92, 100, 108)
FAINT = (176, 182, 188)
ACCENT = (31, 95, 139)

MISSING_CHARACTER = "〓"
MM_PER_POINT = 25.4 / 72
LEADING = 1.36

_FONT = "noto"
_ASCENT = 0.88
_OPENING = "（“‘《〈「『【("
_CLOSING = "，。；：、！？）”’》〉」』】…·,.;:!?)"
_SIGN = re.compile(rf".[{_CLOSING}]*\s*")
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-.0-~À-ɏ–—]+/*|.)[{_CLOSING}]*\s*", re.DOTALL)

Colour = tuple[int, int, int]


@cache
def font_path() -> Path:
    """Return where the font lies; raises `Missing` when its package is not installed."""
    package = find_spec("zhplot")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        path = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if path.is_file():
            return path
    raise Missing(N_("The font for printing is missing. Install the requirements again."))


class _Signs(dict[int, str]):
    """What each sign is printed as; found out when a sign is first met."""

    def __init__(self, glyphs: Container[int]) -> None:
        self._glyphs = glyphs

    def __missing__(self, code: int) -> str:
        if unicodedata.category(chr(code)) == "Cf":
            self[code] = ""
        else:
            self[code] = chr(code) if code in self._glyphs else MISSING_CHARACTER
        return self[code]


class Paper:
    """A document that grows page by page. *mark* is a word that every page carries at its top."""

    def __init__(self, title: str, language: str, mark: str = "") -> None:
        from fpdf import FPDF  # a process that serves respondents has no use for it

        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font(_FONT, fname=font_path())
        self._font = cast("TTFFont", self.pdf.fonts[_FONT])
        self._signs = _Signs(self._font.cmap)
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.mark = mark

    def add_page(self) -> None:
        """Begin a new page."""
        self.pdf.add_page()
        if self.mark:
            self._draw_mark()

    def return_to(self, number: int) -> None:
        """Go on drawing on page *number*, from 1."""
        self.pdf.page = number
        self.pdf.current_font_is_set_on_page = False

    def _draw_mark(self) -> None:
        width = self.width(self.mark, 10) + 6
        left = (WIDTH - width) / 2
        self.pdf.set_draw_color(*SOFT)
        self.pdf.set_line_width(0.3)
        self.pdf.rect(left, 3.8, width, 5.6)
        self.print(WIDTH / 2, 7.9, self.mark, 10, align="centre")

    def finish(self) -> bytes:
        """Return the document."""
        return bytes(self.pdf.output())

    def shown(self, text: str) -> str:
        """Return *text* as it can be printed: one line, every sign in the font."""
        return unicodedata.normalize("NFC", " ".join(text.split())).translate(self._signs)

    def width(self, text: str, size: float) -> float:
        """Return how wide *text* is at *size*."""
        return self._measure(self.shown(text), size)

    def _measure(self, line: str, size: float) -> float:
        thousandths = sum(self._font.cw[ord(sign)] for sign in line)
        return thousandths / 1000 * size * MM_PER_POINT

    def print(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        *,
        colour: Colour = INK,
        align: str = "left",
        strong: bool = False,
    ) -> None:
        """Print one line that begins, is centred or ends at *x*."""
        line = self.shown(text)
        self.pdf.set_font(_FONT, size=size)
        if align != "left":
            width = self._measure(line, size)
            x -= width if align == "right" else width / 2
        self.pdf.set_text_color(*colour)
        if strong:
            self._print_strong(x, baseline, line, size, colour)
        else:
            self.pdf.text(x, baseline, line)

    def _print_strong(
        self, x: float, baseline: float, line: str, size: float, colour: Colour
    ) -> None:
        """Print with an outline of the same colour, since the font comes in one weight."""
        from fpdf.enums import TextMode

        with self.pdf.local_context(
            text_mode=TextMode.FILL_STROKE, draw_color=colour, line_width=size * 0.018
        ):
            self.pdf.text(x, baseline, line)

    def fold(self, text: str, width: float, size: float) -> list[str]:
        """Return *text* in lines of at most *width*.

        Chinese breaks anywhere but before closing and after opening signs, other words between
        spaces and after a slash; a word that is wider than the line is cut. The last line gets
        company where it would hold a single sign.
        """
        lines: list[list[str]] = [[]]
        used = 0.0
        for piece in self._pieces(text, width, size):
            if lines[-1] and used + self._measure(piece.rstrip(), size) > width:
                lines.append([])
                used = 0.0
            lines[-1].append(piece)
            used += self._measure(piece, size)
        self._keep_company(lines, width, size)
        return ["".join(line).rstrip() for line in lines]

    def _keep_company(self, lines: list[list[str]], width: float, size: float) -> None:
        if len(lines) < 2 or len(lines[-1]) > 1 or len(lines[-2]) < 3:
            return
        last = lines[-1][0]
        if len(last) <= 2 and self._measure(lines[-2][-1] + last, size) <= width:
            lines[-1].insert(0, lines[-2].pop())

    def _pieces(self, text: str, width: float, size: float) -> Iterable[str]:
        for piece in _PIECE.findall(self.shown(text)):
            if self._measure(piece, size) <= width:
                yield piece
            else:
                yield from _SIGN.findall(piece)

    def fitting(
        self,
        paragraphs: Sequence[str],
        width: float,
        height: float,
        sizes: Iterable[float],
        gap: float = 0,
    ) -> float:
        """Return the first of *sizes*, largest first, at which *paragraphs* fit; else the last.

        *gap* is the space between two paragraphs, in lines.
        """
        size = 0.0
        for size in sizes:
            lines = sum(len(self.fold(paragraph, width, size)) for paragraph in paragraphs)
            if (lines + gap * (len(paragraphs) - 1)) * line_height(size) <= height:
                break
        return size

    def paragraph(
        self,
        x: float,
        top: float,
        width: float,
        text: str,
        size: float,
        *,
        colour: Colour = INK,
        strong: bool = False,
    ) -> float:
        """Print *text* folded to *width* below *top*; return where the next line would begin."""
        for line in self.fold(text, width, size):
            baseline = top + (line_height(size) - size * MM_PER_POINT) / 2
            baseline += size * MM_PER_POINT * _ASCENT
            self.print(x, baseline, line, size, colour=colour, strong=strong)
            top += line_height(size)
        return top

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        colour: Colour = FAINT,
        thickness: float = 0.2,
        dashed: bool = False,
    ) -> None:
        """Draw a straight line."""
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(thickness)
        if dashed:
            self.pdf.set_dash_pattern(1.2, 1.8)
        self.pdf.line(*start, *end)
        if dashed:
            self.pdf.set_dash_pattern()

    def block(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Draw a filled rectangle."""
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(x, y, width, height, style="F")

    def record(self, draw: Callable[[], None]) -> str:
        """Let *draw* print on the page; return its operators for `draw_raw` on later pages."""
        self.pdf.current_font_is_set_on_page = False
        content = cast(bytearray, self.pdf.pages[self.pdf.page].contents)
        start = len(content)
        draw()
        self.pdf.current_font_is_set_on_page = False
        return content[start:].decode("latin-1")

    def draw_raw(self, operators: str) -> None:
        """Add *operators* to the content stream of the page, in a graphics state of their own."""
        self.pdf._out(f"q {operators} Q")


def line_height(size: float) -> float:
    """Return the height of one line of text at *size*."""
    return size * MM_PER_POINT * LEADING
