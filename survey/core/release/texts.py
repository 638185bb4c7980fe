"""Which written answers may be read at all: a village's own, or those of several together.

A text tells more than a grade: who writes in a village of ten is known by what they write. So a
village's texts stand for themselves from `LEAST_BALLOTS` ballots and `LEAST_TEXTS` texts on; the
smaller villages of a township are taken together, and read as from that township, where they reach
both numbers and two of them wrote. All others are never read, not by a moderator either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from survey.core.release import rules
from survey.core.wording import N_, Sentence, say

LEAST_BALLOTS = rules.LEAST_FOR_ITEMS
LEAST_TEXTS = 5
LEAST_WRITING = 2
"""Villages of a pool with a text: of one alone everybody would know whose texts they are."""

TOO_FEW = N_(
    "Too few wrote, here and in the other small villages of the township together: from"
    " %(ballots)d ballots and %(texts)d texts on, so that nobody is known by their words."
)


@dataclass(frozen=True)
class Place:
    """One question in one village: ballots by the main way in, and texts written on them."""

    village_id: int
    township: str
    ballots: int
    texts: int

    @property
    def stands_alone(self) -> bool:
        """Whether its texts may be read as this village's."""
        return self.ballots >= LEAST_BALLOTS and self.texts >= LEAST_TEXTS


@dataclass(frozen=True)
class Readable:
    """Whose texts are read together: one village's, or those of a *township*'s small ones."""

    village_ids: frozenset[int]
    township: str = ""

    @property
    def pooled(self) -> bool:
        """Whether nobody is told from which village a text is."""
        return bool(self.township)


@dataclass(frozen=True)
class ReleasedTexts:
    """The texts that a moderator released so far, or why there are none (*withheld*).

    *township*: of whose small villages together, "" where they are this village's own.
    """

    texts: tuple[str, ...] = ()
    township: str = ""
    withheld: Sentence | None = None


def readable(places: Iterable[Place]) -> dict[int, Readable]:
    """Return for each village whose texts may be read with whose; no entry: never.

    *places*: every village of the round, or of whole townships, for one question.
    """
    found: dict[int, Readable] = {}
    small: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.stands_alone:
            found[place.village_id] = Readable(frozenset({place.village_id}))
        elif place.ballots:
            small[place.township].append(place)
    for township, together in small.items():
        if _may_be_pooled(together):
            pool = Readable(frozenset(place.village_id for place in together), township)
            found |= dict.fromkeys(pool.village_ids, pool)
    return found


def _may_be_pooled(places: list[Place]) -> bool:
    return (
        sum(place.ballots for place in places) >= LEAST_BALLOTS
        and sum(place.texts for place in places) >= LEAST_TEXTS
        and sum(place.texts > 0 for place in places) >= LEAST_WRITING
    )


def release_texts(place: Readable | None, texts: Iterable[str]) -> ReleasedTexts:
    """Return what a moderator released of *texts* where *place* may be read."""
    if place is None:
        told = say(TOO_FEW, ballots=LEAST_BALLOTS, texts=LEAST_TEXTS)
        return ReleasedTexts(withheld=told)
    return ReleasedTexts(texts=tuple(texts), township=place.township)
