"""Columns named by hand: how a file's header is known again, and what a person chose for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from survey.core.register_cells import Cell, as_text

Columns = Mapping[str, int]
"""Which column, from 0, holds which field of the register."""
Remembered = Mapping[str, Columns]
"""What was chosen for each header, by its `signature`."""

_BETWEEN = "\x1f"


def names_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the names in a row of column names, '' for a blank one, none for blanks at its end."""
    names = [as_text(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def plain(name: str) -> str:
    """Return *name* as it is compared: without signs and spaces, letters small, digits narrow."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())


def signature(names: Sequence[str]) -> str:
    """Return what a header of these *names* is known by, 32 hexadecimal digits."""
    text = _BETWEEN.join(plain(name) for name in names)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def recall(cells: Sequence[Cell], remembered: Remembered) -> Columns | None:
    """Return what was chosen for the header in *cells*, None where nobody chose."""
    names = names_of(cells)
    return remembered.get(signature(names)) if names else None
