"""Text that no spreadsheet takes for a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(text: str) -> str:
    """Return *text* so that no spreadsheet takes it for a formula: after an apostrophe, if need be.

    Some spreadsheets take the full-width signs for the narrow ones.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
