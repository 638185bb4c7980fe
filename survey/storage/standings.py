"""How far an acceptance group is with its villages, and what each reader may see of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.evaluation import Consensus, Evaluation, consensus_of, evaluation_of
from survey.storage import groups, recusals
from survey.storage.groups import Table
from survey.storage.recusals import Recusal
from survey.storage.tables import (
    AccountRow,
    ConsensusRow,
    EvaluationRow,
    RoundRow,
    RoundVillageRow,
)


@dataclass(frozen=True)
class Seat:
    """One member's place at the table for a village. *evaluation* is `None` where it is hidden.

    *acting*: they lead in the place of the lead, for some days.
    """

    account_id: int
    name: str
    lead: bool
    acting: bool
    mine: bool
    handed_in_at: datetime | None
    recused: Recusal | None
    evaluation: Evaluation | None

    @property
    def waited_for(self) -> bool:
        """Whether this member has still to hand in."""
        return self.handed_in_at is None and not self.recused


@dataclass(frozen=True)
class Agreed:
    """One version of a group's consensus, and why it was changed, if it was."""

    version: int
    consensus: Consensus
    reason: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class Standing:
    """How far a group is with a village, as one reader may see it."""

    seats: tuple[Seat, ...]
    versions: tuple[Agreed, ...]

    @property
    def mine(self) -> Seat | None:
        """The reader's own seat; an administrator has none."""
        return next((seat for seat in self.seats if seat.mine), None)

    @property
    def waiting(self) -> tuple[Seat, ...]:
        """Members who have still to hand in."""
        return tuple(seat for seat in self.seats if seat.waited_for)

    @property
    def handed_in(self) -> tuple[Seat, ...]:
        """Members who handed in an evaluation."""
        return tuple(seat for seat in self.seats if seat.handed_in_at and not seat.recused)

    @property
    def recused(self) -> tuple[Seat, ...]:
        """Members who stand back from this village."""
        return tuple(seat for seat in self.seats if seat.recused)

    @property
    def agreed(self) -> Agreed | None:
        """The consensus that holds, if there is one."""
        return self.versions[-1] if self.versions else None

    def before_scores(self, sealed_at: datetime | None) -> Agreed | None:
        """Return the consensus as it was when the group could see scores: after seal and first one.

        None before that.
        """
        if sealed_at is None or not self.versions:
            return None
        earlier = [one for one in self.versions if one.entered_at <= sealed_at]
        return earlier[-1] if earlier else self.versions[0]

    @property
    def i_lead(self) -> bool:
        """Whether the reader speaks for the group: its lead, or anyone if the lead is recused."""
        if self.mine is None or self.mine.recused:
            return False
        return self.mine.lead or not any(seat.lead and not seat.recused for seat in self.seats)

    @property
    def i_am_recused(self) -> bool:
        """Whether the reader stands back."""
        return self.mine is not None and bool(self.mine.recused)


def standing(
    session: Session, round_: RoundRow, village: RoundVillageRow, reader: AccountRow
) -> Standing:
    """Return how far the group of *village* is, with what *reader* may see of it."""
    return standings(session, round_, [village], reader)[village.village_id]


def standings(
    session: Session,
    round_: RoundRow,
    villages: Sequence[RoundVillageRow],
    reader: AccountRow,
) -> dict[int, Standing]:
    """Return the standing of each of *villages* by village id, in a handful of queries.

    Others' evaluations are shown to a member who has handed in, stands outside the group, or finds
    the consensus entered; who has handed in is shown to everybody.
    """
    ids = [village.village_id for village in villages]
    tables = groups.tables(session, round_, {village.group_id for village in villages})
    rows = _rows(session, round_, ids)
    versions = versions_of(session, round_, ids)
    seated = {
        village.village_id: _seated(tables[village.group_id], rows[village.village_id])
        for village in villages
    }
    recused = recusals.of_seats(session, round_, seated)
    return {
        village.village_id: Standing(
            _Seating(
                tables[village.group_id],
                {account.id: row for row, account in rows[village.village_id]},
                recused.get(village.village_id, {}),
                reader,
            ).seats(seated[village.village_id], bool(versions[village.village_id])),
            tuple(versions[village.village_id]),
        )
        for village in villages
    }


def latest(session: Session, round_: RoundRow) -> dict[int, Agreed]:
    """Return the consensus that holds for each village of *round_*, by village id."""
    return {
        village: versions[-1]
        for village, versions in versions_of(session, round_).items()
        if versions
    }


def scores_shown(round_: RoundRow, standing: Standing, reader: AccountRow) -> bool:
    """Say whether *reader* may see mass and self scores of the village of *standing*.

    Never before the seal; for members not before the consensus, nor where they stand back.
    """
    if round_.state != "sealed":
        return False
    if reader.role == "administrator":
        return True
    return standing.agreed is not None and not standing.i_am_recused


def _rows(
    session: Session, round_: RoundRow, village_ids: Sequence[int]
) -> dict[int, list[tuple[EvaluationRow, AccountRow]]]:
    rows: dict[int, list[tuple[EvaluationRow, AccountRow]]] = defaultdict(list)
    wanted = (
        sa.select(EvaluationRow, AccountRow)
        .join(AccountRow, AccountRow.id == EvaluationRow.account_id)
        .where(EvaluationRow.round_id == round_.id, EvaluationRow.village_id.in_(village_ids))
    )
    for row, account in session.execute(wanted):
        rows[row.village_id].append((row, account))
    return rows


def versions_of(
    session: Session, round_: RoundRow, village_ids: Sequence[int] | None = None
) -> dict[int, list[Agreed]]:
    """Return every version of the consensus, oldest first, by village id."""
    versions: dict[int, list[Agreed]] = defaultdict(list)
    wanted = (
        sa.select(ConsensusRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == ConsensusRow.entered_by)
        .where(ConsensusRow.round_id == round_.id)
        .order_by(ConsensusRow.version)
    )
    if village_ids is not None:
        wanted = wanted.where(ConsensusRow.village_id.in_(village_ids))
    for row, name in session.execute(wanted):
        versions[row.village_id].append(
            Agreed(row.version, consensus_of(row.document), row.reason, name, row.entered_at)
        )
    return versions


def _seated(table: Table, rows: Sequence[tuple[EvaluationRow, AccountRow]]) -> list[AccountRow]:
    """Return who sits at *table*, and who handed in before they left it."""
    here = {member.id for member in table.members}
    gone = [account for row, account in rows if row.handed_in_at and account.id not in here]
    return [*table.members, *gone]


@dataclass(frozen=True)
class _Seating:
    """What is known of one village's table, from which *reader*'s view of it is made."""

    table: Table
    rows: Mapping[int, EvaluationRow]
    recused: Mapping[int, Recusal]
    reader: AccountRow

    def seats(self, seated: Sequence[AccountRow], agreed: bool) -> tuple[Seat, ...]:
        all_shown = self._may_see_others(agreed)
        return tuple(self._seat(account, all_shown) for account in seated)

    def _may_see_others(self, agreed: bool) -> bool:
        if self.reader.role == "administrator":
            return True
        if self.reader.id in self.recused:
            return False
        own = self.rows.get(self.reader.id)
        return agreed or (own is not None and own.handed_in_at is not None)

    def _seat(self, account: AccountRow, all_shown: bool) -> Seat:
        row = self.rows.get(account.id)
        mine = account.id == self.reader.id
        handed_in_at = row.handed_in_at if row else None
        recused = self.recused.get(account.id)
        shown = recused is None and (mine or (all_shown and handed_in_at is not None))
        return Seat(
            account_id=account.id,
            name=account.name,
            lead=self.table.leads(account),
            acting=self.table.acting is not None and self.table.acting.id == account.id,
            mine=mine,
            handed_in_at=handed_in_at,
            recused=recused,
            evaluation=evaluation_of(row.document) if row and shown else None,
        )
