"""What the screens said of each village and audience of a sealed round: truths and nothing else."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.box import OpenedBallot
from survey.core.screening import SCREENS, Flags, VillageBox, screen
from survey.storage import questionnaires
from survey.storage.progress import Report, Stage, silent
from survey.storage.rounds import main_access, policy_of, villages
from survey.storage.tables import RoundRow, ScreenRow

Verdicts = dict[tuple[int, str], Flags]
"""Flags by village id and audience."""


def make_seed() -> int:
    """Return a new seed for the permutations of a round's screens; it drives nothing else."""
    return secrets.randbits(63)


def look(
    session: Session,
    round_: RoundRow,
    cells: Mapping[tuple[int, str, str], Sequence[OpenedBallot]],
    seed: int,
    *,
    report: Report = silent,
) -> Verdicts:
    """Return the flags of every village and audience of *round_* from the ballots of its box.

    *cells* has them by village id, audience and access. Where an audience has tickets and posters,
    only the ballots by ticket are looked at, since they make the score.
    """
    found: Verdicts = {}
    here = villages(session, round_)
    stage = Stage(report, "screening", len(round_.audiences))
    for asked in round_.audiences:
        items = len(questionnaires.read(asked.questionnaire.document).items)
        access = main_access(asked.access)
        boxes = [
            _box(village.code, cells.get((village.village_id, asked.audience, access), ()), items)
            for village in here
        ]
        flags = screen(boxes, policy_of(round_).values, seed)
        found |= {
            (village.village_id, asked.audience): one
            for village, one in zip(here, flags, strict=True)
        }
        stage.step()
    stage.end()
    return found


def _box(code: str, opened: Sequence[OpenedBallot], items: int) -> VillageBox:
    answers = [each.ballot.answers for each in opened]
    return VillageBox(
        code,
        np.array(answers, dtype=np.int8).reshape(len(opened), items),
        np.array([each.bucket for each in opened], dtype=np.int64),
    )


def keep(session: Session, round_: RoundRow, verdicts: Verdicts) -> None:
    """Add a row of truths for each of *verdicts*."""
    rows = [
        {"round_id": round_.id, "village_id": village, "audience": audience, **asdict(flags)}
        for (village, audience), flags in verdicts.items()
    ]
    if rows:
        session.execute(sa.insert(ScreenRow), rows)


def of_round(session: Session, round_: RoundRow) -> dict[str, dict[int, Flags]]:
    """Return the flags of *round_* by audience and village id.

    A round that was sealed before there were screens has none: what is not here was not screened.
    """
    found: dict[str, dict[int, Flags]] = defaultdict(dict)
    for row in session.scalars(sa.select(ScreenRow).where(ScreenRow.round_id == round_.id)):
        flags = Flags(**{name: getattr(row, name) for name in SCREENS})
        found[row.audience][row.village_id] = flags
    return found
