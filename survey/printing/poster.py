"""The poster (张贴码) of a village: one page that says what it is and why it is safe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from urllib.parse import urlsplit

from survey.core.wording import Translate
from survey.printing import cover, dates, qr, typeface
from survey.printing.cover import CoverText
from survey.printing.paper import ACCENT, INK, SOFT, WIDTH, Paper, line_height
from survey.printing.typeface import Typeface

MARGIN = 16.0
INNER = WIDTH - 2 * MARGIN
QR_SIZE = 82.0

_HEAD = 20.5
_NAME_TOP, _NAME_HEIGHT = 33.0, 34.0
_HEADLINE_HEIGHT = 14.0
_CODE_TOP = 94.0
_BESIDE = MARGIN + QR_SIZE + 14
_BESIDE_WIDTH = WIDTH - MARGIN - _BESIDE
_BODY_TOP, _BODY_BOTTOM = 190.0, 284.0
_INDENT = 7.0
_GAP = 0.42
_PHRASE = re.compile("(?<=[，,:]) *")


@dataclass(frozen=True)
class PosterText:
    """What one poster says, in the language of the paper; *deadline* in the office's time zone.

    *address* is printed as it is. *access* is ``poster``, ``ticket`` (the address is then where the
    code of a ticket is typed) or ``both``; *key_holding* is ``halves`` or ``server``.
    """

    village: str
    township: str
    title: str
    address: str
    office: str
    phone: str
    deadline: datetime
    help_on: date
    help_place: str
    results_on: date
    results_place: str
    key_holding: str
    access: str
    minutes: int = 2
    mark: str = ""

    @property
    def host(self) -> str:
        """What every honest address of this round begins with."""
        return urlsplit(self.address).netloc


@dataclass(frozen=True)
class _Words:
    """What the posters of a round say alike; *call* and the rest stand beside the QR code."""

    headline: str
    call: tuple[str, ...]
    typed: str
    notes: tuple[str, ...]
    body: tuple[str, ...]


def _words(text: PosterText, language: str, translate: Translate) -> _Words:
    _ = translate
    return _Words(
        headline=_("Please say a fair word about the affairs of this village"),
        call=tuple(_PHRASE.split(_call(text, translate))),
        typed=_("If scanning fails, type:"),
        notes=tuple(_notes(text.access, translate)),
        body=tuple(_body(text, language, translate)),
    )


def _nameless(text: PosterText) -> PosterText:
    """Return *text* without what tells one poster of a round from another."""
    return replace(text, village="", township="", address=f"//{text.host}")


def posters(
    texts: Sequence[PosterText | CoverText],
    language: str,
    translate: Translate,
    *,
    size: str = "A4",
    face: Typeface | None = None,
) -> bytes:
    """Return one page for each of *texts*, in their order; a cover may take several.

    *size* is ``A4`` or ``A3``; *face* is what `cut_typeface` returned for these texts among others.
    """
    _ = translate
    face = face or cut_typeface(texts, language, translate)
    paper = Paper(_("Posters"), language, size=size, typeface=face)
    drawn = _Drawn(paper, cache(lambda text: _words(text, language, translate)))
    for text in texts:
        paper.mark = text.mark
        if isinstance(text, CoverText):
            cover.draw(paper, text, language, translate)
        else:
            drawn.draw(text)
    return paper.finish()


def cut_typeface(
    texts: Iterable[PosterText | CoverText], language: str, translate: Translate
) -> Typeface:
    """Return the font for the pages of all of *texts*, cut once."""
    found: set[str] = set(translate("Posters"))
    alike: set[PosterText] = set()
    for text in texts:
        if isinstance(text, CoverText):
            found.update(*cover.words(text, language, translate))
        else:
            found.update(text.village, text.township, text.address)
            alike.add(_nameless(text))
    for text in alike:
        words = _words(text, language, translate)
        found.update(text.office, text.title, text.mark, words.headline, words.typed)
        found.update(*words.call, *words.notes, *words.body)
    return typeface.cut(found)


class _Drawn:
    """Posters on one paper; what is the same on many is set once and then repeated."""

    def __init__(self, paper: Paper, words: Callable[[PosterText], _Words]) -> None:
        self._paper = paper
        self._words = words
        self._records: dict[tuple[object, ...], str] = {}

    def draw(self, text: PosterText) -> None:
        """Draw the poster of *text* on a new page."""
        paper = self._paper
        words = self._words(_nameless(text))
        paper.add_page()
        self._once(("head", text.office, text.title), lambda: _draw_head(paper, text))
        _draw_name(paper, text, words.headline)
        qr.draw(paper, text.address, MARGIN, _CODE_TOP, QR_SIZE)
        self._once(("call", *words.call), lambda: _draw_call(paper, words.call))
        _draw_said(paper, text.address, words)
        self._once(("body", *words.body), lambda: _draw_body(paper, words.body))

    def _once(self, key: tuple[object, ...], draw: Callable[[], None]) -> None:
        if key in self._records:
            self._paper.draw_raw(self._records[key])
        else:
            self._records[key] = self._paper.record(draw)


def _draw_head(paper: Paper, text: PosterText) -> None:
    paper.block(MARGIN, 12, INNER, 1.4, ACCENT)
    paper.print(MARGIN, _HEAD, text.office, _one_line(paper, text.office, 110, 13), colour=SOFT)
    size = _one_line(paper, text.title, 60, 13)
    paper.print(WIDTH - MARGIN, _HEAD, text.title, size, colour=SOFT, align="right")


def _draw_name(paper: Paper, text: PosterText, headline: str) -> None:
    township = _one_line(paper, text.township, INNER, 18)
    paper.print(MARGIN, _NAME_TOP + 1, text.township, township, colour=SOFT)
    name = paper.fitting([text.village], INNER, _NAME_HEIGHT, range(68, 5, -1))
    top = paper.paragraph(MARGIN, _NAME_TOP + 3, INNER, text.village, name, strong=True)
    size = paper.fitting([headline], INNER, _HEADLINE_HEIGHT, range(28, 5, -1))
    paper.paragraph(MARGIN, top, INNER, headline, size)


def _one_line(paper: Paper, text: str, width: float, size: float) -> float:
    """Return *size*, or what fits of it where *text* is wider than *width*."""
    return min(size, size * width / max(paper.width(text, size), 1))


def _call_size(paper: Paper, call: Sequence[str]) -> float:
    return paper.fitting(call, _BESIDE_WIDTH, 46, range(32, 5, -1))


def _draw_call(paper: Paper, call: Sequence[str]) -> None:
    size = _call_size(paper, call)
    top = _CODE_TOP - 2
    for phrase in call:
        top = paper.paragraph(_BESIDE, top, _BESIDE_WIDTH, phrase, size, colour=ACCENT, strong=True)


def _draw_said(paper: Paper, address: str, words: _Words) -> None:
    """Draw below the call what to type where scanning fails."""
    size = _call_size(paper, words.call)
    lines = sum(len(paper.fold(phrase, _BESIDE_WIDTH, size)) for phrase in words.call)
    top = _CODE_TOP - 2 + lines * line_height(size) + 4
    said = (words.typed, address, *words.notes)
    size = paper.fitting(said, _BESIDE_WIDTH, _CODE_TOP + QR_SIZE - top, range(16, 5, -1), _GAP)
    for line in said:
        colour = INK if line == address else SOFT
        top = paper.paragraph(_BESIDE, top, _BESIDE_WIDTH, line, size, colour=colour)
        top += _GAP * line_height(size)


def _notes(access: str, translate: Translate) -> list[str]:
    _ = translate
    return {
        "poster": [],
        "ticket": [_("The slip cannot be scanned? Scan here and type its number.")],
        "both": [
            _("Got a slip? Scan the slip: slips make the score, this code is for opinions only.")
        ],
    }[access]


def _call(text: PosterText, translate: Translate) -> str:
    _ = translate
    words = {"minutes": minutes_in_words(text.minutes, translate)}
    if text.access == "ticket":
        return _("Scan the code of your slip with WeChat: %(minutes)s minutes, no name") % words
    return _("Scan with WeChat: %(minutes)s minutes, no name") % words


def minutes_in_words(minutes: int, translate: Translate) -> str:
    """Return the number as one says it: two is a word, others are digits."""
    _ = translate
    return _("two") if minutes == 2 else str(minutes)


def _body(text: PosterText, language: str, translate: Translate) -> list[str]:
    _ = translate
    values = {"host": text.host} | dates.announced(text, language)
    return [
        promise(text.key_holding, text.access, translate),
        _(
            "It costs nothing. No ID card, no bank card, no verification code, no download, "
            "no account to follow. If the address does not begin with %(host)s, leave it."
        )
        % values,
        _("Not sure? Call %(phone)s and ask.") % values,
        _(
            "No phone, or cannot read? On %(help_on)s at %(help_place)s people from another "
            "township help you; village officials may not fill it in for you."
        )
        % values,
        forced(text.access, text.phone, translate),
        _("Closes %(deadline)s; results hang at %(results_place)s on %(results_on)s.") % values,
        _("If WeChat does not open it, use the phone's own browser."),
    ]


def promise(key_holding: str, access: str, translate: Translate) -> str:
    """Return why nobody learns whose answer it is, no stronger than the round's key allows."""
    _ = translate
    return {
        ("halves", False): _(
            "Nobody can find out that an answer is yours: no name, no number; opened only after "
            "the deadline, mixed first, and only village totals are counted."
        ),
        ("halves", True): _(
            "Nobody can find out that an answer is yours: no name, no number; slips come from a "
            "bag, so nobody knows yours; opened only after the deadline, mixed first, and only "
            "village totals are counted."
        ),
        ("server", False): _(
            "No name, no number; stored encrypted, whoever runs the server holds the key; mixed "
            "after the deadline, and only village totals are counted."
        ),
        ("server", True): _(
            "No name, no number; slips come from a bag, so nobody knows yours; stored encrypted, "
            "whoever runs the server holds the key; mixed after the deadline, and only village "
            "totals are counted."
        ),
    }[key_holding, access != "poster"]


def forced(access: str, phone: str, translate: Translate) -> str:
    """Return whom to call when somebody interferes; slips are named where there are any."""
    _ = translate
    if access == "poster":
        return _("If anyone forces you or fills it in for you, call %(phone)s.") % {"phone": phone}
    return _("If anyone forces you, fills it in for you or takes your slip, call %(phone)s.") % {
        "phone": phone
    }


def _draw_body(paper: Paper, paragraphs: Sequence[str]) -> None:
    width = INNER - _INDENT
    height = _BODY_BOTTOM - _BODY_TOP
    size = paper.fitting(paragraphs, width, height, [half / 2 for half in range(34, 10, -1)], _GAP)
    top = _BODY_TOP
    for position, paragraph in enumerate(paragraphs):
        paper.block(MARGIN, top + line_height(size) / 2 - 1, 2, 2, ACCENT)
        strong = position == 0
        top = paper.paragraph(MARGIN + _INDENT, top, width, paragraph, size, strong=strong)
        top += _GAP * line_height(size)
