"""Questions that are not graded, after the seal: counted apart from the grades and each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import extras
from survey.core.box import OpenedBallot
from survey.core.errors import Refused
from survey.core.questionnaire import Extra, ShortText
from survey.core.release import ReleasedExtra, release_extra
from survey.core.wording import N_
from survey.storage import questionnaires
from survey.storage.rounds import accesses, main_access, villages
from survey.storage.tables import ExtraTallyRow, RoundAudienceRow, RoundRow, RoundVillageRow

Cell = tuple[int, str, str]
"""Village id, audience, access."""
Cells = Mapping[Cell, Sequence[OpenedBallot]]
Text = tuple[Cell, str]


def keep(session: Session, round_: RoundRow, cells: Cells) -> None:
    """Add how often each question was answered how, in each village and by each way in."""
    here = villages(session, round_)
    rows = [
        {
            "round_id": round_.id,
            "village_id": village.village_id,
            "audience": asked.audience,
            "access": access,
            "extra": extra.key,
            "document": _count(cells, (village.village_id, asked.audience, access), place, extra),
        }
        for asked in round_.audiences
        for place, extra in enumerate(questionnaires.read(asked.questionnaire.document).extras)
        for access in accesses(asked.access)
        for village in here
    ]
    if rows:
        session.execute(sa.insert(ExtraTallyRow), rows)


def _count(cells: Cells, cell: Cell, place: int, extra: Extra) -> dict[str, Any]:
    answers = [opened.ballot.extras[place] for opened in cells.get(cell, ())]
    return extras.count(answers, extra).to_dict()


def texts(round_: RoundRow, cells: Cells) -> Iterator[tuple[str, list[Text]]]:
    """Yield the key of each question for a short text with what was written, in no order yet."""
    for asked in round_.audiences:
        questionnaire = questionnaires.read(asked.questionnaire.document)
        for place, extra in enumerate(questionnaire.extras):
            if isinstance(extra, ShortText):
                yield (
                    extra.key,
                    [
                        (cell, str(opened.ballot.extras[place]))
                        for cell, found in cells.items()
                        for opened in found
                        if cell[1] == asked.audience and opened.ballot.extras[place] is not None
                    ],
                )


def released(
    session: Session, round_: RoundRow, village: RoundVillageRow
) -> dict[str, tuple[ReleasedExtra, ...]]:
    """Return what may be shown of each question in *village*, by audience.

    Of the ballots that make the scores. Raises `Refused` before the seal.
    """
    if round_.state != "sealed":
        raise Refused(N_("There are no scores yet: the round must be sealed first."))
    return {asked.audience: _released(session, village, asked) for asked in round_.audiences}


def _released(
    session: Session, village: RoundVillageRow, asked: RoundAudienceRow
) -> tuple[ReleasedExtra, ...]:
    wanted = sa.select(ExtraTallyRow.extra, ExtraTallyRow.document).where(
        ExtraTallyRow.round_id == asked.round_id,
        ExtraTallyRow.village_id == village.village_id,
        ExtraTallyRow.audience == asked.audience,
        ExtraTallyRow.access == main_access(asked.access),
    )
    kept = {key: extras.from_dict(document) for key, document in session.execute(wanted)}
    questionnaire = questionnaires.read(asked.questionnaire.document)
    return tuple(release_extra(kept[extra.key], extra) for extra in questionnaire.extras)
