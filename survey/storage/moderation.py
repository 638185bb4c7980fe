"""Moderation: texts are read one by one, in an order of their own, and never with their village.

Who is of a village's township, or works at a unit that is tied to it, does not get its texts. What
is cut is overwritten: no table, log or entry keeps it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import moderation
from survey.core.conflict import plain, tie
from survey.core.errors import Missing, Refused
from survey.core.wording import N_
from survey.storage import audit, disk, rounds, texts
from survey.storage.db import now
from survey.storage.tables import (
    AccountRow,
    FreeAnswerRow,
    ModerationRow,
    RoundRow,
    VillageRow,
)
from survey.storage.texts import Reading

_AT_ONCE = 500
_GONE = N_("There is no such text for you to read.")


@dataclass(frozen=True)
class Text:
    """One text as its moderator sees it: what was asked and what was written, not where."""

    id: bytes
    audience: str
    item: str
    text: str


@dataclass(frozen=True)
class Decided(Text):
    """A text with what was decided about it."""

    state: str
    redacted: bool
    reason: str


@dataclass(frozen=True)
class Progress:
    """How many texts wait for this moderator, wait for another, are released, are withheld."""

    waiting: int
    elsewhere: int
    released: int
    withheld: int

    @property
    def decided(self) -> int:
        """Texts about which somebody decided."""
        return self.released + self.withheld

    @property
    def all(self) -> int:
        """Texts that may be read at all."""
        return self.waiting + self.elsewhere + self.decided


class Desk:
    """What one moderator may read of one round."""

    def __init__(self, session: Session, round_: RoundRow, account: AccountRow) -> None:
        """Raise `Refused` unless the round is sealed and it is known of which township one is."""
        if account.role != "moderator":
            raise Missing(N_("There is no such page."))
        if account.township is None:
            raise Refused(
                N_(
                    "Nobody has said yet of which township you are. An administrator says it on "
                    "your page under People: nobody reads texts from their own township."
                )
            )
        if round_.state != "sealed" or round_.kind == "rehearsal":
            raise Refused(N_("Texts are read once the round is sealed."))
        self.session, self.round_, self.account = session, round_, account
        self._reading: Reading = texts.reading(session, round_)
        self._barred = _barred(session, round_, account)

    def _is_mine(self, row: FreeAnswerRow) -> bool:
        here = self._reading.of(row.audience, row.item, row.village_id)
        return here is not None and row.village_id not in self._barred

    def next(self) -> Text | None:
        """Return a text about which nobody has decided, None where none is left for this one.

        Each moderator begins at another place, so that two seldom read the same.
        """
        start = hashlib.sha256(f"{self.round_.id} {self.account.id}".encode()).digest()[:16]
        undecided = sa.select(FreeAnswerRow).where(
            FreeAnswerRow.round_id == self.round_.id,
            ~sa.exists().where(ModerationRow.id == FreeAnswerRow.id),
        )
        after = undecided.where(FreeAnswerRow.id >= start)
        before = undecided.where(FreeAnswerRow.id < start)
        for part in (after, before):
            for row in _through(self.session, part):
                if self._is_mine(row):
                    return _text(row)
        return None

    def decided(self, state: str, skip: int, most: int) -> list[Decided]:
        """Return texts that are in *state*, in the order of their random ids."""
        wanted = (
            sa.select(FreeAnswerRow, ModerationRow)
            .join(ModerationRow, ModerationRow.id == FreeAnswerRow.id)
            .where(FreeAnswerRow.round_id == self.round_.id, ModerationRow.state == state)
            .order_by(FreeAnswerRow.id)
        )
        mine = [
            Decided(row.id, row.audience, row.item, row.text, one.state, one.redacted, one.reason)
            for row, one in self.session.execute(wanted)
            if self._is_mine(row)
        ]
        return mine[skip : skip + most]

    def progress(self) -> Progress:
        """Return how far moderation has come, over the whole round."""
        row = FreeAnswerRow
        cell = (row.village_id, row.audience, row.item, ModerationRow.state)
        wanted = (
            sa.select(*cell, sa.func.count())
            .outerjoin(ModerationRow, ModerationRow.id == row.id)
            .where(row.round_id == self.round_.id)
            .group_by(*cell)
        )
        found: Counter[str] = Counter()
        for village, audience, item, state, number in self.session.execute(wanted):
            if self._reading.of(audience, item, village) is not None:
                waits = "elsewhere" if village in self._barred else "waiting"
                found[state or waits] += number
        return Progress(*(found[name] for name in ("waiting", "elsewhere", *moderation.STATES)))

    def find(self, text_id: bytes) -> Text:
        """Return the text with *text_id*; raises `Missing` for one that this one may not read."""
        return _text(self._row(text_id))

    def _row(self, text_id: bytes) -> FreeAnswerRow:
        row = self.session.get(FreeAnswerRow, text_id, with_for_update=True, populate_existing=True)
        if row is None or row.round_id != self.round_.id or not self._is_mine(row):
            raise Missing(_GONE)
        return row

    def release(self, text_id: bytes, *, again: bool = False) -> None:
        """Let the text be read as it stands; *again*: after another decision about it."""
        self._decide(text_id, "released", again=again)

    def redact(self, text_id: bytes, parts: Sequence[str], *, again: bool = False) -> None:
        """Cut *parts* from the text for good and release it; `wipe` follows the COMMIT.

        Raises `Invalid` where a part is not in it or nothing would be left.
        """
        row = self._row(text_id)
        left = moderation.cut(row.text, parts)
        self._decide(text_id, "released", redacted=True, again=again)
        row.text = left
        self.session.flush()

    def withhold(self, text_id: bytes, reason: str, *, again: bool = False) -> None:
        """Let nobody read the text; *reason*: a key of `moderation.REASONS`."""
        self._decide(text_id, "withheld", moderation.require_reason(reason), again=again)

    def _decide(
        self,
        text_id: bytes,
        state: str,
        reason: str = "",
        *,
        redacted: bool = False,
        again: bool = False,
    ) -> None:
        row = self._row(text_id)
        found = self.session.get(ModerationRow, row.id, populate_existing=True)
        if found is not None and not again:
            raise Refused(N_("Somebody decided about this text meanwhile."))
        before = found is not None and found.redacted
        self.session.merge(
            ModerationRow(
                id=row.id,
                round_id=self.round_.id,
                state=state,
                redacted=redacted or before,
                reason=reason,
                moderated_by=self.account.id,
                moderated_at=now(self.session),
            )
        )
        act = "text.redact" if redacted else f"text.{state}"
        audit.record(self.session, self.account.username, act, self.round_.slug)
        self.session.flush()


def wipe(session: Session) -> None:
    """Clear the files of the database of what was cut; raises `Refused` where somebody holds it up.

    What is left then goes with the next text that is cut, or the next seal.
    """
    disk.wipe(session.get_bind().engine, FreeAnswerRow.__tablename__)


def _text(row: FreeAnswerRow) -> Text:
    return Text(row.id, row.audience, row.item, row.text)


def _through(session: Session, part: sa.Select[FreeAnswerRow]) -> Iterator[FreeAnswerRow]:
    """Yield the rows of *part* by id, a handful at a time."""
    rows = session.scalars(part.order_by(FreeAnswerRow.id).limit(_AT_ONCE)).all()
    while rows:
        yield from rows
        last = rows[-1].id
        further = part.where(FreeAnswerRow.id > last).order_by(FreeAnswerRow.id)
        rows = session.scalars(further.limit(_AT_ONCE)).all()


def _barred(session: Session, round_: RoundRow, account: AccountRow) -> set[int]:
    """Return the ids of the villages whose texts *account* does not read."""
    units = {
        row.id: row
        for row in session.scalars(
            sa.select(VillageRow).where(
                VillageRow.id.in_([one.village_id for one in rounds.villages(session, round_)])
            )
        )
    }
    return {
        one.village_id
        for one in rounds.villages(session, round_)
        if _is_tied(account, one.township, units[one.village_id])
    }


def _is_tied(account: AccountRow, township: str, village: VillageRow) -> bool:
    return (
        account.township == township
        or (bool(township) and plain(township) in plain(account.unit))
        or tie(account.unit, village.paired_unit, village.city_leader) is not None
    )
