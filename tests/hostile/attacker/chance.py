"""How well a guess does, and whether luck alone would do as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy.stats import binom

LUCK = 1e-7
"""So seldom may luck alone raise an alarm; a run makes about a thousand of these comparisons."""


@dataclass(frozen=True)
class Score:
    """*matches* of *tries*, where blind guessing succeeds with probability *blind* each time."""

    matches: int
    tries: int
    blind: float

    @property
    def rate(self) -> float:
        """The share of slips that were joined to the right answer."""
        return self.matches / self.tries

    @property
    def by_luck(self) -> float:
        """The probability of so many matches or more by luck alone (binomial)."""
        return float(binom.sf(self.matches - 1, self.tries, self.blind))


def matches(guesses: Sequence[str | None], truth: Sequence[str]) -> Score:
    """Score the k-th guess against the answer of the k-th slip."""
    number = len(truth)
    right = sum(guess == answer for guess, answer in zip(guesses, truth, strict=True))
    blind = sum((count / number) ** 2 for count in Counter(truth).values())
    return Score(right, number, blind)


def neighbours(guesses: Sequence[str | None], truth: Sequence[str]) -> Score | None:
    """Score how many slips that followed one another are side by side among the guesses.

    Finds an order that is reversed, shifted or cut in parts. None where not every slip has a
    guess, or answers are not unique.
    """
    place = {answer: position for position, answer in enumerate(guesses)}
    if None in place or len(place) < len(truth) or set(place) != set(truth):
        return None
    found = [place[answer] for answer in truth]
    pairs = list(pairwise(found))
    return Score(sum(abs(a - b) == 1 for a, b in pairs), len(pairs), 2 / len(truth))


def pairs(found: Sequence[tuple[str, str]], true: Sequence[tuple[str, str]]) -> Score:
    """Score how many of the pairs *found* are those of one ballot."""
    first, second = (Counter(side) for side in zip(*true, strict=True))
    number = len(true)
    blind = sum(first[one] * second[other] for one, other in set(true)) / number**2
    return Score(sum(pair in set(true) for pair in found), number, blind)
