"""One line of arithmetic as it is printed, and the numbers that are printed in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.core.wording import Sentence

MINUS = "−"


class Printed(float):
    """A number rounded to the digits that are printed, so that arithmetic goes on from these.

    *digits* decimals; zeros at the end are left out unless *kept*.
    """

    digits: int
    kept: bool

    def __new__(cls, value: float, digits: int, *, kept: bool = False) -> Printed:
        """Round *value* to *digits* decimals."""
        made = super().__new__(cls, round(value, digits))
        made.digits, made.kept = digits, kept
        return made

    def __str__(self) -> str:
        text = f"{abs(float(self)):.{self.digits}f}"
        if "." in text and not self.kept:
            text = text.rstrip("0").rstrip(".")
        return f"{MINUS}{text}" if self < 0 else text

    def __format__(self, spec: str) -> str:
        return str(self)


def plain(value: float) -> Printed:
    """Return a number that is written in full: points, weights, counts."""
    return Printed(value, 9)


def brackets(value: Printed) -> str:
    """Return *value* as it is written after a sign."""
    return f"({value})" if value < 0 else f"{value}"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line: what is worked out, the numbers put in, what comes out, and that said aloud.

    *formula* uses ``+ − × ÷ √ ² ⌊ ⌋``, and for Student's table what a spreadsheet calls it:
    ``T.INV`` and ``T.DIST``. *result* is that of the printed numbers, to its last digit. *shown*:
    how it is written on the village page, where that differs, and *rule* why. Without a formula
    *said* gives the reason.
    """

    title: Sentence | str
    said: Sentence
    formula: str = ""
    result: str = ""
    shown: Sentence | str = ""
    rule: Sentence | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some steps that lead to one figure; *said* comes first, for who wants no arithmetic."""

    key: str
    title: Sentence | str
    said: tuple[Sentence, ...]
    steps: tuple[Step, ...] = field(default=())
