"""QR codes as one filled path each: quick to make, small in the file, sharp at any size."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from survey.printing.paper import HEIGHT, MM_PER_POINT, Paper

MASK = 1
"""Any of the eight masks is legal (ISO/IEC 18004, 7.8); of codes like ours this one has, on the
average, fewest of the patterns that disturb a reader. Choosing anew takes six times as long."""
QUIET = 4
"""Modules that stay white around a code (ISO/IEC 18004, 6.3.8)."""

_UPPER_SAFE = re.compile(r"/[hvt]/[0-9a-z]*", re.IGNORECASE)
_DARK_RUN = re.compile("1+")
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_ALPHANUMERIC = re.compile(f"[{re.escape(_CHARACTERS)}]+")


def coded(address: str) -> str:
    """Return *address* as the QR holds it: in upper case, which takes less room, where it may be.

    Scheme and host have no case, nor have our own paths /h/…, /t/… and /v/… right below the host.
    """
    parts = urlsplit(address)
    upper = address.upper()
    plain = not (parts.query or parts.fragment)
    if plain and _UPPER_SAFE.fullmatch(parts.path) and _ALPHANUMERIC.fullmatch(upper):
        return upper
    return address


def path(content: str) -> tuple[str, int]:
    """Return the path operators of the QR of *content*, one unit a module, and its modules a side.

    Rows are joined from left to right; the origin is the upper left corner, y points down.
    """
    runs, side = _dark_runs(content)
    return " ".join(f"{x} {y} {length} 1 re" for x, y, length in runs), side


def picture(content: str) -> str:
    """Return the QR of *content* as SVG, one unit a module, with the white around it."""
    runs, modules = _dark_runs(content)
    dark = "".join(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for x, y, length in runs)
    side = modules + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{dark}"/></svg>'
    )


def _dark_runs(content: str) -> tuple[list[tuple[int, int, int]], int]:
    """Return the dark runs of the QR of *content*, (x, y, length), and its modules a side."""
    if _ALPHANUMERIC.fullmatch(content):
        series = _series(len(content))
        modules, side = series.modules(content), series.side
    else:
        modules, side = _make(QRData(content))
    rows = f"{modules:0{side * side}b}"
    runs = [
        (run.start(), y, run.end() - run.start())
        for y in range(side)
        for run in _DARK_RUN.finditer(rows[y * side : (y + 1) * side])
    ]
    return runs, side


def _make(data: QRData) -> tuple[int, int]:
    """Return the modules of *data*, row by row from the highest bit, 1 is dark; and their side."""
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK)
    code.add_data(data)
    code.make(fit=False)
    dark = "".join("1" if module else "0" for row in code.modules for module in row)
    return int(dark, 2), code.modules_count


class _Series:
    """The QR codes of all alphanumeric contents of one length, added up instead of made anew.

    Two characters are eleven bits (ISO/IEC 18004, 7.4.4), error correction is linear and the mask
    is always the same. So the modules of a content are those of nothing but zeros, and for each bit
    that is set those that this bit turns (exclusive or). The library is asked once for each bit.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._zeros, self.side = self._of({})
        self._bits: dict[tuple[int, int], int] = {}
        self._pairs: dict[tuple[int, str], int] = {}

    def modules(self, content: str) -> int:
        """Return the modules of *content*, as `_make` does."""
        found = self._zeros
        for place in range(0, self._length, 2):
            found ^= self._pair(place, content[place : place + 2])
        return found

    def _pair(self, place: int, pair: str) -> int:
        """Return what *pair* at *place* turns."""
        key = (place, pair)
        if key not in self._pairs:
            value = _value(pair)
            turned = 0
            for bit in range(value.bit_length()):
                if value >> bit & 1:
                    turned ^= self._bit(place, bit)
            self._pairs[key] = turned
        return self._pairs[key]

    def _bit(self, place: int, bit: int) -> int:
        """Return what *bit* of the characters at *place* turns."""
        key = (place, bit)
        if key not in self._bits:
            width = min(2, self._length - place)
            self._bits[key] = self._zeros ^ self._of({place: _characters(1 << bit, width)})[0]
        return self._bits[key]

    def _of(self, written: dict[int, str]) -> tuple[int, int]:
        """Ask the library for zeros with *written* in them, by place."""
        content = "0" * self._length
        for place, characters in written.items():
            content = content[:place] + characters + content[place + len(characters) :]
        return _make(QRData(content, mode=MODE_ALPHA_NUM))


_series = cache(_Series)


def _value(pair: str) -> int:
    """Return the number that one or two characters are coded as."""
    return sum(
        len(_CHARACTERS) ** power * _CHARACTERS.index(sign)
        for power, sign in enumerate(reversed(pair))
    )


def _characters(value: int, width: int) -> str:
    """Return the one or two characters that are coded as *value*."""
    high, low = divmod(value, len(_CHARACTERS))
    return (_CHARACTERS[high] + _CHARACTERS[low])[-width:]


def draw(paper: Paper, address: str, x: float, y: float, size: float) -> None:
    """Draw the QR of *address*, *size* mm a side; keep four modules white around it."""
    strokes, modules = path(coded(address))
    scale = size / modules / MM_PER_POINT
    left, top = x / MM_PER_POINT, (HEIGHT - y) / MM_PER_POINT
    paper.draw_raw(f"0 g {scale:.4f} 0 0 {-scale:.4f} {left:.2f} {top:.2f} cm {strokes} f")
