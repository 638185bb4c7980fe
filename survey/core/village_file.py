"""The village file (村情档案): what a village's rectification left on paper, and what is missing.

Problems with their causes, measures with the office that answers for them, their deadline and
their state, call-backs after petitions (信访回访), meetings, party days. A file belongs to the
village, not to a round. It says who by office and by role, never by name. How complete it is says
something about paper alone and is no part of any score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Literal, get_args

from survey.core.wording import N_, Sentence, say

Kind = Literal["problem", "measure", "call_back", "meeting"]
State = Literal["open", "done", "closed"]
Way = Literal["phone", "visit"]
Satisfaction = Literal["satisfied", "fairly", "unsatisfied", "unreached"]
Party = Literal["villagers", "committee", "unit", "company", "other"]
Occasion = Literal[
    "members", "committee", "group", "lecture", "party_day", "representatives", "other"
]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATES: tuple[State, ...] = get_args(State)
WAYS: tuple[Way, ...] = get_args(Way)
SATISFACTIONS: tuple[Satisfaction, ...] = get_args(Satisfaction)
PARTIES: tuple[Party, ...] = get_args(Party)
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
PARTY_DAY: Occasion = "party_day"
BRANCH_MEETINGS: tuple[Occasion, ...] = ("members", "committee", "group", "lecture")
"""The three meetings and one lesson (三会一课)."""

LARGEST_NUMBER = 9999
"""The highest number that a record of one village can have."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem that was found, and its cause; *petition*: villagers had petitioned about it."""

    number: int
    text: str
    cause: str = ""
    petition: bool = False


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is done about the problem numbered *problem*, by which office and until when."""

    number: int
    problem: int
    text: str
    office: str = ""
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """How satisfied both sides of a petition are: those who raised it, and the *other* side."""

    number: int
    problem: int
    on: date
    way: Way
    raised: Satisfaction
    other_party: Party
    other: Satisfaction
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A branch meeting, lecture, party day or other meeting that was held."""

    number: int
    occasion: Occasion
    on: date
    topic: str
    present: int | None = None


Record = Problem | Measure | CallBack | Meeting
RECORDS: Mapping[Kind, type[Record]] = {
    "problem": Problem,
    "measure": Measure,
    "call_back": CallBack,
    "meeting": Meeting,
}


def fingerprint(record: Record) -> str:
    """Return 16 hexadecimal digits that change with *record*, to notice a change in between."""
    return blake2b(repr(asdict(record)).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What is there of a village's file, counted; *overdue* measures are part of those not closed.

    *called_back*: petitioned problems with a call-back. *with_measure*: problems with one or more.
    *meetings*: of `BRANCH_MEETINGS` alone. *done*: reported done, not closed out yet.
    """

    problems: int = 0
    with_cause: int = 0
    with_measure: int = 0
    petitions: int = 0
    called_back: int = 0
    measures: int = 0
    with_office: int = 0
    with_deadline: int = 0
    with_proof: int = 0
    done: int = 0
    closed: int = 0
    overdue: int = 0
    meetings: int = 0
    party_days: int = 0

    @property
    def open(self) -> int:
        """Measures that are not closed out."""
        return self.measures - self.closed

    @property
    def lacks(self) -> tuple[tuple[str, int, int], ...]:
        """Every requirement: its sentence, how often it is asked, how often it is met."""
        return (
            (N_("The list of problems is still empty."), 1, min(1, self.problems)),
            (N_("Problems without a cause: %(number)d."), self.problems, self.with_cause),
            (N_("Problems without a measure: %(number)d."), self.problems, self.with_measure),
            (
                N_("Petitioned problems without a call-back: %(number)d."),
                self.petitions,
                self.called_back,
            ),
            (N_("Measures without an office: %(number)d."), self.measures, self.with_office),
            (N_("Measures without a deadline: %(number)d."), self.measures, self.with_deadline),
            (N_("Measures without proof: %(number)d."), self.measures, self.with_proof),
            (N_("Measures not closed out: %(number)d."), self.measures, self.closed),
            (N_("No branch meeting is recorded."), 1, min(1, self.meetings)),
            (N_("No party day is recorded."), 1, min(1, self.party_days)),
        )


EMPTY = Tally()


@dataclass(frozen=True)
class Completeness:
    """How much of what belongs into a file is in it: *met* of *asked*; *missing* in words."""

    met: int
    asked: int
    missing: tuple[Sentence, ...]
    open: int
    overdue: int

    @property
    def percent(self) -> int:
        """Met of asked in whole percent, 0–100; 100 only where nothing is missing."""
        return 100 * self.met // self.asked

    @property
    def sentence(self) -> Sentence:
        """The figure in plain words."""
        return say(
            N_(
                "The file is %(percent)d%% complete: of %(asked)d things that belong into it,"
                " %(met)d are there. This is about paper and is no part of any score."
            ),
            percent=self.percent,
            asked=self.asked,
            met=self.met,
        )

    @property
    def short(self) -> Sentence:
        """The figure in a few words, for a line of a table."""
        if not self.met:
            return say(N_("file empty"))
        if not self.open:
            return say(N_("file %(percent)d%%"), percent=self.percent)
        if not self.overdue:
            return say(
                N_("file %(percent)d%%, open measures: %(open)d"),
                percent=self.percent,
                open=self.open,
            )
        return say(
            N_("file %(percent)d%%, open measures: %(open)d, overdue: %(overdue)d"),
            percent=self.percent,
            open=self.open,
            overdue=self.overdue,
        )


def completeness(tally: Tally) -> Completeness:
    """Return how complete a file is of which *tally* is there.

    Asked are: a problem, a branch meeting and a party day; for each problem a cause and a measure,
    and where it was petitioned about a call-back; for each measure office, deadline, proof and
    close-out. Each counts once (docs/village-file.md).
    """
    return Completeness(
        met=sum(met for _sentence, _asked, met in tally.lacks),
        asked=sum(asked for _sentence, asked, _met in tally.lacks),
        missing=tuple(
            say(sentence, number=asked - met) for sentence, asked, met in tally.lacks if met < asked
        ),
        open=tally.open,
        overdue=tally.overdue,
    )


def to_list(kind: Kind, record: Record) -> list[Any]:
    """Return *record* as a JSON list that `from_list` reads; dates as ISO text."""
    values = asdict(record).values()
    return [kind, *(v.isoformat() if isinstance(v, date) else v for v in values)]


def from_list(values: list[Any]) -> tuple[Kind, Record]:
    """Return the record that `to_list` wrote, and its kind."""
    kind: Kind = values[0]
    made = RECORDS[kind]
    named: dict[str, Any] = dict(zip(made.__dataclass_fields__, values[1:], strict=True))
    for name in ("on", "deadline"):
        if named.get(name):
            named[name] = date.fromisoformat(named[name])
    return kind, made(**named)
