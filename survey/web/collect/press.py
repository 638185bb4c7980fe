"""A page pressed once and spliced for each visitor, plain or compressed.

All that differs between two visitors stands close together near the top. What is before and after
it is rendered, encoded and deflated once; a visit costs a join and the compression of some hundred
bytes. Parts of a DEFLATE stream that end at a byte may be put one after the other (RFC 1951; zlib's
manual, `Z_SYNC_FLUSH`), and may refer to what stands before them, as far back as it really does
(`deflateSetDictionary`). gzip's checksum is that of the whole (RFC 1952).
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib
from collections.abc import Mapping

from markupsafe import escape

_SECRET = secrets.token_hex(8)
"""Nobody can write a mark into a comment."""
_MARK = f"{_SECRET}:{{}};"
_MARKS = re.compile(f"{_SECRET}:(\\w+);")
_HEADER = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
_LAST_BLOCK = bytes([3, 0])
_OFTEN, _ONCE = 6, 9
_MEMORY = 9


class Marks:
    """Stands in a template for what differs: ``{{ mark.village }}``."""

    def __getattr__(self, name: str) -> str:
        """Return the mark of *name*, in which nothing needs to be escaped."""
        return _MARK.format(name)

    __getitem__ = __getattr__


class Pressed:
    """A page in three parts: what stands before and after all marks, and what is between them."""

    def __init__(self, text: str) -> None:
        """Take apart the page *text*, in which at least one mark stands."""
        first, *self._middle, last = _MARKS.split(text)
        self._before, self._after = first.encode(), last.encode()
        self._before_deflated = _deflated(self._before, _ONCE)
        self._afters: dict[int, bytes] = {}

    def plain(self, values: Mapping[str, str]) -> bytes:
        """Return the page with *values* for its marks, escaped."""
        return self._before + self._spliced(values) + self._after

    def compressed(self, values: Mapping[str, str]) -> bytes:
        """Return the page with *values* as a gzip file."""
        middle = self._spliced(values)
        size = len(self._before) + len(middle) + len(self._after)
        sum_ = zlib.crc32(self._after, zlib.crc32(middle, zlib.crc32(self._before)))
        return b"".join(
            (
                _HEADER,
                self._before_deflated,
                _deflated(middle, _OFTEN, self._before),
                self._after_deflated(len(middle)),
                _LAST_BLOCK,
                struct.pack("<II", sum_, size & 0xFFFFFFFF),
            )
        )

    def _spliced(self, values: Mapping[str, str]) -> bytes:
        """Return the middle: marks and text by turns, beginning and ending with a mark."""
        parts = list(self._middle)
        parts[::2] = [str(escape(values[name])) for name in parts[::2]]
        return "".join(parts).encode()

    def _after_deflated(self, between: int) -> bytes:
        """Return the last part, which may refer to the first one across *between* other bytes."""
        if between not in self._afters:
            known = self._before + bytes(between)
            self._afters[between] = _deflated(self._after, _ONCE, known)
        return self._afters[between]


def _deflated(part: bytes, level: int, known: bytes = b"") -> bytes:
    """Return *part* as DEFLATE blocks that others may follow, after what is *known* already."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY, zdict=known)
    return packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
