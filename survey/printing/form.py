"""The frame of a sheet that persons sign and file: heading, facts, tables, signatures, pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from survey.core.wording import N_, Translate
from survey.printing.paper import ACCENT, FAINT, HEIGHT, INK, SOFT, WIDTH, Paper, line_height

PAGE_OF = N_("Page %(page)d of %(pages)d")
MARGIN = 18.0
INNER = WIDTH - 2 * MARGIN
TOP = 20.0
BOTTOM = HEIGHT - 20.0

_LABEL = 44.0
_TEXT = 10.5
_SMALL = 9.0
_BLANK = 13.0


class Form:
    """A sheet that is filled from top to bottom and goes on overleaf where it is full."""

    def __init__(
        self,
        title: str,
        office: str,
        language: str,
        translate: Translate,
        mark: str,
        *,
        paper: Paper | None = None,
    ) -> None:
        self.paper = paper or Paper(title, language, mark)
        self._first = self.paper.pdf.pages_count + 1
        self.title = title
        self.office = office
        self._translate = translate
        self._add_page()

    def _add_page(self) -> None:
        self.paper.add_page()
        self.paper.block(MARGIN, 14, INNER, 1, ACCENT)
        self.top = TOP

    def _need(self, height: float) -> None:
        if self.top + height > BOTTOM:
            self._add_page()

    def heading(self, subtitle: str) -> None:
        """Print office, title and *subtitle*."""
        self._line(self.office, 10, SOFT)
        self._line(self.title, 22, INK, strong=True)
        self._line(subtitle, 12, SOFT)
        self.space(4)

    def _line(
        self, text: str, size: float, colour: tuple[int, int, int], strong: bool = False
    ) -> None:
        fitted = self.paper.fitting([text], INNER, 2 * line_height(size), [size, size * 0.7])
        self.top = self.paper.paragraph(
            MARGIN, self.top, INNER, text, fitted, colour=colour, strong=strong
        )

    def space(self, height: float) -> None:
        """Leave *height* mm white."""
        self.top += height

    def section(self, title: str, room: float = 30) -> None:
        """Begin a part with its own heading, where *room* mm are left for it and what follows."""
        self._need(room)
        self.space(5)
        self.top = self.paper.paragraph(
            MARGIN, self.top, INNER, title, 12.5, colour=ACCENT, strong=True
        )
        self.space(1.5)

    def sentence(self, text: str, size: float = _TEXT, strong: bool = False) -> None:
        """Print a paragraph over the whole width."""
        self._need(len(self.paper.fold(text, INNER, size)) * line_height(size))
        self.top = self.paper.paragraph(MARGIN, self.top, INNER, text, size, strong=strong)
        self.space(1.5)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Print pairs of a label and a value, one below the other."""
        for label, value in facts:
            width = INNER - _LABEL
            self._need(len(self.paper.fold(value, width, _TEXT)) * line_height(_TEXT))
            below = self.paper.paragraph(MARGIN, self.top, _LABEL - 4, label, _TEXT, colour=SOFT)
            end = self.paper.paragraph(MARGIN + _LABEL, self.top, width, value, _TEXT)
            self.top = max(below, end) + 1

    def boxes(self, lines: Iterable[str]) -> None:
        """Print each of *lines* behind a box to tick."""
        for line in lines:
            width = INNER - 9
            self._need(len(self.paper.fold(line, width, _TEXT)) * line_height(_TEXT))
            self.paper.frame(MARGIN + 0.5, self.top + 0.9, 3.6, 3.6)
            self.top = self.paper.paragraph(MARGIN + 9, self.top, width, line, _TEXT) + 1.5

    def points(self, lines: Iterable[str]) -> None:
        """Print each of *lines* behind a dot."""
        for line in lines:
            width = INNER - 5
            self._need(len(self.paper.fold(line, width, _TEXT)) * line_height(_TEXT))
            self.paper.block(MARGIN + 1, self.top + 2.4, 1, 1, ACCENT)
            self.top = self.paper.paragraph(MARGIN + 5, self.top, width, line, _TEXT) + 1

    def grid(
        self,
        widths: Sequence[float],
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        words: int,
    ) -> None:
        """Print *rows* under *head*, again on every page; after *words* columns, numbers."""
        self._folded(widths, head, words, SOFT)
        for row in rows:
            if self.top + self._height(widths, row) > BOTTOM:
                self._add_page()
                self._folded(widths, head, words, SOFT)
            self._folded(widths, row, words, INK)

    def _height(self, widths: Sequence[float], cells: Sequence[str]) -> float:
        pairs = zip(widths, cells, strict=True)
        lines = max(len(self.paper.fold(cell, width - 2, _SMALL)) for width, cell in pairs)
        return lines * line_height(_SMALL) + 2

    def _folded(
        self,
        widths: Sequence[float],
        cells: Sequence[str],
        words: int,
        colour: tuple[int, int, int],
    ) -> None:
        height = self._height(widths, cells)
        left = MARGIN
        for position, (width, cell) in enumerate(zip(widths, cells, strict=True)):
            right = position >= words
            for number, line in enumerate(self.paper.fold(cell, width - 2, _SMALL)):
                x = left + width - 1 if right else left
                y = self.top + 4.2 + number * line_height(_SMALL)
                align = "right" if right else "left"
                self.paper.print(x, y, line, _SMALL, colour=colour, align=align)
            left += width
        self.top += height
        self.paper.rule((MARGIN, self.top), (MARGIN + INNER, self.top), colour=FAINT)

    def table(
        self, widths: Sequence[float], head: Sequence[str], rows: Iterable[Sequence[str]]
    ) -> None:
        """Print *rows* under *head*, again on every page; the last column is aligned right."""
        self._row(widths, head, SOFT)
        for row in rows:
            if self.top + 6 > BOTTOM:
                self._add_page()
                self._row(widths, head, SOFT)
            self._row(widths, row, INK)

    def _row(
        self, widths: Sequence[float], cells: Sequence[str], colour: tuple[int, int, int]
    ) -> None:
        left = MARGIN
        for position, (width, cell) in enumerate(zip(widths, cells, strict=True)):
            last = position == len(widths) - 1
            size = min(_SMALL, _SMALL * (width - 2) / max(self.paper.width(cell, _SMALL), 1))
            x = left + width if last else left
            align = "right" if last else "left"
            self.paper.print(x, self.top + 4.2, cell, size, colour=colour, align=align)
            left += width
        self.paper.rule((MARGIN, self.top + 5.8), (MARGIN + INNER, self.top + 5.8), colour=FAINT)
        self.top += 6

    def blanks(self, cells: Sequence[tuple[str, str]]) -> None:
        """Print a box for each pair of a label and what stands in it, empty to be written in."""
        self._need(_BLANK + 6)
        width = INNER / len(cells)
        for position, (label, value) in enumerate(cells):
            x = MARGIN + position * width
            size = min(_SMALL, _SMALL * (width - 3) / max(self.paper.width(label, _SMALL), 1))
            self.paper.print(x + 0.5, self.top + 3.6, label, size, colour=SOFT)
            self.paper.frame(x, self.top + 5, width - 3, _BLANK)
            self.paper.print(x + 3, self.top + 5 + _BLANK * 0.68, value, 16)
        self.top += _BLANK + 8

    def signatures(self, labels: Sequence[str]) -> None:
        """Print a line to sign on for each of *labels*, two to a row."""
        self._need(16 * ((len(labels) + 1) // 2))
        half = INNER / 2
        for position, label in enumerate(labels):
            x = MARGIN + (position % 2) * half
            y = self.top + 12
            self.paper.rule((x, y), (x + half - 8, y), colour=SOFT)
            size = min(_SMALL, _SMALL * (half - 8) / max(self.paper.width(label, _SMALL), 1))
            self.paper.print(x, y + 4.2, label, size, colour=SOFT)
            if position % 2 or position == len(labels) - 1:
                self.top += 19

    def number_pages(self) -> None:
        """Print number and title at the foot of every page of this sheet."""
        _ = self._translate
        last = self.paper.pdf.pages_count
        pages = last - self._first + 1
        for number in range(1, pages + 1):
            self.paper.return_to(self._first + number - 1)
            counted = _(PAGE_OF) % {"page": number, "pages": pages}
            self.paper.print(WIDTH - MARGIN, HEIGHT - 10, counted, 8.5, colour=SOFT, align="right")
            self.paper.print(MARGIN, HEIGHT - 10, self.title, 8.5, colour=SOFT)

    def finish(self) -> bytes:
        """Return the sheet with its pages numbered."""
        self.number_pages()
        return self.paper.finish()
