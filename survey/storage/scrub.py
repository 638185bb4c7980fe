"""The scrub after a seal: drop the box, destroy its key and pepper, and clear the traces on disk.

Every step may be cut short and done again, by several at once too. This room commits by itself,
since dropping, clearing and being done must each be on the disk before the next begins.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import audit, boxes, disk, keys
from survey.storage.db import begin_write, now
from survey.storage.progress import Report, Stage, silent
from survey.storage.tables import RoundRow

_STEPS = 3
"""Box, key and disk: what is reported while they are destroyed and cleared."""


def scrub(session: Session, round_: RoundRow, folder: Path, *, report: Report = silent) -> None:
    """Bring a round in state scrubbing to sealed; raises `Refused` where the disk is not clear."""
    if round_.state != "scrubbing":
        raise Refused(N_("Only a round that has just been sealed is scrubbed."))
    remains = destroy(session, round_.id, folder, report=report)
    begin_write(session)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    if round_.state == "scrubbing":
        round_.state = "sealed"
        round_.sealed_at = now(session)
        round_.sealing = {**(round_.sealing or {}), **remains}
        audit.record(session, "clock", "round.scrub", round_.slug)
    session.commit()


def destroy(
    session: Session, round_id: int, folder: Path, *, report: Report = silent
) -> dict[str, list[str] | bool]:
    """Drop the box of a round, destroy its files in the key *folder*, and clear the disk.

    Commits what the session was doing. Returns what others keep and nobody here can clear:
    ``standbys``, ``slots`` (names) and ``archived``.
    """
    stage = Stage(report, "clearing", _STEPS)
    begin_write(session)
    boxes.lock_alone(session, round_id)
    boxes.drop(session, round_id)
    session.commit()
    stage.step()
    keys.discard(folder, round_id)
    stage.step()
    copies = disk.clear(session.get_bind().engine)
    stage.end()
    return {
        "standbys": list(copies.standbys),
        "slots": list(copies.slots),
        "archived": copies.archived,
    }


def resume(session: Session, folder: Path) -> list[str]:
    """Finish every scrub that was cut short; return the rounds' short names."""
    waiting = session.scalars(sa.select(RoundRow).where(RoundRow.state == "scrubbing")).all()
    slugs = [round_.slug for round_ in waiting]
    session.commit()
    for round_ in waiting:
        scrub(session, round_, folder)
    return slugs
