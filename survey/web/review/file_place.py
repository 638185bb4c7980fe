"""Whose village file the person who is signed in may read, and what they may do in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from survey.core.conflict import tie
from survey.core.errors import Missing, Refused
from survey.core.village_file import Kind
from survey.core.wording import N_
from survey.storage import evaluated, groups, recusals, rounds, village_files
from survey.storage.db import db, now
from survey.storage.tables import AccountRow, RoundRow, RoundVillageRow, VillageRow
from survey.web.access import current_account
from survey.web.installation import settings

BY_THE_GROUP: tuple[Kind, ...] = ("call_back",)
"""What the lead of the acceptance group enters: the group makes call-backs itself. The rest is the
evidence that it judges, so others write it."""


@dataclass(frozen=True)
class FilePlace:
    """A village's file before its reader; *round_*: the newest one to evaluate it in, if any.

    *leads*: the reader speaks for the group that accepts the village.
    """

    village: VillageRow
    reader: AccountRow
    round_: RoundRow | None
    leads: bool

    @property
    def whole(self) -> bool:
        """Whether the reader may write everything."""
        return self.reader.role == "administrator"

    def may_write(self, kind: Kind) -> bool:
        """Say whether the reader may add and change entries of *kind*."""
        return self.whole or (self.leads and kind in BY_THE_GROUP)

    @property
    def may_close_out(self) -> bool:
        """Whether the reader may be the second person of a close-out."""
        return self.whole or self.leads

    def require(self, allowed: bool) -> None:
        """Raise `Refused` unless *allowed*."""
        if not allowed:
            raise Refused(N_("Administrators write this part of the file; you can read it."))


def today() -> date:
    """Return the day in the office's time zone, by the database's clock."""
    return now(db.session).astimezone(settings().zone).date()


def find_file(code: str) -> FilePlace:
    """Return the file of the village with *code*.

    Raises `Missing` for another group's, and for one from which the reader stands back.
    """
    reader = current_account()
    if reader.role == "administrator":
        village = village_files.village(db.session, code)
        return FilePlace(village, reader, _newest(village), leads=False)
    nowhere = Missing(N_("There is no such village in your acceptance group."))
    try:
        village = village_files.village(db.session, code)
    except Missing as error:
        raise nowhere from error
    round_ = _newest(village)
    mirrored = _in_round(round_, village)
    accepting = {village.group_id, mirrored.group_id if mirrored else None} - {None}
    own = groups.of_account(db.session, round_, reader) if round_ else {reader.group_id}
    if not own & accepting or _stands_back(round_, village, mirrored, reader):
        raise nowhere
    return FilePlace(village, reader, round_, _leads(round_, mirrored, reader))


def _newest(village: VillageRow) -> RoundRow | None:
    return village_files.newest_round(db.session, village, evaluated.STATES)


def _in_round(round_: RoundRow | None, village: VillageRow) -> RoundVillageRow | None:
    if round_ is None:
        return None
    listed = rounds.villages(db.session, round_)
    return next(row for row in listed if row.village_id == village.id)


def _stands_back(
    round_: RoundRow | None,
    village: VillageRow,
    mirrored: RoundVillageRow | None,
    reader: AccountRow,
) -> bool:
    if tie(reader.unit, village.paired_unit, village.city_leader):
        return True
    if round_ is None or mirrored is None:
        return False
    return bool(recusals.of_account(db.session, round_, [mirrored], reader))


def _leads(round_: RoundRow | None, village: RoundVillageRow | None, reader: AccountRow) -> bool:
    if round_ is None or village is None:
        return reader.role == "lead"
    group = village.group_id
    return groups.tables(db.session, round_, [group])[group].leads(reader)
