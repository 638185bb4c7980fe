"""QR codes as one filled path each: quick to make, small in the file, sharp at any size."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from survey.printing.paper import HEIGHT, MM_PER_POINT, Paper

MASK = 1
"""Any of the eight masks is legal (ISO/IEC 18004, 7.8); of codes like ours this one has, on the
average, fewest of the patterns that disturb a reader. Choosing anew takes six times as long."""
QUIET = 4
"""Modules that stay white around a code (ISO/IEC 18004, 6.3.8)."""

_UPPER_SAFE = re.compile(r"/[hvt]/[0-9a-z]*", re.IGNORECASE)
_DARK_RUN = re.compile(b"\x01+")
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")


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
    runs, modules = _dark_runs(content)
    return " ".join(f"{x} {y} {length} 1 re" for x, y, length in runs), modules


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
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK)
    code.add_data(content, optimize=0)
    code.make(fit=False)
    runs = [
        (run.start(), y, run.end() - run.start())
        for y, row in enumerate(code.modules)
        for run in _DARK_RUN.finditer(bytes(row))
    ]
    return runs, code.modules_count


def draw(paper: Paper, address: str, x: float, y: float, size: float) -> None:
    """Draw the QR of *address*, *size* mm a side; keep four modules white around it."""
    strokes, modules = path(coded(address))
    scale = size / modules / MM_PER_POINT
    left, top = x / MM_PER_POINT, (HEIGHT - y) / MM_PER_POINT
    paper.draw_raw(f"0 g {scale:.4f} 0 0 {-scale:.4f} {left:.2f} {top:.2f} cm {strokes} f")
