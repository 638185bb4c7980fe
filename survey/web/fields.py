"""The staff's forms: what they have in common, and fields of our own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FloatField
from wtforms.fields import SelectChoice

_TOLERANCE = 1e-6


class StaffForm(FlaskForm):
    """A form of the staff, guarded against forgery."""


def options(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Return the choices of a field from pairs of value and (translatable) label."""
    return [SelectChoice(value, label) for value, label in pairs]


def named(words: Iterable[str]) -> list[SelectChoice]:
    """Return the choices of a field whose values are shown as they are."""
    return [SelectChoice(word, word) for word in words]


NEW_PASSWORD = {"autocomplete": "new-password"}
"""What tells a browser that a field takes a new password."""

LANGUAGES = options(("zh", "中文"), ("en", "English"))
"""Each language in its own name."""


class PercentField(FloatField):
    """A share from 0 to 1, typed and shown in percent; left alone it stays exactly as it was."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data * 100:.6g}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a percentage."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata([valuelist[0].strip().rstrip("%")])
        share = self.data / 100
        kept = self.object_data
        self.data = kept if kept is not None and abs(kept - share) < _TOLERANCE else share
