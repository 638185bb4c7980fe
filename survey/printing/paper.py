"""A sheet of paper: folding and fitting of text, rules. Lengths in mm, sizes in pt.

Everything is drawn as for A4; A3 is the same sheet, larger. The font knows the rare characters of
place names; what it does not know is printed as 〓, so that somebody sees it and mends it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Sequence
from io import BytesIO
from typing import NamedTuple, cast

from survey.printing.typeface import MISSING_CHARACTER, Typeface, font_path

WIDTH = 210.0
HEIGHT = 297.0
LARGER = {"A4": 1.0, "A3": 420 / 297}
"""How much larger a sheet is than A4."""

INK = (28, 32, 36)
SOFT = (92, 100, 108)
FAINT = (176, 182, 188)
ACCENT = (31, 95, 139)

MM_PER_POINT = 25.4 / 72
LEADING = 1.36

_FONT = "noto"
_MOST_KNOWN = 200
"""Texts whose pieces are remembered; more would need memory that grows with the pages."""
_ASCENT = 0.88
_OPENING = "（“‘《〈「『【("
_CLOSING = "，。；：、！？）”’》〉」』】…·,.;:!?)"
_SIGN = re.compile(rf".[{_CLOSING}]*\s*")
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-.0-~À-ɏ–—]+/*|.)[{_CLOSING}]*\s*", re.DOTALL)

Colour = tuple[int, int, int]


class _Piece(NamedTuple):
    """What is never parted, and how wide it is in thousandths of its size; *bare*: at a line's end.

    Folding is tried at many sizes, so that nothing is measured twice.
    """

    text: str
    width: float
    bare: float


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


class _CutSigns(_Signs):
    """The same for a font that was cut: a sign for which it was not cut is a fault of ours."""

    def __init__(self, glyphs: Container[int], expected: Container[str]) -> None:
        super().__init__(glyphs)
        self._expected = expected

    def __missing__(self, code: int) -> str:
        if chr(code) not in self._expected:
            raise ValueError(f"the font was not cut for U+{code:04X}")
        return super().__missing__(code)


class Paper:
    """A document that grows page by page.

    *mark* is a word that every page carries at its top, *size* ``A4`` or ``A3``. A *typeface* that
    was cut for everything that will be printed saves reading the whole font.
    """

    def __init__(
        self,
        title: str,
        language: str,
        mark: str = "",
        *,
        size: str = "A4",
        typeface: Typeface | None = None,
    ) -> None:
        from fpdf import FPDF  # a process that serves respondents has no use for it
        from fpdf.fonts import TTFFont

        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        program = BytesIO(typeface.program) if typeface else font_path()
        self._font = TTFFont(self.pdf, program, _FONT, "")
        self._font.ttfont.recalcBBoxes = False  # cutting moves no outline; they are copied whole
        self.pdf.fonts[_FONT] = self._font
        known = self._font.cmap
        self._known: dict[str, list[_Piece]] = {}
        self._signs = _CutSigns(known, typeface.signs) if typeface else _Signs(known)
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.mark = mark
        self._larger = LARGER[size]

    def add_page(self) -> None:
        """Begin a new page."""
        self.pdf.add_page()
        if self._larger != 1:
            self._enlarge()
        if self.mark:
            self._draw_mark()

    def _enlarge(self) -> None:
        """Let the page be larger, and whatever is drawn on it."""
        page = self.pdf.pages[self.pdf.page]
        width, height = page.dimensions()
        page.set_dimensions(width * self._larger, height * self._larger)
        self.pdf._out(f"{self._larger:.5f} 0 0 {self._larger:.5f} 0 0 cm")

    def return_to(self, number: int) -> None:
        """Go on drawing on page *number*, from 1."""
        self.pdf.page = number
        self.pdf.current_font_is_set_on_page = False

    def _draw_mark(self) -> None:
        width = self.width(self.mark, 10) + 6
        left = (WIDTH - width) / 2
        self.frame(left, 3.8, width, 5.6, colour=SOFT)
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
        room = width / size / MM_PER_POINT * 1000
        lines: list[list[_Piece]] = [[]]
        used = 0.0
        for piece in self._pieces(text, room):
            if lines[-1] and used + piece.bare > room:
                lines.append([])
                used = 0.0
            lines[-1].append(piece)
            used += piece.width
        _keep_company(lines, room)
        return ["".join(piece.text for piece in line).rstrip() for line in lines]

    def _pieces(self, text: str, room: float) -> Iterable[_Piece]:
        if text not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = [self._piece(one) for one in _PIECE.findall(self.shown(text))]
        for piece in self._known[text]:
            if piece.width <= room:
                yield piece
            else:
                yield from (self._piece(sign) for sign in _SIGN.findall(piece.text))

    def _piece(self, text: str) -> _Piece:
        width = sum(self._font.cw[ord(sign)] for sign in text)
        bare = sum(self._font.cw[ord(sign)] for sign in text.rstrip())
        return _Piece(text, width, bare)

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

    def frame(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        colour: Colour = INK,
        thickness: float = 0.3,
    ) -> None:
        """Draw the outline of a rectangle."""
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(thickness)
        self.pdf.rect(x, y, width, height)

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


def _keep_company(lines: list[list[_Piece]], room: float) -> None:
    if len(lines) < 2 or len(lines[-1]) > 1 or len(lines[-2]) < 3:
        return
    last = lines[-1][0]
    if len(last.text) <= 2 and lines[-2][-1].width + last.width <= room:
        lines[-1].insert(0, lines[-2].pop())


def line_height(size: float) -> float:
    """Return the height of one line of text at *size*."""
    return size * MM_PER_POINT * LEADING
