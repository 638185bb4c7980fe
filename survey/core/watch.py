"""Watching a round: who is behind, reckoned from what may be shown and from nothing else.

Before the seal a village's turnout is known here in full tens only (`turnout.tens`), so whatever
is reckoned from it changes with a full ten or with the clock, never with a single answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.core.errors import Invalid
from survey.core.policy import Policy
from survey.core.turnout import tens
from survey.core.wording import N_, Sentence, say

EXPECTED = 0.5
"""The share of those eligible that is expected where nobody says another."""
LINES_TO_A_PAGE = 34
"""Villages and townships that fit on a wall of 1920 × 1080 in three columns."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One village: what may be shown of it now.

    *answered*: mass ballots, in full tens before the seal; None where the mass is not asked.
    *enough*: whether the self-evaluation has its minimum; None where it is not asked.
    *evaluated*: whether the acceptance group has entered its consensus.
    *file*: how complete the village's file is, in whole percent; None where no village has one.
    *later*: its own deadline, where its meeting was postponed.
    """

    village_id: int
    code: str
    township: str
    name: str
    group: str
    answered: int | None
    eligible: int | None
    enough: bool | None
    evaluated: bool = False
    file: int | None = None
    later: datetime | None = None

    @property
    def share(self) -> int | None:
        """Answered as a share of those eligible, in whole percent; None where it is not known."""
        return percent(self.answered, self.eligible)


def percent(part: int | None, whole: int | None) -> int | None:
    """Return *part* of *whole* in whole percent, 100 at most; None where either is not known."""
    return None if part is None or not whole else min(100, 100 * part // whole)


@dataclass(frozen=True)
class Pace:
    """What is expected: a share of those eligible by the end; and how much time has passed, 0–1."""

    expected: float
    passed: float

    def by_now(self, eligible: int | None) -> int | None:
        """Return how many of *eligible* are expected by now, in full tens; None where unknown."""
        if eligible is None:
            return None
        return tens(int(self.expected * self.passed * eligible + 1e-9))

    def mark(self, village: Watched) -> int | None:
        """Return `by_now` of *village* as a share of its eligible, in whole percent."""
        return percent(self.by_now(village.eligible), village.eligible)

    def is_late(self, village: Watched) -> bool:
        """Say whether fewer full tens have answered than are expected by now."""
        expected = self.by_now(village.eligible)
        return village.answered is not None and expected is not None and village.answered < expected

    @property
    def told(self) -> Sentence:
        """How it is reckoned, in plain words."""
        return say(
            N_(
                "Expected by now: %(expected)d%% of those eligible × %(passed)d%% of the time"
                " passed, in full tens. Late, or below: fewer full tens have answered than that."
            ),
            expected=round(100 * self.expected),
            passed=int(100 * self.passed + 1e-9),
        )


def passed(opens_at: datetime, closes_at: datetime, now: datetime) -> float:
    """Return how much of the time between opening and deadline has passed, from 0 to 1."""
    whole = (closes_at - opens_at).total_seconds()
    return min(1.0, max(0.0, (now - opens_at).total_seconds() / whole))


def expected_share(typed: str | None, policy: Policy) -> float:
    """Return the share that is expected: *typed* in percent, else the policy's minimum, else half.

    Raises `Invalid` where *typed* is no whole number from 1 to 100.
    """
    if not typed:
        return policy.minimum_turnout or EXPECTED
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed) <= 100:
        raise Invalid(N_("The expected turnout is a whole number from 1 to 100 percent."))
    return int(typed) / 100


@dataclass(frozen=True, kw_only=True)
class Total:
    """Villages of one township or group, or all, taken together.

    *answered* is the sum of what is shown of each: the least that it can be. *eligible* is over the
    villages where it is known. *late* counts villages, as do *enough* and *evaluated*.
    """

    name: str
    villages: int
    answered: int | None
    eligible: int | None
    late: int
    enough: int | None
    evaluated: int

    @property
    def share(self) -> int | None:
        """Answered as a share of those eligible, in whole percent; None where it is not known."""
        return percent(self.answered, self.eligible)


def total(name: str, villages: Sequence[Watched], pace: Pace) -> Total:
    """Return *villages* taken together under *name*."""
    return Total(
        name=name,
        villages=len(villages),
        answered=_sum(village.answered for village in villages),
        eligible=_sum(village.eligible for village in villages),
        late=sum(map(pace.is_late, villages)),
        enough=_sum(village.enough for village in villages),
        evaluated=sum(village.evaluated for village in villages),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def township_of(village: Watched) -> str:
    """Return the township of *village*: a key for `totals`."""
    return village.township


def group_of(village: Watched) -> str:
    """Return the acceptance group of *village*, empty where it has none: a key for `totals`."""
    return village.group


def gather(villages: Iterable[Watched], key: Callable[[Watched], str]) -> dict[str, list[Watched]]:
    """Return *villages* by *key*, in the order in which they come."""
    gathered: dict[str, list[Watched]] = {}
    for village in villages:
        gathered.setdefault(key(village), []).append(village)
    return gathered


def totals(villages: Iterable[Watched], key: Callable[[Watched], str], pace: Pace) -> list[Total]:
    """Return the totals of *villages* by *key*."""
    return [total(name, found, pace) for name, found in gather(villages, key).items()]


Block = tuple[str, list[Watched]]
"""A township, or a part of a large one, as it stands on one page of the wall."""


def pages(villages: Iterable[Watched], lines: int = LINES_TO_A_PAGE) -> list[list[Block]]:
    """Return the pages of the wall: whole townships, as many as *lines* hold with their headings.

    A township that is larger than a page goes on overleaf.
    """
    made: list[list[Block]] = []
    room = 0
    for block in _blocks(villages, lines - 1):
        needed = len(block[1]) + 1
        if needed > room:
            made.append([])
            room = lines
        made[-1].append(block)
        room -= needed
    return made or [[]]


def _blocks(villages: Iterable[Watched], most: int) -> Iterator[Block]:
    for township, found in gather(villages, township_of).items():
        for start in range(0, len(found), most):
            yield township, found[start : start + most]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What an earlier report showed of one village."""

    answered: int | None
    enough: bool | None
    evaluated: bool


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A total now, and how much more it is than in the last report; None where there was none."""

    now: Total
    answered: int | None
    enough: int | None
    evaluated: int | None


def progress(now: Total, villages: Sequence[Watched], before: dict[int, Kept] | None) -> Progress:
    """Return what *now*, the total of *villages*, has more than *before*, by village id."""
    if before is None:
        return Progress(now=now, answered=None, enough=None, evaluated=None)
    earlier = [before[one.village_id] for one in villages if one.village_id in before]
    return Progress(
        now=now,
        answered=_more(now.answered, _sum(one.answered for one in earlier)),
        enough=_more(now.enough, _sum(one.enough for one in earlier)),
        evaluated=now.evaluated - sum(one.evaluated for one in earlier),
    )


def _more(now: int | None, before: int | None) -> int | None:
    return None if now is None else now - (before or 0)
