"""What may be seen of a rehearsal: which questions too many could not answer, and no number.

Few answer in a rehearsal, and they are colleagues who can be asked who said what. So there are no
scores, counts or shares: one bit for each question, over all villages, from five answers on. More
than a third of five are two persons at least.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.release.instrument import MOST_UNKNOWN
from survey.core.reliability import Instrument
from survey.core.tallies import CELLS

LEAST_ANSWERS = 5


@dataclass(frozen=True, kw_only=True)
class ReleasedRehearsal:
    """Positions of the questions to reword; *few*: fewer than `LEAST_ANSWERS`, nothing is said."""

    few: bool
    positions: tuple[int, ...]


def release_rehearsal(instrument: Instrument) -> ReleasedRehearsal:
    """Return which items more than a third of those who answered could or would not judge."""
    if instrument.received < LEAST_ANSWERS:
        return ReleasedRehearsal(few=True, positions=())
    unknown = CELLS.index("unknown")
    return ReleasedRehearsal(
        few=False,
        positions=tuple(
            item.position
            for item in instrument.items
            if item.counts[unknown] > MOST_UNKNOWN * instrument.received
        ),
    )
