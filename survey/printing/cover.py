"""The cover of a township's bundle: which villages it is for, what is in it, who takes it along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from survey.core.wording import Translate
from survey.printing.form import INNER, Form
from survey.printing.paper import Paper

_CODE, _COUNT, _TICK = 32.0, 24.0, 26.0
_WIDTHS = (_CODE, INNER - _CODE - 2 * _COUNT - _TICK, _COUNT, _COUNT, _TICK)


@dataclass(frozen=True)
class Bundled:
    """What a village gets: *posters* in this bundle, *slips* printed for it so far."""

    code: str
    village: str
    posters: int
    slips: int


@dataclass(frozen=True)
class CoverText:
    """What the cover says; this is bundle *number* of *bundles*, in the order of delivery."""

    township: str
    round_title: str
    office: str
    phone: str
    number: int
    bundles: int
    villages: tuple[Bundled, ...]
    mark: str = ""


def draw(paper: Paper, text: CoverText, language: str, translate: Translate) -> None:
    """Draw the cover on new pages of *paper*."""
    _ = translate
    form = Form(text.township, text.office, language, translate, text.mark, paper=paper)
    form.heading(text.round_title)
    form.facts(_facts(text, translate))
    form.section(_("What is in it"))
    form.table(_WIDTHS, _head(translate), _rows(text))
    form.section(_("Handed over"))
    form.signatures(_signers(translate))
    form.number_pages()


def words(text: CoverText, language: str, translate: Translate) -> Iterable[str]:
    """Yield everything that the cover prints, for a font to be cut to."""
    _ = translate
    yield from (text.township, text.office, text.round_title, text.mark)
    yield from (_("What is in it"), _("Handed over"), _("Page %(page)d of %(pages)d"))
    yield from (*_head(translate), *_signers(translate))
    for pair in _facts(text, translate):
        yield from pair
    for row in _rows(text):
        yield from row


def _facts(text: CoverText, translate: Translate) -> list[tuple[str, str]]:
    _ = translate
    numbers = {"number": text.number, "bundles": text.bundles}
    return [
        (_("Bundle"), _("%(number)d of %(bundles)d") % numbers),
        (_("Villages"), str(len(text.villages))),
        (_("Posters"), str(sum(village.posters for village in text.villages))),
        (_("Slips printed"), str(sum(village.slips for village in text.villages))),
        (_("Whom to call"), text.phone),
    ]


def _head(translate: Translate) -> tuple[str, ...]:
    _ = translate
    return (_("Code"), _("Village"), _("Posters"), _("Slips"), _("Delivered"))


def _rows(text: CoverText) -> Iterable[tuple[str, ...]]:
    for village in text.villages:
        slips = str(village.slips) if village.slips else "—"
        yield (village.code, village.village, str(village.posters), slips, "□")


def _signers(translate: Translate) -> list[str]:
    _ = translate
    return [_("Handed over by"), _("Received by"), _("Date")]
