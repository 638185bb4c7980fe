"""The font: where it lies, and cut once to the signs that many papers print.

It is Noto Sans SC (SIL Open Font License) as the package zhplot ships it: 30,000 signs in 10 MB.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from string import printable
from struct import Struct
from typing import TYPE_CHECKING

from survey.core.errors import Missing
from survey.core.wording import N_

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph

MISSING_CHARACTER = "〓"
"""The printers' sign for a character that the font lacks."""

_UNICODE = (3, 10)
"""Platform and encoding of the table of all of Unicode (OpenType, cmap, format 12)."""
_SHORT, _LONG = Struct(">H"), Struct(">L")
_SUBTABLE, _GROUP = Struct(">HHL"), Struct(">LLL")
_PLACE, _WIDTH = Struct(">LL"), Struct(">Hh")


@cache
def font_path() -> Path:
    """Return where the font lies; raises `Missing` when its package is not installed."""
    package = find_spec("zhplot")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        path = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if path.is_file():
            return path
    raise Missing(N_("The font for printing is missing. Install the requirements again."))


@dataclass(frozen=True)
class Typeface:
    """The font cut to *signs*; of these *program* holds those that the font has."""

    program: bytes
    signs: frozenset[str]


def cut(texts: Iterable[str]) -> Typeface:
    """Return the font with every sign of *texts*, of ASCII, and the one for a missing sign.

    Only what is needed is read of the file: fontTools' own subsetter reads all of it, which takes
    30 MB and most of the time. The library is imported here: a process that serves respondents has
    no use for it.
    """
    from fontTools.ttLib import TTFont

    signs = frozenset(unicodedata.normalize("NFC", "".join(texts)) + printable + MISSING_CHARACTER)
    with TTFont(font_path(), lazy=True) as font:
        glyphs = _glyph_numbers(font.reader["cmap"], sorted(map(ord, signs)))
        return Typeface(_build(font, glyphs), signs)


def _glyph_numbers(table: bytes, codes: Sequence[int]) -> dict[int, int]:
    """Return the number of the glyph of each of *codes* that *table* (``cmap``) knows."""
    (count,) = _SHORT.unpack_from(table, 2)
    subtables = [_SUBTABLE.unpack_from(table, 4 + 8 * place) for place in range(count)]
    start = next(offset for platform, kind, offset in subtables if (platform, kind) == _UNICODE)
    (groups,) = _LONG.unpack_from(table, start + 12)
    found = {}
    for first, last, glyph in _GROUP.iter_unpack(table[start + 16 : start + 16 + 12 * groups]):
        for code in codes[bisect_left(codes, first) : bisect_right(codes, last)]:
            found[code] = glyph + code - first
    return found


def _build(font: TTFont, glyphs: dict[int, int]) -> bytes:
    """Return a font of *glyphs*, numbers by code, as they are in *font*."""
    from fontTools.fontBuilder import FontBuilder

    named = {".notdef": 0} | {f"u{code:04X}": number for code, number in glyphs.items()}
    widths = font.reader["hmtx"]
    builder = FontBuilder(font["head"].unitsPerEm)
    builder.setupGlyphOrder(list(named))
    builder.setupCharacterMap({code: f"u{code:04X}" for code in glyphs})
    builder.setupGlyf({name: _outline(font, number) for name, number in named.items()})
    builder.setupHorizontalMetrics(
        {name: _WIDTH.unpack_from(widths, 4 * number) for name, number in named.items()}
    )
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupNameTable({"familyName": "Noto Sans SC", "fullName": "Noto Sans SC"})
    builder.setupOS2(sCapHeight=font["OS/2"].sCapHeight, usWeightClass=font["OS/2"].usWeightClass)
    builder.setupPost(keepGlyphNames=False)
    program = BytesIO()
    builder.save(program)
    return program.getvalue()


def _outline(font: TTFont, number: int) -> Glyph:
    """Return one glyph, read from its place in the file; this font has no composite ones."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    start, end = _PLACE.unpack_from(font.reader["loca"], 4 * number)
    font.reader.file.seek(font.reader.tables["glyf"].offset + start)
    outline = Glyph(font.reader.file.read(end - start))
    if outline.isComposite():
        raise ValueError(f"glyph {number} is made of others")
    outline.expand(None)
    return outline
