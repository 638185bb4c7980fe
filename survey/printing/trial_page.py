"""The test print page, for whoever sets up a printer: what it spoils is seen before a run."""

from __future__ import annotations

from survey.core.wording import Translate
from survey.printing import poster, qr, tickets
from survey.printing.paper import FAINT, HEIGHT, INK, SOFT, WIDTH, Paper, line_height

_LEFT = 22.0
_RIGHT = WIDTH - _LEFT
_INNER = _RIGHT - _LEFT
_EDGES = (5.0, 10.0)
_GREYS = range(0, 101, 10)
_LINES = (0.1, 0.2, 0.3, 0.5)
_SIZES = (4.0, 5.0, 6.0, 8.0, 10.0)
_SAMPLE = "0" * 16


def trial_page(base_address: str, language: str, translate: Translate, size: str = "A4") -> bytes:
    """Return one page with a QR code of each size in use, none of which is a slip or a poster.

    *base_address* is where the codes lead: to a number that no slip has.
    """
    _ = translate
    paper = Paper(_("Test print"), language, size=size)
    paper.add_page()
    _draw_edges(paper, translate)
    paper.print(_LEFT, 26, _("Test print"), 22, strong=True)
    paper.print(_RIGHT, 26, size, 22, align="right", colour=SOFT)
    top = _draw_codes(paper, f"{base_address}/t/{_SAMPLE}", 34, translate)
    top = _draw_ruler(paper, top + 6, translate)
    top = _draw_greys(paper, top + 6, translate)
    top = _draw_lines(paper, top + 6, translate)
    _draw_checks(paper, top + 5, translate)
    return paper.finish()


def _draw_edges(paper: Paper, translate: Translate) -> None:
    """Draw a frame at each distance from the edge, and the marks to cut at."""
    _ = translate
    for edge in _EDGES:
        paper.frame(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge, colour=SOFT, thickness=0.2)
        label = _("%(distance)d mm from the edge") % {"distance": edge}
        paper.print(_LEFT, edge + 3.4, label, 8, colour=SOFT)
    for x in (15.0, WIDTH - 15):
        for y in (15.0, HEIGHT - 15):
            paper.rule((x - 4, y), (x + 4, y), colour=INK)
            paper.rule((x, y - 4), (x, y + 4), colour=INK)


def _draw_codes(paper: Paper, address: str, top: float, translate: Translate) -> float:
    _ = translate
    short, full = tickets.LAYOUTS[24].qr, tickets.LAYOUTS[10].qr
    labels = (
        (poster.QR_SIZE, _LEFT, top, _("Poster, %(size)d mm")),
        (full, _LEFT + 100, top, _("Ticket, 10 to a page, %(size)d mm")),
        (short, _LEFT + 100, top + 46, _("Ticket, 16 or 24 to a page, %(size)d mm")),
    )
    for side, x, y, label in labels:
        qr.draw(paper, address, x, y, side)
        paper.print(x, y + side + 6, label % {"size": side}, 9, colour=SOFT)
    return top + poster.QR_SIZE + 8


def _draw_ruler(paper: Paper, top: float, translate: Translate) -> float:
    _ = translate
    for millimetre in range(101):
        x = _LEFT + millimetre
        height = 4.0 if millimetre % 10 == 0 else 2.5 if millimetre % 5 == 0 else 1.4
        paper.rule((x, top), (x, top + height), colour=INK, thickness=0.15)
    paper.print(_LEFT + 104, top + 3.6, _("100 mm on A4, 141 mm on A3"), 9, colour=SOFT)
    return top + 5


def _draw_greys(paper: Paper, top: float, translate: Translate) -> float:
    width = _INNER / len(_GREYS)
    for position, percent in enumerate(_GREYS):
        level = round(255 * (100 - percent) / 100)
        x = _LEFT + position * width
        paper.block(x, top, width, 11, (level, level, level))
        paper.print(x + width / 2, top + 15, f"{percent} %", 8, colour=SOFT, align="centre")
    paper.frame(_LEFT, top, _INNER, 11, colour=FAINT, thickness=0.2)
    return top + 16


def _draw_lines(paper: Paper, top: float, translate: Translate) -> float:
    _ = translate
    for position, thickness in enumerate(_LINES):
        y = top + 2 + position * 4.5
        paper.rule((_LEFT, y), (_LEFT + 45, y), colour=INK, thickness=thickness)
        paper.print(_LEFT + 48, y + 1, f"{thickness} mm", 8, colour=SOFT)
    y = top
    for size in _SIZES:
        y += line_height(size)
        said = _("One slip, one answer; tear it up after use.")
        paper.print(_LEFT + 75, y, f"{size:g} pt  {said}", size)
    return max(y, top + 2 + len(_LINES) * 4.5) + 2


def _draw_checks(paper: Paper, top: float, translate: Translate) -> None:
    checks = _checks(translate)
    size = paper.fitting(
        checks, _INNER - 7, HEIGHT - 18 - top, [11, 10.5, 10, 9.5, 9, 8.5, 8, 7], 0.35
    )
    for check in checks:
        paper.frame(_LEFT + 0.3, top + line_height(size) / 2 - 1.6, 3.2, 3.2)
        top = paper.paragraph(_LEFT + 7, top, _INNER - 7, check, size)
        top += 0.35 * line_height(size)


def _checks(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("The ruler measures 100 mm (141 mm on A3): the printer does not shrink to fit the page."),
        _("All four corners have their cross and both frames are whole: nothing is cut off."),
        _(
            "A cheap phone reads each of the three codes at arm's length; it shows an address that "
            "ends with 0000 and says that this slip is unknown."
        ),
        _("Every step of grey differs from the next, and the first is as white as the paper."),
        _("The thinnest line is there, and 5 pt can be read by good eyes."),
        _("Slips are printed on one side only: what shows through disturbs a phone."),
    ]
