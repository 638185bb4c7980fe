"""Posters and tickets of a round of 41 villages, and what their libraries alone would take."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from fpdf import FPDF
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from survey.core.codes import make_poster_code, make_ticket_code
from survey.core.register import Entry, read_rows
from survey.printing import archive, qr
from survey.printing.poster import PosterText
from survey.printing.poster import cut_typeface as posters_typeface
from survey.printing.poster import posters as print_posters
from survey.printing.tickets import TicketText, sheet
from survey.printing.tickets import cut_typeface as tickets_typeface
from survey.printing.typeface import Typeface, font_path
from survey.reports import register_file

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "tests" / "data" / "registers" / "rectification-41.utf8-bom.csv"
BASE = "https://pingyi.example.org"
TITLE, PHONE = "群众测评", "0000-1234567"
DEADLINE = datetime(2026, 12, 8, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
TICKETS, VILLAGES, SAMPLE = 10_000, 41, 1_000
EACH = TICKETS // VILLAGES
POSTERS, TOWNSHIP = 10_000, 20
QR_MM, POSTER_MM = 30.0, 82.0
SLIP = (
    "微信扫一扫，两分钟，不用写名字",
    "扫不开就输：https://pingyi.example.org/t/ 再输上面的号",
    "一张票答一次，用完撕掉；12月8日（星期二）18:00截止",
    "有人逼您填、替您填、收您的票：打0000-1234567",
)
"""What a slip says beside names and number; the plain way has to print it too."""

Work = Callable[[], object]


def posters(folder: Path) -> Work:
    """One page for each village."""
    texts = [_poster_text(village) for village in _villages()]
    return lambda: (folder / "posters.pdf").write_bytes(print_posters(texts, "zh", _chinese()))


def tickets(folder: Path) -> Work:
    """One PDF, as for a very large village."""
    text, codes = _ticket_text(_villages()[0]), _codes(TICKETS)
    return lambda: (folder / "tickets.pdf").write_bytes(sheet(text, codes, "zh", _chinese()))


def archive_of(folder: Path) -> Work:
    """One PDF for each village, streamed into one ZIP, as `survey.papers` does it."""
    villages = [(_ticket_text(village), _codes(EACH)) for village in _villages()]
    texts = [text for text, _ in villages]
    face = cache(partial(tickets_typeface, texts, "zh", _chinese()))
    files = [
        (f"{place}.pdf", partial(_sheet, text, codes, face))
        for place, (text, codes) in enumerate(villages)
    ]
    return lambda: _write(folder / "tickets.zip", files)


def _sheet(text: TicketText, codes: list[str], face: Callable[[], Typeface]) -> bytes:
    return sheet(text, codes, "zh", _chinese(), face=face())


def many_posters(folder: Path) -> Work:
    """As many posters as tickets, in one PDF."""
    texts = _many_posters()
    return lambda: (folder / "posters.pdf").write_bytes(print_posters(texts, "zh", _chinese()))


def bundles(folder: Path) -> Work:
    """As many posters as tickets, a PDF for each township, streamed into one ZIP."""
    texts = _many_posters()
    face = cache(partial(posters_typeface, texts, "zh", _chinese()))
    files = [
        (f"{start}.pdf", partial(_bundle, texts[start : start + TOWNSHIP], face))
        for start in range(0, POSTERS, TOWNSHIP)
    ]
    return lambda: _write(folder / "posters.zip", files)


def _bundle(texts: list[PosterText], face: Callable[[], Typeface]) -> bytes:
    return print_posters(texts, "zh", _chinese(), face=face())


def _many_posters() -> list[PosterText]:
    villages = [_poster_text(village) for village in _villages()]
    return [
        replace(villages[number % len(villages)], address=f"{BASE}/v/{make_poster_code()}")
        for number in range(POSTERS)
    ]


def _write(path: Path, files: list[tuple[str, Callable[[], bytes]]]) -> None:
    with path.open("wb") as target:
        target.writelines(archive.stream(files))


def pages(folder: Path) -> Work:
    """Floor of the posters: as many pages, the font, one line on each."""
    names = [village.name for village in _villages()]
    return lambda: _print_names(names).output(str(folder / "pages.pdf"))


def _print_names(names: list[str]) -> FPDF:
    pdf = _paper()
    for name in names:
        pdf.add_page()
        pdf.set_font("noto", size=40)
        pdf.text(20, 40, name)
    return pdf


def codes(folder: Path) -> Work:
    """Floor of the tickets: the modules of as many codes; nothing is drawn, nothing kept."""
    addresses = _addresses(TICKETS)
    return lambda: sum(len(_modules(address, qr.MASK)) for address in addresses)


def plain(folder: Path) -> Work:
    """The plain way with the same libraries: no mask given, a rectangle for each dark module."""
    addresses = _addresses(SAMPLE)
    return lambda: _print_plainly(addresses).output(str(folder / "plain.pdf"))


def plain_whole(folder: Path) -> Work:
    """All of them the plain way, for the memory; a mask is given, which changes nothing in it."""
    addresses = _addresses(TICKETS)
    return lambda: _print_plainly(addresses, qr.MASK).output(str(folder / "plain.pdf"))


def _print_plainly(addresses: list[str], mask: int | None = None) -> FPDF:
    pdf = _paper()
    for place, address in enumerate(addresses):
        if place % 10 == 0:
            pdf.add_page()
        left, top = 10 + place % 2 * 95, 17 + place % 10 // 2 * 53
        _rectangles(pdf, address, left, top, QR_MM, mask)
        pdf.set_font("noto", size=8)
        for line, said in enumerate(("前柳屯村", f"青柳镇 · {TITLE}", *SLIP)):
            pdf.text(left + 35, top + 5 + line * 5, said)
        for group in range(4):
            pdf.text(left + 35 + group * 13, top + 36, address[-16:][4 * group :][:4])
    return pdf


def plain_posters(folder: Path) -> Work:
    """Posters the plain way: no mask given, a rectangle for each dark module, every text set."""
    texts = _many_posters()[:SAMPLE]
    return lambda: _post_plainly(texts).output(str(folder / "plain.pdf"))


def plain_posters_whole(folder: Path) -> Work:
    """All of them the plain way, for the memory."""
    texts = _many_posters()
    return lambda: _post_plainly(texts, qr.MASK).output(str(folder / "plain.pdf"))


def _post_plainly(texts: list[PosterText], mask: int | None = None) -> FPDF:
    pdf = _paper()
    for text in texts:
        pdf.add_page()
        _rectangles(pdf, qr.coded(text.address), 16, 94, POSTER_MM, mask)
        said = (text.office, text.township, text.village, text.address, *SLIP, *SLIP, *SLIP)
        pdf.set_font("noto", size=16)
        for line, one in enumerate(said):
            pdf.text(16, 190 + line * 6, one)
    return pdf


def _rectangles(
    pdf: FPDF, address: str, left: float, top: float, size: float, mask: int | None
) -> None:
    modules = _modules(address, mask)
    side = size / len(modules)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                pdf.rect(left + x * side, top + y * side, side, side, style="F")


def _modules(address: str, mask: int | None = None) -> list[list[bool | None]]:
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=mask)
    code.add_data(address, optimize=0)
    code.make(fit=mask is None)
    return code.modules


def _paper() -> FPDF:
    pdf = FPDF(format="A4")
    pdf.add_font("noto", fname=font_path())
    return pdf


def _addresses(number: int) -> list[str]:
    return [qr.coded(f"{BASE}/t/{code}") for code in _codes(number)]


def _codes(number: int) -> list[str]:
    return [make_ticket_code() for _ in range(number)]


def _villages() -> list[Entry]:
    with REGISTER.open("rb") as stream:
        return list(read_rows(register_file.read(stream, REGISTER.name)).entries)


@cache
def _chinese() -> Callable[[str], str]:
    folder = ROOT / "survey" / "translations"
    return gettext.translation("messages", folder, ["zh"]).gettext


def _poster_text(village: Entry) -> PosterText:
    return PosterText(
        village=village.name,
        township=village.township,
        title=TITLE,
        address=f"{BASE}/v/{make_poster_code()}",
        office="市委组织部",
        phone=PHONE,
        deadline=DEADLINE,
        help_on=date(2026, 12, 6),
        help_place="村委会院里",
        results_on=date(2026, 12, 18),
        results_place="村务公开栏",
        key_holding="halves",
        access="both",
    )


def _ticket_text(village: Entry) -> TicketText:
    return TicketText(
        village=village.name,
        township=village.township,
        title=TITLE,
        address=f"{BASE}/t/",
        phone=PHONE,
        deadline=DEADLINE,
        key_holding="halves",
    )
