"""What somebody typed, as one line that hides nothing."""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """Return *text* in one Unicode form, without control or direction marks, spaces folded."""
    plain = "".join(
        " " if mark.isspace() else mark
        for mark in unicodedata.normalize("NFC", text)
        if mark.isspace() or unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return re.sub(" +", " ", plain).strip()
