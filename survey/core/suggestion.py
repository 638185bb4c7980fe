"""What the figures of a village suggest, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.bands import Robustness
from survey.core.composite import Composite
from survey.core.scores import Flips
from survey.core.wording import Sentence


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What the figures of one village suggest.

    *status*: ``suggested``; ``undecided`` between two bands; ``insufficient`` evidence (证据不足);
    or ``void``. *rating* only where suggested. *band* is the composite's, after vetoes.
    *between*: the band and its likeliest neighbour, where it is not clear. *mass_needed*: the mass
    score from which each band is reached, in points. *flips*: forged all-good mass ballots that
    would explain that the band is reached.
    """

    status: str
    rating: str | None
    band: str | None
    strength: str | None
    between: tuple[str, str] | None
    probabilities: dict[str, float]
    composite: Composite
    robustness: Robustness | None
    mass_needed: dict[str, float]
    flips: Flips | None
    reasons: tuple[Sentence, ...]

    @property
    def standing(self) -> str:
        """How strong it is, or why there is none: one of `groups.STRENGTHS`."""
        return self.strength or self.status
