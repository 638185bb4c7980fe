"""Reminder cards of villages: eight to a page of A4, to be cut and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.core import reminder
from survey.core.reminder import Reminder
from survey.core.wording import Translate
from survey.printing import typeface
from survey.printing.paper import ACCENT, FAINT, HEIGHT, INK, SOFT, WIDTH, Paper, line_height

COLUMNS, ROWS = 2, 4
_SIDE, _TOP = 10.0, 12.0
_CARD = ((WIDTH - 2 * _SIDE) / COLUMNS, (HEIGHT - 2 * _TOP) / ROWS)
_PAD = 6.0
_MARK = 3.0
_HEAD_HEIGHT = 15.0
_FOOT = 5.5
_GAP = 0.25
_SIZES = [half / 2 for half in range(24, 9, -1)]


@dataclass(frozen=True)
class CardText:
    """What one card says, and who says it; *mark* is printed on every page."""

    reminder: Reminder
    township: str
    office: str
    mark: str = ""


@dataclass(frozen=True)
class _Words:
    """The words of one card in the language of the paper."""

    place: str
    heading: str
    lines: list[str]
    office: str


def cards(texts: Sequence[CardText], language: str, translate: Translate) -> bytes:
    """Return a card for each of *texts*, in their order."""
    _ = translate
    title = _("Reminders")
    words = [_words(text, translate) for text in texts]
    said = (part for one in words for part in (one.place, one.heading, one.office, *one.lines))
    marks = {text.mark for text in texts}
    face = typeface.cut([title, *marks, *said])
    paper = Paper(title, language, texts[0].mark if texts else "", typeface=face)
    for position, one in enumerate(words):
        number = position % (COLUMNS * ROWS)
        if number == 0:
            paper.add_page()
            _draw_cuts(paper)
        _draw(paper, one, number)
    return paper.finish()


def _words(text: CardText, translate: Translate) -> _Words:
    return _Words(
        text.township,
        reminder.heading(text.reminder).render(translate),
        [one.render(translate) for one in reminder.sentences(text.reminder)],
        text.office,
    )


def _draw(paper: Paper, words: _Words, number: int) -> None:
    row, column = divmod(number, COLUMNS)
    left, top = _SIDE + column * _CARD[0] + _PAD, _TOP + row * _CARD[1] + _PAD
    width = _CARD[0] - 2 * _PAD
    bottom = _TOP + (row + 1) * _CARD[1] - _PAD + 1
    paper.print(left, top + 2.5, words.place, _one_line(paper, words.place, width), colour=SOFT)
    size = paper.fitting([words.heading], width, _HEAD_HEIGHT, range(18, 7, -1))
    below = paper.paragraph(left, top + 3.5, width, words.heading, size, colour=ACCENT, strong=True)
    room = bottom - _FOOT - below - 1
    size = paper.fitting(words.lines, width, room, _SIZES, _GAP)
    below += 1
    for line in words.lines:
        below = paper.paragraph(left, below, width, line, size) + _GAP * line_height(size)
    paper.print(
        left, bottom - 0.5, words.office, _one_line(paper, words.office, width), colour=SOFT
    )


def _one_line(paper: Paper, text: str, width: float) -> float:
    return min(9.0, 9.0 * width / max(paper.width(text, 9), 1))


def _draw_cuts(paper: Paper) -> None:
    """Draw where to cut: dashed between the cards, and marks outside for a guillotine."""
    right, bottom = WIDTH - _SIDE, HEIGHT - _TOP
    for column in range(COLUMNS + 1):
        x = _SIDE + column * _CARD[0]
        paper.rule((x, _TOP), (x, bottom), dashed=True, colour=FAINT)
        for y in (_TOP - _MARK, bottom):
            paper.rule((x, y), (x, y + _MARK), colour=INK)
    for row in range(ROWS + 1):
        y = _TOP + row * _CARD[1]
        paper.rule((_SIDE, y), (right, y), dashed=True, colour=FAINT)
        for x in (_SIDE - _MARK, right):
            paper.rule((x, y), (x + _MARK, y), colour=INK)
