"""What the villagers sent and were told, to be compared with what the seal has kept."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import ballot, tallies
from survey.storage import boxes, questionnaires, rounds
from survey.storage.tables import BallotPartRow, FreeAnswerRow, RoundRow, TallyRow

Cell = tuple[int, str, str]
"""Village id, audience, access."""

ITEMS = 12
COMMENT = "ballot "
_GRADES = 4
_MIXER = 2_654_435_761


@dataclass(frozen=True)
class Paper:
    """A slip or a poster that one villager answers, and what only this one writes on it."""

    number: int
    cell: Cell
    path: str

    @property
    def answers(self) -> tuple[int, ...]:
        """Twelve grades that no other number below 4^12 has: an odd factor is a bijection."""
        mixed = self.number * _MIXER % _GRADES**ITEMS
        return tuple(mixed // _GRADES**place % _GRADES for place in range(ITEMS))

    @property
    def comment(self) -> str:
        """A comment that no other ballot has."""
        return f"{COMMENT}{self.number}"


@dataclass
class Ledger:
    """What the villagers know; *phase* is open, closed, sealing or sealed, as the office knows it.

    *refused* holds who was told "closed" before the seal began: none of them may be counted.
    """

    seconds: float
    phase: str = "open"
    sent: dict[int, Paper] = field(default_factory=dict)
    thanked: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    pages: set[bytes] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.seconds

    @property
    def over(self) -> bool:
        """Whether the villagers should go home."""
        return self.ended.is_set() or time.monotonic() > self._deadline

    @property
    def sealing(self) -> bool:
        """Whether the seal may have begun, so that the box may be gone at any moment."""
        return self.phase in ("sealing", "sealed")

    def send(self, paper: Paper) -> None:
        """Keep that *paper* is on its way: from here on it may be counted."""
        with self.lock:
            self.sent[paper.number] = paper

    def thank(self, paper: Paper, page: bytes) -> None:
        """Keep that *paper* was acknowledged."""
        with self.lock:
            self.thanked.add(paper.number)
            self.pages.add(page)

    def refuse(self, paper: Paper) -> None:
        """Keep that *paper* was told that answering has ended."""
        with self.lock:
            if not self.sealing:
                self.refused.add(paper.number)

    def note(self, what: str) -> None:
        """Count something that may happen."""
        with self.lock:
            self.seen[what] += 1

    def complain(self, what: str) -> None:
        """Keep something that may not happen."""
        with self.lock:
            self.faults.append(what)

    def findings(self) -> list[str]:
        """Return what the villagers met that may not be."""
        faults = [f"{count} × {what}" for what, count in Counter(self.faults).items()]
        if len(self.pages) > 1:
            faults.append(f"the thanks have {len(self.pages)} different pages")
        if self.thanked & self.refused:
            faults.append("somebody was thanked and told that answering has ended")
        return faults


def ballots(session: Session, round_: RoundRow) -> int:
    """Return how many ballots the box of a live round holds."""
    intake = boxes.of_round(round_.id).intake
    return session.scalar(sa.select(sa.func.count()).select_from(intake)) or 0


def of_box(session: Session, round_: RoundRow) -> list[str]:
    """Return what does not agree in the box of a live round: spent, intake and received."""
    box = boxes.of_round(round_.id)
    found = []
    spent, put = (
        session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in (box.spent, box.intake)
    )
    received = {
        (row.village_id, row.audience, row.access): row.ballots
        for row in session.execute(sa.select(box.received))
    }
    if not spent == put == sum(received.values()):
        found.append(f"{spent} spent, {put} in the box, {sum(received.values())} received")
    used = session.execute(
        sa.select(box.ticket.c.village_id, box.ticket.c.audience, sa.func.count())
        .join(box.spent, box.spent.c.mac == box.ticket.c.mac)
        .group_by(box.ticket.c.village_id, box.ticket.c.audience)
    )
    slips = {(village, audience, "ticket"): count for village, audience, count in used}
    if slips != {cell: count for cell, count in received.items() if cell[2] == "ticket"}:
        found.append(f"slips used {slips}, received {received}")
    return found


def of_seal(session: Session, round_: RoundRow, ledger: Ledger) -> list[str]:
    """Return what the sealed parts, comments and tallies have too little, too much or twice."""
    found: list[str] = []
    texts = Counter(session.scalars(sa.select(FreeAnswerRow.text)))
    known = {paper.comment: paper for paper in ledger.sent.values()}
    _add(found, "counted twice", (text for text, count in texts.items() if count > 1))
    _add(found, "counted and never sent", texts.keys() - known.keys())
    counted = [known[text] for text in texts if text in known]
    numbers = {paper.number for paper in counted}
    _add(found, "thanked and lost", ledger.thanked - numbers)
    _add(found, "told that answering has ended, and counted", ledger.refused & numbers)
    if round_.sealing is None or round_.sealing["ballots"] != len(counted):
        found.append(f"the sealing sheet says {round_.sealing}, counted are {len(counted)}")
    by_cell: dict[Cell, list[tuple[int, ...]]] = {}
    for paper in counted:
        by_cell.setdefault(paper.cell, []).append(paper.answers)
    return found + _of_parts(session, round_, by_cell) + _of_tallies(session, round_, by_cell)


def _add(found: list[str], what: str, which: Iterable[object]) -> None:
    names = sorted(map(str, which))
    if names:
        found.append(f"{len(names)} {what}: {', '.join(names[:5])}")


def _of_parts(
    session: Session, round_: RoundRow, by_cell: dict[Cell, list[tuple[int, ...]]]
) -> list[str]:
    kept = Counter(
        ((row.village_id, row.audience, row.access), row.dimension, row.answers, row.valid)
        for row in session.execute(
            sa.select(BallotPartRow).where(BallotPartRow.round_id == round_.id)
        ).scalars()
    )
    expected = Counter(
        (cell, dimension, ballot.to_text(tuple(answers[column] for column in columns)), True)
        for cell, cast in by_cell.items()
        for dimension, columns in questionnaires.defaults()[cell[1]].dimension_columns.items()
        for answers in cast
    )
    differing = (kept - expected) + (expected - kept)
    return [f"{differing.total()} parts differ from the ballots"] if differing else []


def _of_tallies(
    session: Session, round_: RoundRow, by_cell: dict[Cell, list[tuple[int, ...]]]
) -> list[str]:
    rows = session.scalars(sa.select(TallyRow).where(TallyRow.round_id == round_.id)).all()
    found = []
    for row in rows:
        cell = (row.village_id, row.audience, row.access)
        expected = tallies.count(
            by_cell.pop(cell, []),
            questionnaires.defaults()[row.audience].dimension_columns,
            rounds.policy_of(round_).values,
        )
        if tallies.from_dict(row.document).to_dict() != expected.to_dict():
            found.append(f"the tally of {cell} is not that of its ballots")
    return found + [f"{cell} has ballots and no tally" for cell in by_cell]
