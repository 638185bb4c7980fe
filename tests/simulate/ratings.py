"""How often the suggested rating is right, and how often a village is called good that is not."""

from dataclasses import dataclass

import numpy as np

from survey.core.policy import Policy
from survey.core.rating import Evidence, Suggestion, suggest
from survey.core.scores import SourceScores
from tests.simulate.populations import ITEMS, PEOPLE, People, Population, Random, viewed
from tests.simulate.rounds import draw, handed_in, score, world
from tests.simulate.size import Size

NUMBERS = (5, 10, 20, 30, 50, 100, 200, 400)
ORGANISATIONAL = (80, 85, 90)
SELF = np.repeat(np.int8([0, 1]), 15)[:, None].repeat(ITEMS, axis=1)
"""Thirty party members, half of them say good, half fairly good: 90 points."""
POLICY = Policy(minimum_mass_ballots=1)
"""The default policy, but for the least number of ballots: so it can be seen what that is for."""


@dataclass(frozen=True)
class Rates:
    """What was suggested from *n* ballots, as shares of *villages*, 0–1.

    *right* and *wrong* are suggestions; *undecided* is none. *clear_wrong*: wrong and called clear.
    *band*: the composite's band is the true one, whatever its strength. *false_good*: suggested
    good, of those that are not; *good_found*: suggested good, of those that are (*truly_good*).
    """

    n: int
    villages: int
    truly_good: float
    right: float
    clear_right: float
    wrong: float
    clear_wrong: float
    undecided: float
    band: float
    false_good: float
    clear_false_good: float
    good_found: float


def wide(random: Random, people: int) -> People:
    """Return a village anywhere between poor and content."""
    return viewed(random, people, random.normal(0.8, 0.8), 0.7)


WIDE = Population("wide", "from poor to content", wide)


def simulate(size: Size, random: Random) -> list[Rates]:
    """Return how suggestions compare with the rating that a census would give."""
    own = score([handed_in(SELF, len(SELF))])[0]
    pairs: dict[int, list[tuple[Suggestion, Suggestion]]] = {n: [] for n in NUMBERS}
    for place in range(size.ratings):
        organisational = ORGANISATIONAL[place % len(ORGANISATIONAL)]
        villages = world(WIDE, random, size.villages, PEOPLE)
        truths = _suggestions(villages.truths, own, organisational)
        for n in NUMBERS:
            drawn = [draw(people, n, random, finite=True) for people in villages.villages]
            pairs[n] += zip(_suggestions(score(drawn), own, organisational), truths, strict=True)
    return [_rates(n, pairs[n]) for n in NUMBERS]


def _suggestions(
    scores: list[SourceScores], own: SourceScores, organisational: float
) -> list[Suggestion]:
    return [
        suggest(Evidence(mass=mass, self_=own, organisational=organisational), POLICY)
        for mass in scores
    ]


def _rates(n: int, pairs: list[tuple[Suggestion, Suggestion]]) -> Rates:
    suggested = [(one, true) for one, true in pairs if one.rating is not None]
    right = [one for one, true in suggested if one.rating == true.band]
    wrong = [one for one, true in suggested if one.rating != true.band]
    not_good = [one for one, true in pairs if true.band != "good"]
    good = [one for one, true in pairs if true.band == "good"]
    of_all = len(pairs)
    return Rates(
        n=n,
        villages=of_all,
        truly_good=len(good) / of_all,
        right=len(right) / of_all,
        clear_right=_clear(right) / of_all,
        wrong=len(wrong) / of_all,
        clear_wrong=_clear(wrong) / of_all,
        undecided=1 - len(suggested) / of_all,
        band=sum(one.band == true.band for one, true in pairs) / of_all,
        false_good=_called_good(not_good) / max(len(not_good), 1),
        clear_false_good=_clear([one for one in not_good if one.rating == "good"])
        / max(len(not_good), 1),
        good_found=_called_good(good) / max(len(good), 1),
    )


def _clear(suggestions: list[Suggestion]) -> int:
    return sum(one.strength == "clear" for one in suggestions)


def _called_good(suggestions: list[Suggestion]) -> int:
    return sum(one.rating == "good" for one in suggestions)
