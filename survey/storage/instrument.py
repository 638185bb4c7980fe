"""How good the questions of a round are: limits of α kept at the seal, the rest from tallies."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import reliability, resampling, tallies
from survey.core.box import OpenedBallot
from survey.core.errors import Refused
from survey.core.release import ReleasedInstrument, release_instrument
from survey.core.wording import N_
from survey.storage import questionnaires
from survey.storage.progress import Report, Stage, silent
from survey.storage.rounds import main_access, policy_of
from survey.storage.tables import ReliabilityRow, RoundAudienceRow, RoundRow, TallyRow

Limits = dict[str, dict[str, tuple[float, float]]]
"""Lower and upper limit of α by audience and scale."""


def make_seed() -> int:
    """Return a new seed for the bootstrap of a round; it drives nothing else."""
    return secrets.randbits(63)


def resample(
    round_: RoundRow,
    cells: Mapping[tuple[int, str, str], Sequence[OpenedBallot]],
    seed: int,
    *,
    report: Report = silent,
) -> Limits:
    """Return the limits of α of *round_* from the ballots of its box; takes some seconds.

    *cells* has them by village id, audience and access; those that make the score are taken.
    """
    found = {}
    stage = Stage(report, "reliability", len(round_.audiences))
    for asked in round_.audiences:
        columns = questionnaires.read(asked.questionnaire.document).dimension_columns
        wanted = (asked.audience, main_access(asked.access))
        villages = [
            np.array([each.ballot.answers for each in opened], dtype=np.int8)
            for cell, opened in sorted(cells.items())
            if cell[1:] == wanted and opened
        ]
        found[asked.audience] = resampling.limits(villages, columns, policy_of(round_).values, seed)
        stage.step()
    stage.end()
    return found


def keep(session: Session, round_: RoundRow, limits: Limits) -> None:
    """Add a row for each of *limits*."""
    rows = [
        {"round_id": round_.id, "audience": audience, "scale": scale, "low": low, "high": high}
        for audience, found in limits.items()
        for scale, (low, high) in found.items()
    ]
    if rows:
        session.execute(sa.insert(ReliabilityRow), rows)


def released(session: Session, round_: RoundRow) -> dict[str, ReleasedInstrument]:
    """Return by audience how good its questions are, as it may be shown, over all villages.

    Raises `Refused` before the seal, and for a rehearsal: it shows what `rehearsing.findings` does.
    """
    if round_.kind == "rehearsal":
        raise Refused(N_("A rehearsal has no scores: it counts for no village."))
    if round_.state != "sealed":
        raise Refused(N_("There are no scores yet: the round must be sealed first."))
    limits: Limits = defaultdict(dict)
    for row in session.scalars(
        sa.select(ReliabilityRow).where(ReliabilityRow.round_id == round_.id)
    ):
        limits[row.audience][row.scale] = (row.low, row.high)
    return {
        asked.audience: release_instrument(
            reliability.measure(tally(session, round_, asked, (main_access(asked.access),))),
            limits[asked.audience],
        )
        for asked in round_.audiences
    }


def tally(
    session: Session, round_: RoundRow, asked: RoundAudienceRow, accesses: Sequence[str]
) -> tallies.Tally:
    """Return the tally of all villages together, of the ballots that came by *accesses*.

    It is exact: for `core.release` alone.
    """
    documents = session.scalars(
        sa.select(TallyRow.document).where(
            TallyRow.round_id == round_.id,
            TallyRow.audience == asked.audience,
            TallyRow.access.in_(accesses),
        )
    )
    columns = questionnaires.read(asked.questionnaire.document).dimension_columns
    nothing = tallies.count([], columns, policy_of(round_).values)
    return tallies.add([nothing, *map(tallies.from_dict, documents)])
