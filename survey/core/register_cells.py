"""One cell of a register: from what Excel, WPS or a CSV file left in it to a checked value."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from survey.core.errors import Invalid
from survey.core.wording import N_, Sentence

LARGEST_COUNT = 10_000_000
LONGEST_NAME = 60
LONGEST_TEXT = 300
SHOWN = 40


class Fault(Enum):
    """Why a cell of a workbook has no value that could be read."""

    NO_RESULT = "no result"
    ERROR = "error"


Cell = str | int | float | bool | Fault | None
"""What a file's reader hands over; dates come as ISO text, an empty cell as None or ''."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_SPACES = re.compile(r"\s+")
_HAN = "\u2e80-\u303f\u3400-\u9fff\ue000-\ufaff\U00020000-\U000323af"
_SPACE_IN_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGITS = re.compile("[0-9]{12}")
_SCIENTIFIC = re.compile(r"\d(\.\d*)?[eE]\+?\d+")
_TEXT_MARK = re.compile(r"=\"(.*)\"|'(.*)")
_NOTHING = {"", "-", "--", "—", "——", "/", "\\"}


def read_code(cell: Cell) -> str:
    """Return the 12 digits of a village's code; raises `Invalid` with what to do about it.

    Mended: numbers (990101100201.0), full-width digits, spaces, the marks that keep text as text.
    """
    text = _SPACES.sub("", unicodedata.normalize("NFKC", as_text(cell)))
    marked = _TEXT_MARK.fullmatch(text)
    digits = (marked[1] or marked[2] or "") if marked else text
    if _DIGITS.fullmatch(digits):
        return digits
    if not digits:
        raise Invalid(N_("The village code is missing."))
    if _SCIENTIFIC.fullmatch(digits):
        raise Invalid(
            N_(
                "Excel turned the village code into %(value)s and lost digits. Format the column "
                "as text, enter the 12 digits again, and save the file."
            ),
            value=_shown(digits),
        )
    raise Invalid(
        N_("A village code has 12 digits; here is “%(value)s”."), value=_shown(as_text(cell))
    )


def read_name(cell: Cell, label: Sentence) -> str:
    """Return a name without stray spaces, also inside Chinese words; at most 60 characters."""
    text = _SPACE_IN_HAN.sub("", as_text(cell)).translate(_FULL_WIDTH)
    return _bounded(text, LONGEST_NAME, label)


def read_text(cell: Cell, label: Sentence) -> str:
    """Return free text in one Unicode form, spaces folded; at most 300 characters."""
    return _bounded(as_text(cell), LONGEST_TEXT, label)


def read_count(cell: Cell, label: Sentence) -> int | None:
    """Return a number of people or households, None where the cell says nothing.

    Raises `Invalid` for words, fractions, numbers below zero or beyond ten million.
    """
    text = unicodedata.normalize("NFKC", as_text(cell)).replace(",", "").replace(" ", "")
    if text in _NOTHING:
        return None
    matched = re.fullmatch(r"([-+−]?)([0-9]{1,15})(?:\.0*)?[人户名]?", text)
    if not matched:
        raise Invalid(
            N_("%(field)s must be a whole number in digits; here is “%(value)s”."),
            field=label,
            value=_shown(text),
        )
    number = int(matched[2])
    if matched[1] in {"-", "−"} and number:
        raise Invalid(
            N_("%(field)s cannot be below zero; here is %(value)d."), field=label, value=-number
        )
    if number > LARGEST_COUNT:
        raise Invalid(
            N_("%(field)s is too large to be true: %(value)d."), field=label, value=number
        )
    return number


def as_text(cell: Cell) -> str:
    """Return what the cell shows: NFC, no hidden marks, spaces folded; whole numbers as digits."""
    if cell is None or isinstance(cell, Fault):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if not isinstance(cell, str):
        return str(cell)
    plain = _HIDDEN.sub("", unicodedata.normalize("NFC", cell))
    return _SPACES.sub(" ", plain).strip()


def _bounded(text: str, longest: int, label: Sentence) -> str:
    if len(text) > longest:
        raise Invalid(
            N_("%(field)s is longer than %(longest)d characters."), field=label, longest=longest
        )
    return text


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
