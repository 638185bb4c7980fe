"""The recordings: kept, replaced and taken away by one administrator, and logged.

One person is enough: a recording is public, whoever doubts it can listen, and the log names each by
the digest of its sound, so that it can be told later what was read aloud, and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from survey.core.errors import Missing, Refused
from survey.core.recording import Sound
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.tables import AccountRow, RecordingRow, RoundRow

CHANGEABLE = ("draft", "open")
"""States of a round in which its recordings may be changed: until answering ends."""


def keep(
    session: Session,
    round_: RoundRow,
    words: str,
    item: str,
    language: str,
    sound: Sound,
    account: AccountRow,
) -> RecordingRow:
    """Keep *sound* as the reading of *words*, in place of one that is there.

    Raises `Refused` where answering in *round_* has ended.
    """
    _require_changeable(round_)
    row = session.get(RecordingRow, words) or RecordingRow(words=words)
    row.language, row.item, row.round_id = language, item, round_.id
    row.kind, row.size, row.name, row.content = (
        sound.kind,
        len(sound.content),
        sound.name,
        sound.content,
    )
    session.add(row)
    _log(session, "keep", round_, row, account)
    return row


def remove(session: Session, round_: RoundRow, words: str, account: AccountRow) -> None:
    """Take the recording of *words* away; raises `Missing`, and `Refused` as `keep` does."""
    _require_changeable(round_)
    row = session.get(RecordingRow, words)
    if row is None:
        raise Missing(N_("This recording is no longer there."))
    _log(session, "remove", round_, row, account)
    session.delete(row)


def _require_changeable(round_: RoundRow) -> None:
    if round_.state not in CHANGEABLE:
        raise Refused(N_("Recordings can be changed until answering has ended."))


def _log(
    session: Session, act: str, round_: RoundRow, row: RecordingRow, account: AccountRow
) -> None:
    detail: dict[str, Any] = {"item": row.item, "language": row.language, "sound": row.name}
    audit.record(session, account.username, f"recording.{act}", round_.slug, **detail)


def of_words(session: Session, words: Iterable[str]) -> dict[str, RecordingRow]:
    """Return the recordings that there are of *words*, by them; without their sound."""
    chosen = sa.select(RecordingRow).where(RecordingRow.words.in_(list(words)))
    return {row.words: row for row in session.scalars(chosen)}


def left_over(session: Session, round_: RoundRow, words: Iterable[str]) -> Sequence[RecordingRow]:
    """Return what was kept for *round_* and reads none of its *words* any more."""
    chosen = sa.select(RecordingRow).where(
        RecordingRow.round_id == round_.id, RecordingRow.words.not_in(list(words))
    )
    return session.scalars(chosen.order_by(RecordingRow.language, RecordingRow.item)).all()


def by_name(session: Session, name: str) -> RecordingRow | None:
    """Return a recording whose sound is *name*, with it, or None."""
    chosen = (
        sa.select(RecordingRow)
        .where(RecordingRow.name == name)
        .options(undefer(RecordingRow.content))
        .limit(1)
    )
    return session.scalars(chosen).first()
