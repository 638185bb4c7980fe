"""The guide of whoever helps others to answer, with the helpers' link."""

from __future__ import annotations

from survey.core import box
from survey.core.round import spoken
from survey.papers.reader import Reader
from survey.printing import guide
from survey.printing.guide import GuideText
from survey.storage.tables import RoundRow


def helper_address(round_: RoundRow, pepper: bytes) -> str:
    """Return the link of whoever helps others in *round_*."""
    return f"{round_.base_address}/h/{box.make_mark(pepper)}"


def print_guide(round_: RoundRow, reader: Reader, pepper: bytes) -> bytes:
    """Return the page that each helper gets, with their link."""
    text = GuideText(
        round_title=round_.title,
        office=round_.office,
        phone=round_.phone,
        address=helper_address(round_, pepper),
        deadline=spoken(round_.closes_at, round_.timezone),
        help_on=round_.help_on,
        help_place=round_.help_place,
        results_on=round_.results_on,
        results_place=round_.results_place,
        mark=reader.mark(round_),
    )
    return guide.guide(text, reader.language, reader.translate)
