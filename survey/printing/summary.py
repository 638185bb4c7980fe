"""What a village hangs up after a round: what was asked, how many answered, what came out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey.core.wording import Translate
from survey.printing.form import BOTTOM, INNER, MARGIN
from survey.printing.paper import ACCENT, HEIGHT, SOFT, WIDTH, Paper, line_height
from survey.printing.typeface import cut

_SIZES = (19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0)
_GAP = 4.5


@dataclass(frozen=True)
class Told:
    """A part of the notice: its heading, and what it says."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class SummaryText:
    """What the notice says; *result* is the decided rating as one word."""

    village: str
    round_title: str
    office: str
    result: str
    parts: tuple[Told, ...]
    mark: str = ""


def summary(text: SummaryText, language: str, translate: Translate) -> bytes:
    """Return one A4 page in the largest type in which all of it fits."""
    face = cut(_words(text, translate))
    paper = Paper(f"{text.village} · {text.round_title}", language, text.mark, typeface=face)
    paper.add_page()
    top = _head(paper, text, translate)
    size = _fitting(paper, text.parts, BOTTOM - top)
    for part in text.parts:
        top = paper.paragraph(
            MARGIN, top, INNER, part.heading, size * 0.8, colour=ACCENT, strong=True
        )
        for sentence in part.sentences:
            top = paper.paragraph(MARGIN, top, INNER, sentence, size)
        top += _GAP
    paper.print(WIDTH - MARGIN, HEIGHT - 10, text.office, 10, colour=SOFT, align="right")
    return paper.finish()


def _words(text: SummaryText, translate: Translate) -> Iterator[str]:
    """Yield everything that is written on it, for a font to be cut to."""
    yield from (text.village, text.round_title, text.office, text.mark, _result(text, translate))
    for part in text.parts:
        yield part.heading
        yield from part.sentences


def _result(text: SummaryText, translate: Translate) -> str:
    _ = translate
    return _("Result: %(rating)s") % {"rating": text.result}


def _head(paper: Paper, text: SummaryText, translate: Translate) -> float:
    paper.block(MARGIN, 14, INNER, 1.4, ACCENT)
    top = paper.paragraph(MARGIN, 19, INNER, text.round_title, 13, colour=SOFT)
    size = paper.fitting([text.village], INNER, line_height(38), (38, 30, 24, 19))
    top = paper.paragraph(MARGIN, top, INNER, text.village, size, strong=True)
    words = _result(text, translate)
    size = paper.fitting([words], INNER, line_height(30), (30, 24, 19))
    return paper.paragraph(MARGIN, top + 2, INNER, words, size, colour=ACCENT, strong=True) + 5


def _fitting(paper: Paper, parts: Sequence[Told], height: float) -> float:
    """Return the largest size at which *parts* stay within *height* mm, else the smallest."""
    return next((size for size in _SIZES if _height(paper, parts, size) <= height), _SIZES[-1])


def _height(paper: Paper, parts: Sequence[Told], size: float) -> float:
    high = 0.0
    for part in parts:
        high += len(paper.fold(part.heading, INNER, size * 0.8)) * line_height(size * 0.8) + _GAP
        lines = sum(len(paper.fold(sentence, INNER, size)) for sentence in part.sentences)
        high += lines * line_height(size)
    return high
