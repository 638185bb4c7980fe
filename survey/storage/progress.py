"""How far a long act has come, told to whoever watches it: in shares, never how many ballots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from survey.core.wording import N_

Report = Callable[[str, int, int], None]
"""Takes a key of the act's stages, how much of that is done, and how much there is, at least 1."""

T = TypeVar("T")

STEP = 2000
"""Of how many rows each step is told."""

STAGES = {
    "opening": N_("Opening the ballots"),
    "screening": N_("Looking for ballots that look stuffed"),
    "reliability": N_("Measuring how good the questions are"),
    "keeping": N_("Counting and mixing"),
    "clearing": N_("Destroying key, slips, order and time"),
}
"""The stages of a seal and its scrub, in their order."""

IMPORT_STAGES = {
    "file": N_("Reading the file"),
    "comparison": N_("Comparing it with the register"),
    "preview": N_("Keeping it until you say yes"),
    "writing": N_("Writing the register"),
}
"""The stages of an import: the first three lead to its preview, then comparison and writing."""


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


class Stage:
    """One stage of known length, told when it begins, at every step, and when it is done."""

    def __init__(self, report: Report, name: str, total: int) -> None:
        self._report, self._name = report, name
        self._done, self._total = 0, total
        report(name, 0, max(total, 1))

    def through(self, rows: Iterable[T]) -> Iterator[T]:
        """Yield *rows*, and tell of every `STEP` of them."""
        for number, row in enumerate(rows, start=1):
            yield row
            if number % STEP == 0:
                self.step(STEP)

    def step(self, number: int = 1) -> None:
        """Tell that *number* more are done."""
        self._done += number
        if self._done < self._total:
            self._report(self._name, self._done, self._total)

    def end(self) -> None:
        """Tell that the stage is over."""
        whole = max(self._total, 1)
        self._report(self._name, whole, whole)
