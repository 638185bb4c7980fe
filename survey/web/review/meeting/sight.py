"""What of a round its reader may see at the calibration meeting, and what that adds up to.

Who sits in no group sees all villages, as in the ledger; leads do while the meeting lasts;
everybody else of a group sees their own. Nobody sees one that they stand back from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.core import groups, plain_words
from survey.core.errors import Refused
from survey.core.groups import Calibration, GroupFigures
from survey.core.release import ReleasedVillage, release_cap
from survey.core.wording import N_, Sentence
from survey.storage import calibration, judgements, meetings, recusals, results, rounds, standings
from survey.storage.db import db
from survey.storage.standings import Agreed
from survey.storage.tables import (
    AccountRow,
    CalibrationMeetingRow,
    RoundRow,
    RoundVillageRow,
)
from survey.web.access import current_account
from survey.web.review.scope import find_round, looks_on, villages_seen


@dataclass(frozen=True)
class Sight:
    """What *reader* sees: *villages*, and of those in *shown*, by code, the released figures.

    *whole*: every village of the round; *lasting*: the meeting that is open, if one is.
    """

    round_: RoundRow
    reader: AccountRow
    villages: Sequence[RoundVillageRow]
    whole: bool
    lasting: CalibrationMeetingRow | None
    shown: dict[str, ReleasedVillage]
    agreed: dict[int, Agreed]

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest points of the round's scale."""
        values = rounds.policy_of(self.round_).values
        return values[-1], values[0]

    @property
    def names(self) -> dict[str, str]:
        """The villages' names by code."""
        return {row.code: row.name for row in self.villages}

    @property
    def manages(self) -> bool:
        """Whether the reader opens and closes the meeting."""
        return self.reader.role == "administrator"

    def groups(self) -> list[GroupFigures]:
        """Return the figures of every group that has a village here."""
        shown = [row for row in self.villages if row.code in self.shown]
        return groups.compare(
            judgements.of_round(db.session, self.round_, shown, self.shown),
            self.calibrated().deviations if self.whole else {},
            self.ends,
        )

    def calibrated(self) -> Calibration:
        """Return what the calibration villages tell: of all groups, so only to who sees all."""
        return calibration.told(db.session, self.round_)

    def cap(self) -> tuple[Sentence, ...]:
        """Return what the ceiling on good means; nothing to who does not see all villages."""
        if not self.whole:
            return ()
        found = release_cap(self.shown, rounds.policy_of(self.round_))
        return plain_words.of_cap(found, len(self.villages), self.names)


def sight(slug: str) -> Sight:
    """Return what the reader sees of the round *slug*; raises `Missing`, `Refused` unsealed."""
    round_, reader = find_round(slug), current_account()
    if round_.state != "sealed":
        raise Refused(N_("A calibration meeting needs scores: the round must be sealed first."))
    every = rounds.villages(db.session, round_)
    joins = looks_on(reader) or meetings.takes_part(db.session, round_, reader)
    villages = _not_recused(round_, reader, every) if joins else villages_seen(round_)
    agreed = standings.latest(db.session, round_)
    released = results.released(db.session, round_)
    return Sight(
        round_=round_,
        reader=reader,
        villages=villages,
        whole=joins and len(villages) == len(every),
        lasting=meetings.lasting(db.session, round_),
        shown={
            row.code: released[row.code]
            for row in villages
            if reader.role == "administrator" or row.village_id in agreed
        },
        agreed=agreed,
    )


def _not_recused(
    round_: RoundRow, reader: AccountRow, every: Sequence[RoundVillageRow]
) -> Sequence[RoundVillageRow]:
    if looks_on(reader):
        return every
    recused = recusals.of_account(db.session, round_, every, reader)
    return [row for row in every if row.village_id not in recused]
