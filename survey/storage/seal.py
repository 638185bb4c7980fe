"""The seal: from closed box to tallies and shuffled parts, in one transaction.

Reading and screening happen before it, on a box that nobody can write to any more. What joins an
answer to a ticket, an order or a time ends here; `scrub` then destroys the traces on disk.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import ballot as ballots
from survey.core import box as ballot_box
from survey.core import tallies
from survey.core.box import OpenedBallot
from survey.core.errors import Damaged, Refused
from survey.core.extras import fit
from survey.core.questionnaire import Questionnaire
from survey.core.wording import N_
from survey.storage import (
    accounting,
    audit,
    boxes,
    disk,
    extras,
    health,
    instrument,
    questionnaires,
    screens,
)
from survey.storage.db import begin_write, now
from survey.storage.extras import Cell, Text
from survey.storage.progress import Report, Stage, silent
from survey.storage.rounds import accesses, policy_of, seal_allowed_at, villages
from survey.storage.tables import (
    AccountRow,
    BallotPartRow,
    FreeAnswerRow,
    RoundRow,
    TallyRow,
)

_CHUNK = 2000
_random = secrets.SystemRandom()


@dataclass
class Contents:
    """An opened box: the ballots of each cell, and what was not as it should be."""

    cells: dict[Cell, list[OpenedBallot]] = field(default_factory=lambda: defaultdict(list))
    damaged: int = 0
    unaccounted: int = 0

    @property
    def ballots(self) -> int:
        """How many ballots were opened."""
        return sum(len(opened) for opened in self.cells.values())

    @property
    def bad(self) -> int:
        """How many ballots two persons must accept as lost or forged before the box is sealed."""
        return max(self.damaged, self.unaccounted)


def require_sealable(session: Session, round_: RoundRow) -> None:
    """Raise `Refused` unless *round_* is closed, its wait over, and its traces can be cleared."""
    if round_.state != "closed":
        raise Refused(N_("Only a closed round can be sealed."))
    allowed = seal_allowed_at(round_)
    if allowed is None or now(session) < allowed:
        raise Refused(
            N_("The round has just closed. It can be sealed %(minutes)d minutes after closing."),
            minutes=policy_of(round_).seal_delay_minutes,
        )
    if not health.may_clear(session):
        raise Refused(disk.NO_RIGHT)


def read(
    session: Session,
    round_: RoundRow,
    private_key: bytes,
    pepper: bytes,
    *,
    report: Report = silent,
) -> Contents:
    """Open every ballot in the box of a closed round and compare it with the other counts."""
    box = boxes.of_round(round_.id)
    open_ballot = ballot_box.opener(
        private_key,
        pepper,
        round_.id,
        {asked.audience: asked.questionnaire_digest for asked in round_.audiences},
        {asked.audience: asked.ballot_length or 0 for asked in round_.audiences},
    )
    asked_of = _questionnaires(round_)
    contents = Contents()
    count = session.execute(sa.select(sa.func.count()).select_from(box.intake)).scalar_one()
    stage = Stage(report, "opening", count)
    for row in stage.through(session.execute(sa.select(box.intake)).yield_per(_CHUNK)):
        try:
            opened = open_ballot(row.id, row.village_id, row.audience, row.ciphertext, row.row_mac)
            _require_fit(opened, asked_of[row.audience])
        except Damaged:
            contents.damaged += 1
        else:
            contents.cells[row.village_id, row.audience, opened.access].append(opened)
    contents.unaccounted = _unaccounted(session, round_, contents)
    stage.end()
    return contents


def _require_fit(opened: OpenedBallot, questionnaire: Questionnaire) -> None:
    if not fit(opened.ballot.extras, questionnaire.extras):
        raise Damaged(N_("A ballot in the box is not what was put in."))


def _unaccounted(session: Session, round_: RoundRow, contents: Contents) -> int:
    """Return by how many the good ballots differ from the running count, or from what was spent.

    Slips are compared place by place: a made-up digest among the spent stands for no slip.
    """
    box = boxes.of_round(round_.id)
    opened = Counter({cell: len(found) for cell, found in contents.cells.items()})
    received = Counter(
        {
            (row.village_id, row.audience, row.access): row.ballots
            for row in session.execute(sa.select(box.received))
        }
    )
    by_slip = Counter({cell: count for cell, count in opened.items() if cell[2] == "ticket"})
    spent = session.execute(sa.select(sa.func.count()).select_from(box.spent)).scalar_one()
    return max(
        abs(spent - contents.ballots),
        _difference(opened, received),
        _difference(by_slip, _used_slips(session, box)),
    )


def _used_slips(session: Session, box: boxes.Box) -> Counter[Cell]:
    used = session.execute(
        sa.select(box.ticket.c.village_id, box.ticket.c.audience, sa.func.count())
        .join(box.spent, box.spent.c.mac == box.ticket.c.mac)
        .group_by(box.ticket.c.village_id, box.ticket.c.audience)
    )
    return Counter({(village, audience, "ticket"): count for village, audience, count in used})


def _difference(one: Counter[Cell], other: Counter[Cell]) -> int:
    return sum(abs(one[cell] - other[cell]) for cell in one | other)


def seal(
    session: Session,
    round_: RoundRow,
    private_key: bytes,
    pepper: bytes,
    persons: tuple[AccountRow, AccountRow],
    accepted: int = 0,
    *,
    report: Report = silent,
) -> Contents:
    """Count and shuffle the box of *round_* and set it to scrubbing; *persons* sealed it.

    *report* hears how far it has come. Raises `Refused` before its time, and `Damaged` with their
    number where rows are bad, unless exactly that number was *accepted*.
    """
    require_sealable(session, round_)
    contents = read(session, round_, private_key, pepper, report=report)
    if contents.bad != accepted:
        raise Damaged(
            N_(
                "%(bad)d ballots in the box are not as they were put in. Nothing was sealed. "
                "Two persons may accept that number; it is then printed."
            ),
            bad=contents.bad,
        )
    seed = screens.make_seed()
    verdicts = screens.look(session, round_, contents.cells, seed, report=report)
    alpha_seed = instrument.make_seed()
    alphas = instrument.resample(round_, contents.cells, alpha_seed, report=report)
    begin_write(session)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    require_sealable(session, round_)
    stage = Stage(report, "keeping", contents.ballots * len(_dimensions(round_)))
    accounting.keep_void(session, round_)
    _keep_tallies(session, round_, contents)
    screens.keep(session, round_, verdicts)
    instrument.keep(session, round_, alphas)
    _keep_parts(session, round_, contents, stage)
    extras.keep(session, round_, contents.cells)
    _keep_texts(session, round_, contents)
    _require_all_kept(session, round_, contents)
    stage.end()
    round_.state = "scrubbing"
    round_.sealing = {
        "ballots": contents.ballots,
        "bad": contents.bad,
        "names": [each.name for each in persons],
        "screen_seed": seed,
        "alpha_seed": alpha_seed,
    }
    audit.record(
        session,
        persons[0].username,
        "round.seal",
        round_.slug,
        witness=persons[1].username,
        ballots=contents.ballots,
        bad=contents.bad,
    )
    return contents


def _questionnaires(round_: RoundRow) -> dict[str, Questionnaire]:
    return {
        asked.audience: questionnaires.read(asked.questionnaire.document)
        for asked in round_.audiences
    }


def _dimensions(round_: RoundRow) -> tuple[str, ...]:
    return tuple(next(iter(_questionnaires(round_).values())).dimension_columns)


def _keep_tallies(session: Session, round_: RoundRow, contents: Contents) -> None:
    values = policy_of(round_).values
    asked_of = _questionnaires(round_)
    rows = []
    for village in villages(session, round_):
        for asked in round_.audiences:
            for access in accesses(asked.access):
                opened = contents.cells.get((village.village_id, asked.audience, access), [])
                tally = tallies.count(
                    [each.ballot.answers for each in opened],
                    asked_of[asked.audience].dimension_columns,
                    values,
                )
                rows.append(
                    {
                        "round_id": round_.id,
                        "village_id": village.village_id,
                        "audience": asked.audience,
                        "access": access,
                        "document": tally.to_dict(),
                    }
                )
    session.execute(sa.insert(TallyRow), rows)


def _keep_parts(session: Session, round_: RoundRow, contents: Contents, stage: Stage) -> None:
    asked_of = _questionnaires(round_)
    for dimension in _dimensions(round_):
        parts = [
            (cell, ballots.is_valid(opened.ballot.answers), opened.ballot.answers)
            for cell, found in contents.cells.items()
            for opened in found
        ]
        _random.shuffle(parts)
        rows = (
            _place(round_, cell)
            | {
                "dimension": dimension,
                "valid": valid,
                "answers": ballots.to_text(
                    tuple(
                        answers[column] for column in asked_of[cell[1]].dimension_columns[dimension]
                    )
                ),
            }
            for cell, valid, answers in parts
        )
        _insert(session, BallotPartRow, stage.through(rows))


def _keep_texts(session: Session, round_: RoundRow, contents: Contents) -> None:
    """Keep what was written, shuffled item by item."""
    for item, texts in _texts(round_, contents):
        _random.shuffle(texts)
        _insert(
            session,
            FreeAnswerRow,
            (_place(round_, cell) | {"item": item, "text": text} for cell, text in texts),
        )


def _texts(round_: RoundRow, contents: Contents) -> Iterator[tuple[str, list[Text]]]:
    comments = [
        (cell, opened.ballot.comment)
        for cell, found in contents.cells.items()
        for opened in found
        if opened.ballot.comment
    ]
    yield ballots.COMMENT, comments
    yield from extras.texts(round_, contents.cells)


def _place(round_: RoundRow, cell: Cell) -> dict[str, Any]:
    village_id, audience, access = cell
    return {
        "id": secrets.token_bytes(16),
        "round_id": round_.id,
        "village_id": village_id,
        "audience": audience,
        "access": access,
    }


def _insert(session: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    for chunk in _chunks(rows):
        session.execute(sa.insert(table), chunk)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _require_all_kept(session: Session, round_: RoundRow, contents: Contents) -> None:
    """Raise `Damaged` unless every ballot is in the tallies and in every dimension, once."""
    session.flush()
    parts = session.execute(
        sa.select(BallotPartRow.dimension, sa.func.count())
        .where(BallotPartRow.round_id == round_.id)
        .group_by(BallotPartRow.dimension)
    )
    kept = {row.dimension: row[1] for row in parts}
    documents = session.scalars(sa.select(TallyRow.document).where(TallyRow.round_id == round_.id))
    tallied = sum(tallies.from_dict(document).received for document in documents)
    written = session.scalar(sa.select(sa.func.count()).where(FreeAnswerRow.round_id == round_.id))
    wanted = {dimension: contents.ballots for dimension in _dimensions(round_) if contents.ballots}
    texts = sum(len(found) for _, found in _texts(round_, contents))
    if kept != wanted or tallied != contents.ballots or written != texts:
        raise Damaged(N_("Not every ballot was kept. Nothing was sealed; please try again."))
