"""What a moderator does with a written answer: release it, cut from it, or withhold it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from survey.core.errors import Invalid
from survey.core.wording import N_

MARK = "▇▇▇"
"""What stands where something was cut: of one length, so that nobody sees how long it was."""

STATES = ("released", "withheld")
REASONS = {
    "person": N_("It tells who wrote it, or about somebody's private life."),
    "insult": N_("It insults somebody."),
    "foreign": N_("It has nothing to do with what was asked."),
    "unreadable": N_("It cannot be understood."),
}
"""Why a text is withheld, by the key that is kept."""

_WORD = re.compile(r"\w")


def cut(text: str, parts: Iterable[str]) -> str:
    """Return *text* with `MARK` wherever one of *parts* stands; marks that touch are one.

    Raises `Invalid` where a part is not in *text*, where there is none, or where nothing is left
    to read: such a text is withheld.
    """
    wanted = [part for part in (one.strip() for one in parts) if part]
    if not wanted:
        raise Invalid(N_("Please mark what is to be cut."))
    for part in wanted:
        if part not in text:
            raise Invalid(N_("“%(part)s” is not in the text."), part=part)
    left = _joined(text, sorted(_places(text, wanted)))
    if not _WORD.search(left.replace(MARK, "")):
        raise Invalid(N_("Nothing would be left to read. Please withhold the text instead."))
    return left


def _places(text: str, parts: list[str]) -> Iterator[tuple[int, int]]:
    for part in parts:
        start = text.find(part)
        while start >= 0:
            yield start, start + len(part)
            start = text.find(part, start + 1)


def _joined(text: str, places: list[tuple[int, int]]) -> str:
    pieces, end = [], 0
    for start, stop in places:
        if start > end:
            pieces.append(text[end:start])
        if stop > end:
            pieces.append(MARK)
        end = max(end, stop)
    pieces.append(text[end:])
    return re.sub(f"{MARK}({MARK})+", MARK, "".join(pieces))


def require_reason(reason: str) -> str:
    """Return *reason*, a key of `REASONS`; raises `Invalid` for anything else."""
    if reason not in REASONS:
        raise Invalid(N_("Please choose why the text is withheld."))
    return reason
