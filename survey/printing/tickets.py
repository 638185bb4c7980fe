"""Sheets of one-time tickets (测评码), ten to an A4 page, to be cut and drawn from a bag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.core.codes import group_ticket_code
from survey.core.wording import Translate
from survey.printing import dates, qr
from survey.printing.paper import ACCENT, HEIGHT, SOFT, WIDTH, Paper, line_height
from survey.printing.poster import forced, minutes_in_words

COLUMNS, ROWS = 2, 5
PER_PAGE = COLUMNS * ROWS
QR_SIZE = 30.0

_SIDE, _TOP, _BOTTOM = 10.0, 17.0, 13.0
_SLIP_WIDTH = (WIDTH - 2 * _SIDE) / COLUMNS
_SLIP_HEIGHT = (HEIGHT - _TOP - _BOTTOM) / ROWS
_GROUP_WIDTH = 13.2
_PAD = 5.0
_BESIDE = _PAD + QR_SIZE + 5
_BESIDE_WIDTH = _SLIP_WIDTH - _BESIDE - 4
_BELOW = _PAD + QR_SIZE + 3.5
_BELOW_WIDTH = _SLIP_WIDTH - 2 * _PAD
_SIZES = [tenth / 10 for tenth in range(94, 40, -2)]


@dataclass(frozen=True)
class TicketText:
    """What every slip of a sheet says, in the language of the paper.

    *address* is where a code is typed and ends with ``/t/``; *deadline* is in the office's time
    zone; *key_holding* is ``halves`` or ``server``; *number* is the sheet's, by which it is voided.
    """

    village: str
    township: str
    title: str
    address: str
    phone: str
    deadline: datetime
    key_holding: str
    minutes: int = 2
    number: int = 1
    two_person: bool = True
    mark: str = ""


@dataclass(frozen=True)
class _Line:
    """One line of a slip: where it stands on the slip, how large, how dark."""

    x: float
    baseline: float
    text: str
    size: float
    strong: bool = False


def sheet(text: TicketText, codes: Sequence[str], language: str, translate: Translate) -> bytes:
    """Return the pages with a slip for each of *codes*, 16 digits each."""
    _ = translate
    paper = Paper(_("Slips"), language, text.mark)
    stencil = _Stencil(paper, _lines(paper, text, language, translate))
    pages = range(0, len(codes), PER_PAGE)
    for number, start in enumerate(pages, 1):
        paper.add_page()
        _draw_frame(paper, text, (number, len(pages)), translate)
        for position, code in enumerate(codes[start : start + PER_PAGE]):
            stencil.draw(position)
            _draw_code(paper, _corner(position), f"{text.address}{code}", code)
    return paper.finish()


class _Stencil:
    """The lines that all slips share: printed once at each position, then repeated."""

    def __init__(self, paper: Paper, lines: list[_Line]) -> None:
        self._paper = paper
        self._lines = lines
        self._records: dict[int, str] = {}

    def draw(self, position: int) -> None:
        """Draw the lines of the slip at *position*, 0 to 9, on the page."""
        if position in self._records:
            self._paper.draw_raw(self._records[position])
        else:
            self._records[position] = self._paper.record(lambda: self._print(position))

    def _print(self, position: int) -> None:
        left, top = _corner(position)
        for line in self._lines:
            x, baseline = left + line.x, top + line.baseline
            self._paper.print(x, baseline, line.text, line.size, strong=line.strong)


def _corner(position: int) -> tuple[float, float]:
    row, column = divmod(position, COLUMNS)
    return _SIDE + column * _SLIP_WIDTH, _TOP + row * _SLIP_HEIGHT


def _lines(paper: Paper, text: TicketText, language: str, translate: Translate) -> list[_Line]:
    """Return the lines that are the same on every slip, folded and fitted once."""
    _ = translate
    whose = f"{text.township} · {text.title}"
    call = _("Scan with WeChat: %(minutes)s minutes, no name") % {
        "minutes": minutes_in_words(text.minutes, translate)
    }
    name_size = paper.fitting([text.village], _BESIDE_WIDTH, 12, range(17, 5, -1))
    name = _fold(paper, text.village, _BESIDE, 4, _BESIDE_WIDTH, name_size, strong=True)
    top = 5 + len(name) * line_height(name_size)
    return [
        *name,
        *_fitted(paper, [whose, call], _BESIDE, top, _BESIDE_WIDTH, 28 - top),
        *_fitted(paper, _rules(text, language, translate), _PAD, _BELOW, _BELOW_WIDTH, 13.2),
    ]


def _rules(text: TicketText, language: str, translate: Translate) -> list[str]:
    _ = translate
    rules = [
        _("If scanning fails, type %(address)s and the number above.") % {"address": text.address},
        _("One slip, one answer; tear it up after use. Closes %(deadline)s.")
        % {"deadline": dates.moment(text.deadline, language)},
        forced("ticket", text.phone, translate),
    ]
    if text.key_holding == "server":
        rules.append(_("Stored encrypted; whoever runs the server holds the key."))
    return rules


def _fitted(
    paper: Paper, paragraphs: list[str], x: float, top: float, width: float, height: float
) -> list[_Line]:
    size = paper.fitting(paragraphs, width, height, _SIZES)
    lines: list[_Line] = []
    for paragraph in paragraphs:
        lines += _fold(paper, paragraph, x, top + len(lines) * line_height(size), width, size)
    return lines


def _fold(
    paper: Paper,
    text: str,
    x: float,
    top: float,
    width: float,
    size: float,
    *,
    strong: bool = False,
) -> list[_Line]:
    return [
        _Line(x, top + (number + 0.8) * line_height(size), line, size, strong)
        for number, line in enumerate(paper.fold(text, width, size))
    ]


def _draw_code(paper: Paper, corner: tuple[float, float], address: str, code: str) -> None:
    left, top = corner
    qr.draw(paper, address, left + _PAD, top + _PAD, QR_SIZE)
    for position, group in enumerate(group_ticket_code(code).split()):
        x = left + _BESIDE + position * _GROUP_WIDTH
        paper.print(x, top + 34, group, 14.5, colour=ACCENT)


def _draw_frame(
    paper: Paper, text: TicketText, page: tuple[int, int], translate: Translate
) -> None:
    _ = translate
    for column in range(COLUMNS + 1):
        x = _SIDE + column * _SLIP_WIDTH
        paper.rule((x, _TOP - 4), (x, HEIGHT - _BOTTOM + 4), dashed=True)
    for row in range(ROWS + 1):
        y = _TOP + row * _SLIP_HEIGHT
        paper.rule((_SIDE - 4, y), (WIDTH - _SIDE + 4, y), dashed=True)
    whose = f"{text.township} · {text.village} · {text.title}"
    size = min(9.0, 9.0 * 130 / max(paper.width(whose, 9), 1))
    paper.print(_SIDE + 2, 12.2, whose, size, colour=SOFT)
    counted = _("Sheet %(number)d, page %(page)d of %(pages)d") % {
        "number": text.number,
        "page": page[0],
        "pages": page[1],
    }
    paper.print(WIDTH - _SIDE - 2, 12.2, counted, 9, colour=SOFT, align="right")
    paper.print(WIDTH / 2, HEIGHT - 5.5, _footer(text, translate), 8, colour=SOFT, align="centre")


def _footer(text: TicketText, translate: Translate) -> str:
    _ = translate
    counting = _("Count before two witnesses what is handed out and what comes back.")
    if text.two_person:
        return counting
    return f"{counting} {alone(translate)}"


def alone(translate: Translate) -> str:
    """Return what every paper of an installation says that needs no second person."""
    _ = translate
    return _("In this installation one person acts alone.")
