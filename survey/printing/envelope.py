"""The sheet with one half of a round's key, for its holder: a copy to keep and a spare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.wording import Translate
from survey.printing import dates
from survey.printing.paper import ACCENT, HEIGHT, INK, SOFT, WIDTH, Paper, line_height
from survey.printing.ticket_words import alone

MARGIN = 20.0
INNER = WIDTH - 2 * MARGIN

_HALF_TOP, _HALF_HEIGHT = 40.0, 19.0
_RULES_TOP, _RULES_HEIGHT = 64.0, 74.0


@dataclass(frozen=True)
class EnvelopeText:
    """What the sheet says; *half* in its printed form, *holder* 1 or 2."""

    round_title: str
    office: str
    phone: str
    half: str
    holder: int
    closes_at: datetime
    two_person: bool = True
    mark: str = ""


def envelope(text: EnvelopeText, language: str, translate: Translate) -> bytes:
    """Return one A4 page: above the cut line the holder's copy, below it the spare copy."""
    _ = translate
    paper = Paper(_("Key half"), language, text.mark)
    paper.add_page()
    middle = HEIGHT / 2
    _draw_copy(paper, text, 12, _("Copy to keep"), language, translate)
    paper.rule((6, middle), (WIDTH - 6, middle), colour=SOFT, thickness=0.3, dashed=True)
    _draw_copy(paper, text, middle + 6, _("Spare copy"), language, translate)
    return paper.finish()


def _draw_copy(
    paper: Paper, text: EnvelopeText, top: float, copy: str, language: str, translate: Translate
) -> None:
    _ = translate
    paper.block(MARGIN, top, INNER, 1, ACCENT)
    office = min(10.5, 10.5 * 120 / max(paper.width(text.office, 10.5), 1))
    paper.print(MARGIN, top + 7.5, text.office, office, colour=SOFT)
    paper.print(WIDTH - MARGIN, top + 7.5, copy, 10.5, colour=SOFT, align="right")
    title = _("Half number %(holder)d of the key") % {"holder": text.holder}
    paper.print(MARGIN, top + 19.5, title, 24, strong=True)
    size = paper.fitting([text.round_title], INNER, 14, range(14, 5, -1))
    paper.paragraph(MARGIN, top + 23.5, INNER, text.round_title, size, colour=SOFT)
    _draw_half(paper, text.half, top + _HALF_TOP)
    _draw_rules(paper, _rules(text, language, translate), top + _RULES_TOP)


def _draw_half(paper: Paper, half: str, top: float) -> None:
    paper.block(MARGIN, top, INNER, _HALF_HEIGHT, (233, 240, 246))
    shown = half.replace("-", " - ")
    size = min(25.0, 25.0 * (INNER - 12) / paper.width(shown, 25))
    paper.print(WIDTH / 2, top + 12.6, shown, size, colour=INK, align="centre", strong=True)


def _rules(text: EnvelopeText, language: str, translate: Translate) -> list[str]:
    _ = translate
    values = {
        "closes": dates.full(text.closes_at, language),
        "other": 3 - text.holder,
        "phone": text.phone,
    }
    rules = [
        _(
            "What it is for: after the deadline, %(closes)s, both holders type their halves, and "
            "only then can the ballot box be opened."
        ),
        _(
            "Keep it in an envelope, closed and signed across the flap. Put the spare copy into "
            "an envelope of its own and keep it in another place."
        ),
        _("No photograph, no message, nobody else; and never together with half number %(other)d."),
        _(
            "If both copies of this half are lost, the answers of this round are lost: nobody can "
            "open the box any more. If one is lost or somebody has seen it, call %(phone)s at once."
        ),
        _("After the seal both envelopes are destroyed before witnesses."),
    ]
    if not text.two_person:
        rules.append(alone(translate))
    return [rule % values for rule in rules]


def _draw_rules(paper: Paper, rules: list[str], top: float) -> None:
    sizes = [half / 2 for half in range(24, 10, -1)]
    size = paper.fitting(rules, INNER - 6, _RULES_HEIGHT, sizes, gap=0.3)
    for rule in rules:
        paper.block(MARGIN, top + line_height(size) / 2 - 0.8, 1.6, 1.6, ACCENT)
        top = paper.paragraph(MARGIN + 6, top, INNER - 6, rule, size)
        top += 0.3 * line_height(size)
