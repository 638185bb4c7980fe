"""The guide (帮填须知) for whoever helps others to answer: one A4 page with the helper's link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from survey.core.wording import Translate
from survey.printing import dates, qr
from survey.printing.paper import ACCENT, INK, SOFT, WIDTH, Paper, line_height

MARGIN = 18.0
INNER = WIDTH - 2 * MARGIN
QR_SIZE = 38.0

_TITLE = 24.0
_CODE_TOP = 43.0
_BESIDE = MARGIN + QR_SIZE + 8
_BODY_TOP, _BODY_BOTTOM = 90.0, 284.0
_INDENT = 5.5
_BULLET = 1.4
_GAP = 0.3
_SECTION_GAP = 0.75

Section = tuple[str, Sequence[str]]
"""A heading and the sentences under it."""


@dataclass(frozen=True)
class GuideText:
    """What the guide says, in the language of the paper; *deadline* in the office's time zone."""

    round_title: str
    office: str
    phone: str
    address: str
    deadline: datetime
    help_on: date
    help_place: str
    results_on: date
    results_place: str
    mark: str = ""


def guide(text: GuideText, language: str, translate: Translate) -> bytes:
    """Return the page, for helpers alone: it carries their link."""
    paper = Paper(translate("Guide for helpers"), language, text.mark)
    paper.add_page()
    _draw_head(paper, text, translate)
    _draw_link(paper, text, translate)
    _draw_body(paper, _sections(text, language, translate))
    return paper.finish()


def _draw_head(paper: Paper, text: GuideText, translate: Translate) -> None:
    _ = translate
    paper.block(MARGIN, 14, INNER, 1, ACCENT)
    paper.print(MARGIN, 20.5, text.office, _one_line(paper, text.office, INNER, 10), colour=SOFT)
    paper.print(MARGIN, _TITLE + 6, _("Guide for helpers"), 22, strong=True)
    size = _one_line(paper, text.round_title, INNER, 12)
    paper.print(MARGIN, _TITLE + 13, text.round_title, size, colour=SOFT)


def _one_line(paper: Paper, text: str, width: float, size: float) -> float:
    """Return *size*, or what fits of it where *text* is wider than *width*."""
    return min(size, size * width / max(paper.width(text, size), 1))


def _draw_link(paper: Paper, text: GuideText, translate: Translate) -> None:
    _ = translate
    qr.draw(paper, text.address, MARGIN, _CODE_TOP, QR_SIZE)
    width = WIDTH - MARGIN - _BESIDE
    lines = [
        _(
            "Scan this once with the phone on which you help. "
            "The page says “You are helping others”."
        ),
        _("Or type:"),
        text.address,
        _("For helpers only: do not hang it up or send it on."),
    ]
    size = paper.fitting(lines, width, QR_SIZE, _sizes(13), _GAP)
    top = _CODE_TOP - 1
    for line in lines:
        colour = SOFT if line == lines[1] else INK
        top = paper.paragraph(_BESIDE, top, width, line, size, colour=colour)
        top += _GAP * line_height(size)


def _sizes(largest: int) -> list[float]:
    return [half / 2 for half in range(2 * largest, 8, -1)]


def _sections(text: GuideText, language: str, translate: Translate) -> list[Section]:
    _ = translate
    values = dates.announced(text, language)
    return [
        (_("Who may help"), _who(translate)),
        (_("What you do"), _dos(translate)),
        (_("What you never do"), _donts(translate)),
        (_("Without network"), _offline(translate)),
        (
            _("Where, when, whom to call"),
            [line % values for line in _facts(translate)],
        ),
    ]


def _who(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("Somebody from another township, on whom nobody in the village depends."),
        _("No village official, no relative of one, nobody who was sent to help the village."),
    ]


def _dos(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("Sit where nobody else can see the phone or hear the answers, one person at a time."),
        _("Let them draw the slip from the bag themselves. Scan it, or type its 16 digits."),
        _("Ask whether the village on the page is theirs. If not, stop and call us."),
        _("Read each sentence as it stands, then all the choices, always in the same order."),
        _("Tap only what they say or point at. They may leave out any question, or stop."),
        _("Let them see you press “Send”. Wait until the page says thank you."),
        _("Give the slip back: they tear it up. Then comes the next person."),
        _("At the end press “I am done helping”."),
    ]


def _donts(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("Never suggest an answer, explain which is better, or show what you think of it."),
        _("Never hold the phone so that the secretary or anybody else can see it."),
        _("Never answer for somebody who is not there; never collect or keep slips."),
        _("Never write down, photograph or tell anybody who came or what they said."),
    ]


def _offline(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("Leave the page open and wait; it sends by itself. The answer is on that page only."),
        _("Both of you stay until it says thank you. Closed before that? Scan the slip again."),
        _("A slip counts once, however often it is sent."),
    ]


def _facts(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("Somebody watches, presses, or wants to see answers? Stop and call %(phone)s."),
        _("Help is given on %(help_on)s at %(help_place)s. Answers are taken until %(deadline)s."),
        _("The results hang at %(results_place)s on %(results_on)s."),
    ]


def _draw_body(paper: Paper, sections: list[Section]) -> None:
    size = next(
        (size for size in _sizes(13) if _height(paper, sections, size) <= _BODY_BOTTOM - _BODY_TOP),
        _sizes(13)[-1],
    )
    top = _BODY_TOP
    for title, lines in sections:
        top = paper.paragraph(MARGIN, top, INNER, title, size * 1.1, colour=ACCENT, strong=True)
        top += _GAP * line_height(size)
        for line in lines:
            paper.block(
                MARGIN + 0.8, top + (line_height(size) - _BULLET) / 2, _BULLET, _BULLET, ACCENT
            )
            top = paper.paragraph(MARGIN + _INDENT, top, INNER - _INDENT, line, size)
            top += _GAP * line_height(size)
        top += _SECTION_GAP * line_height(size)


def _height(paper: Paper, sections: list[Section], size: float) -> float:
    """Return the height of *sections* at *size*, in mm."""
    height = 0.0
    for title, lines in sections:
        height += len(paper.fold(title, INNER, size * 1.1)) * line_height(size * 1.1)
        folded = sum(len(paper.fold(line, INNER - _INDENT, size)) for line in lines)
        height += (folded + (len(lines) + 1) * _GAP + _SECTION_GAP) * line_height(size)
    return height
