"""Sheets of one-time tickets (测评码), to be cut and drawn from a bag: 10, 16 or 24 to a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from survey.core.codes import group_ticket_code
from survey.core.wording import Translate
from survey.printing import qr, ticket_words, typeface
from survey.printing.paper import (
    ACCENT,
    FAINT,
    HEIGHT,
    INK,
    MM_PER_POINT,
    SOFT,
    WIDTH,
    Paper,
    line_height,
)
from survey.printing.ticket_words import TicketText, Words
from survey.printing.typeface import Typeface

PER_PAGE = (10, 16, 24)
QUIET = 4 / 29
"""White around a QR code, as a share of its side: four modules of 29 (ISO/IEC 18004, 6.3.8)."""

_EDGE = 2.5
_MARK = 2.5
_TOP = 2.0
_TIGHT = 0.82
"""How near the lines of a number are to each other: digits have nothing below the line."""


@dataclass(frozen=True)
class Layout:
    """How slips lie on a page of A4; lengths in mm.

    *pad* is from the corner of a slip to its QR code, *beside* how wide the text to the right of
    it is, *digits* the size of the number in pt and *groups* how many of its four groups stand on a
    line. A *short* slip says only what nobody can do without.
    """

    columns: int
    rows: int
    top: float
    bottom: float
    qr: float
    pad: float
    name: float
    digits: float
    groups: int = 4
    short: bool = False
    side: float = 10.0

    @property
    def width(self) -> float:
        """How wide a slip is."""
        return (WIDTH - 2 * self.side) / self.columns

    @property
    def height(self) -> float:
        """How high a slip is."""
        return (HEIGHT - self.top - self.bottom) / self.rows

    @property
    def beside(self) -> float:
        """Where the text to the right of the QR code begins."""
        return self.pad + self.qr * (1 + QUIET) + 0.5

    @property
    def beside_width(self) -> float:
        """How wide the text to the right of the QR code is."""
        return self.width - self.beside - _EDGE

    def corner(self, position: int) -> tuple[float, float]:
        """Return the upper left corner of the slip at *position*, from 0."""
        row, column = divmod(position, self.columns)
        return self.side + column * self.width, self.top + row * self.height


_SHORT = Layout(
    columns=2, rows=8, top=11, bottom=5, side=8, qr=28, pad=3.5, name=15, digits=14, short=True
)
LAYOUTS = {
    10: Layout(columns=2, rows=5, top=17, bottom=13, qr=30, pad=5, name=17, digits=14.5),
    16: _SHORT,
    24: replace(_SHORT, columns=3, name=10.5, digits=11.5, groups=2),
}
"""By slips to a page. No QR code is smaller than 28 mm: a cheap phone reads it in a dim room."""


def cut_typeface(texts: Iterable[TicketText], language: str, translate: Translate) -> Typeface:
    """Return the font for the sheets of all of *texts*, cut once."""
    return typeface.cut(
        word for text in texts for word in ticket_words.words(text, language, translate).all()
    )


def sheet(
    text: TicketText,
    codes: Sequence[str],
    language: str,
    translate: Translate,
    *,
    per_page: int = 10,
    face: Typeface | None = None,
) -> bytes:
    """Return the pages with a slip for each of *codes*, 16 digits each.

    *face* is what `cut_typeface` returned for this text among others; else the font is cut anew.
    """
    _ = translate
    words = ticket_words.words(text, language, translate)
    paper = Paper(
        _("Slips"), language, text.mark, typeface=face or typeface.cut([*words.all(), _("Slips")])
    )
    layout = LAYOUTS[per_page]
    slips = _Slips(paper, layout, _lines(paper, layout, words))
    pages = range(0, len(codes), per_page)
    for number, start in enumerate(pages, 1):
        paper.add_page()
        _draw_cuts(paper, layout)
        _draw_margin(paper, layout, words, (text.number, number, len(pages)))
        for position, code in enumerate(codes[start : start + per_page]):
            slips.draw(position, f"{text.address}{code}", code)
    return paper.finish()


@dataclass(frozen=True)
class _Line:
    """One line of a slip: where it stands on the slip, how large, how dark."""

    x: float
    baseline: float
    text: str
    size: float
    strong: bool = False


class _Slips:
    """The slips of a page; the lines that all share are printed once and then repeated."""

    def __init__(self, paper: Paper, layout: Layout, lines: tuple[list[_Line], float]) -> None:
        self._paper = paper
        self._layout = layout
        self._lines, self._digits = lines
        self._records: dict[int, str] = {}

    def draw(self, position: int, address: str, code: str) -> None:
        """Draw the slip of *code* at *position*, from 0, on the page."""
        if position in self._records:
            self._paper.draw_raw(self._records[position])
        else:
            self._records[position] = self._paper.record(lambda: self._print(position))
        self._draw_code(position, address, code)

    def _print(self, position: int) -> None:
        left, top = self._layout.corner(position)
        for line in self._lines:
            x, baseline = left + line.x, top + line.baseline
            self._paper.print(x, baseline, line.text, line.size, strong=line.strong)

    def _draw_code(self, position: int, address: str, code: str) -> None:
        layout = self._layout
        left, top = layout.corner(position)
        qr.draw(self._paper, address, left + layout.pad, top + layout.pad, layout.qr)
        step = layout.digits * 0.91
        for place, group in enumerate(group_ticket_code(code).split()):
            row, column = divmod(place, layout.groups)
            x = left + layout.beside + column * step
            y = top + self._digits + row * line_height(layout.digits) * _TIGHT
            self._paper.print(x, y, group, layout.digits, colour=ACCENT)


def _lines(paper: Paper, layout: Layout, words: Words) -> tuple[list[_Line], float]:
    """Return the lines that are the same on every slip, folded and fitted once.

    And where the first line of the number stands.
    """
    return (_short_slip if layout.short else _full_slip)(paper, layout, words)


def _full_slip(paper: Paper, layout: Layout, words: Words) -> tuple[list[_Line], float]:
    """The rules stand below the QR code."""
    name = _name(paper, layout, words, 4, 12)
    top = 5 + _height(name)
    below = layout.pad + layout.qr + 3.5
    rules = _Column(layout.pad, below, layout.width - 2 * layout.pad, 13.2)
    beside = _Column(layout.beside, top, layout.beside_width, 28 - top)
    lines = [
        *name,
        *beside.fitted(paper, [words.whose, words.call], 9.4),
        *rules.fitted(paper, words.rules, 9.4),
    ]
    return lines, 34.0


def _short_slip(paper: Paper, layout: Layout, words: Words) -> tuple[list[_Line], float]:
    """Everything stands beside the QR code: the number below name and audience, then the rules."""
    name = _name(paper, layout, words, _TOP, 7)
    top = _TOP + _height(name)
    whose = _Column(layout.beside, top, layout.beside_width, 4).fitted(paper, [words.whose], 8)
    top += _height(whose)
    digits = 4 / layout.groups * line_height(layout.digits) * _TIGHT
    below = _Column(layout.beside, top + digits + 1, layout.beside_width, 0)
    rules = replace(below, height=layout.height - below.top - 1.2)
    said = words.short_rules if layout.groups < 4 else (words.call, *words.short_rules)
    lines = [*name, *whose, *rules.fitted(paper, said, 8)]
    return lines, top + layout.digits * MM_PER_POINT


def _name(paper: Paper, layout: Layout, words: Words, top: float, height: float) -> list[_Line]:
    sizes = [half / 2 for half in range(int(2 * layout.name), 9, -1)]
    size = paper.fitting([words.village], layout.beside_width, height, sizes)
    column = _Column(layout.beside, top, layout.beside_width, height)
    return column.folded(paper, words.village, size, strong=True)


def _height(lines: list[_Line]) -> float:
    return sum(line_height(line.size) for line in lines)


@dataclass(frozen=True)
class _Column:
    """Where text may stand on a slip."""

    x: float
    top: float
    width: float
    height: float

    def fitted(self, paper: Paper, paragraphs: Sequence[str], largest: float) -> list[_Line]:
        """Return *paragraphs* folded, at the largest size that fits from *largest* to 3 pt."""
        sizes = [tenth / 10 for tenth in range(int(10 * largest), 29, -2)]
        size = paper.fitting(paragraphs, self.width, self.height, sizes)
        lines: list[_Line] = []
        for paragraph in paragraphs:
            lines += self.folded(paper, paragraph, size, len(lines))
        return lines

    def folded(
        self, paper: Paper, text: str, size: float, before: int = 0, *, strong: bool = False
    ) -> list[_Line]:
        """Return *text* folded, with *before* lines of the same size above it."""
        return [
            _Line(self.x, self.top + (number + 0.8) * line_height(size), line, size, strong)
            for number, line in enumerate(paper.fold(text, self.width, size), before)
        ]


def _draw_cuts(paper: Paper, layout: Layout) -> None:
    """Draw where to cut: dashed between the slips, and marks outside for a guillotine."""
    right, bottom = WIDTH - layout.side, HEIGHT - layout.bottom
    for column in range(layout.columns + 1):
        x = layout.side + column * layout.width
        paper.rule((x, layout.top), (x, bottom), dashed=True, colour=FAINT)
        for y in (layout.top - _MARK, bottom):
            paper.rule((x, y), (x, y + _MARK), colour=INK)
    for row in range(layout.rows + 1):
        y = layout.top + row * layout.height
        paper.rule((layout.side, y), (right, y), dashed=True, colour=FAINT)
        for x in (layout.side - _MARK, right):
            paper.rule((x, y), (x + _MARK, y), colour=INK)


def _draw_margin(paper: Paper, layout: Layout, words: Words, number: tuple[int, int, int]) -> None:
    numbered = words.numbered % {"number": number[0], "page": number[1], "pages": number[2]}
    if not layout.short:
        size = _fitting(paper, words.head, 130)
        paper.print(layout.side + 2, 12.2, words.head, size, colour=SOFT)
        paper.print(WIDTH - layout.side - 2, 12.2, numbered, 9, colour=SOFT, align="right")
        paper.print(WIDTH / 2, HEIGHT - 5.5, words.footer, 8, colour=SOFT, align="centre")
        return
    half = WIDTH / 2 - layout.side - (16 if words.mark else 2)
    head = f"{words.head} · {numbered}"
    paper.print(layout.side, 7.6, head, _fitting(paper, head, half), colour=SOFT)
    size = _fitting(paper, words.footer, half)
    paper.print(WIDTH - layout.side, 7.6, words.footer, size, colour=SOFT, align="right")


def _fitting(paper: Paper, line: str, width: float) -> float:
    return min(9.0, 9.0 * width / max(paper.width(line, 9), 1))
