"""Reads printed pages back: their text, where it stands, their QR codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import pypdfium2
import zxingcpp
from babel.messages.pofile import read_po

import survey

MM = 72 / 25.4
A4 = (210, 297)
TRANSLATIONS = Path(survey.__file__).parent / "translations" / "zh"


@cache
def _chinese() -> dict[str, str]:
    messages: dict[str, str] = {}
    for path in TRANSLATIONS.rglob("*.po"):
        with path.open("rb") as file:
            messages |= {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
    return messages


def chinese(message: str) -> str:
    """Translate, and fail where a translation is missing."""
    assert _chinese().get(message), f"not translated: {message}"
    return _chinese()[message]


def english(message: str) -> str:
    return message


@dataclass(frozen=True)
class Box:
    """Where one sign stands, in mm from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def collisions(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """The pairs of signs that lie on each other by more than a hair."""
    hair = 0.15
    slim = [
        Box(box.left + hair, box.top + hair, box.right - hair, box.bottom - hair) for box in boxes
    ]
    return [pair for pair in combinations(slim, 2) if pair[0].touches(pair[1])]


def open_pages(document: bytes) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(document))


def text_of(page: pypdfium2.PdfPage) -> str:
    """The text without any white space, since a fold may stand anywhere."""
    return "".join(page.get_textpage().get_text_range().split())


def boxes_of(page: pypdfium2.PdfPage) -> Iterator[Box]:
    text = page.get_textpage()
    for position in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(position)
        if right > left and top > bottom:
            yield Box(left / MM, A4[1] - top / MM, right / MM, A4[1] - bottom / MM)


def codes_of(page: pypdfium2.PdfPage, scale: float = 2.5) -> list[zxingcpp.Barcode]:
    """The QR codes of *page*, rendered at 72 dots an inch times *scale*."""
    image = page.render(scale=scale).to_pil()
    return zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)


def codes_on(pdf: bytes) -> list[list[str]]:
    """What the QR codes of *pdf* hold, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [[code.text for code in codes_of(page)] for page in document]
    document.close()
    return pages


def side_of(code: zxingcpp.Barcode) -> float:
    """How long the side of a code is, in mm."""
    corners = code.position
    return (corners.top_right.x - corners.top_left.x) / 2.5 / MM
