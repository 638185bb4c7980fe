"""Proof of measures: files kept with their rows, and deleted once no row refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.proof import digest_of
from survey.core.wording import N_
from survey.storage import proof_files, village_files
from survey.storage.db import begin_write, is_sqlite, now
from survey.storage.tables import AccountRow, MeasureRow, ProofRow, VillageRow

_LOCK = 0x7072_6F66


def of_village(session: Session, village: VillageRow) -> dict[int, list[ProofRow]]:
    """Return the proof in the file of *village*, by number of the measure, oldest first."""
    found: dict[int, list[ProofRow]] = {}
    chosen = sa.select(ProofRow).where(ProofRow.village_id == village.id).order_by(ProofRow.id)
    for row in session.scalars(chosen):
        found.setdefault(row.measure, []).append(row)
    return found


def find(session: Session, village: VillageRow, proof_id: int) -> ProofRow:
    """Return a proof of *village*; raises `Missing`, also for another village's."""
    row = session.get(ProofRow, proof_id)
    if row is None or row.village_id != village.id:
        raise Missing(N_("There is no such file in this village's file."))
    return row


def keep(
    session: Session,
    village: VillageRow,
    measure: int,
    name: str,
    kind: str,
    aside: Path,
    by: AccountRow,
    most: int,
) -> ProofRow:
    """Keep the file laid *aside* as proof of *measure*; *most*: bytes of a village's proof.

    Raises `Refused` where the measure is closed out, has the file already, or *most* is passed.
    """
    _lock(session)
    village_files.hold(session, village)
    row: MeasureRow = village_files.find(session, "measure", village, measure)
    _require_not_closed(row)
    content = aside.read_bytes()
    digest = digest_of(content)
    belonging = of_village(session, village)
    if any(one.digest == digest for one in belonging.get(measure, [])):
        raise Refused(N_("This file is with the measure already."))
    if sum(one.size for found in belonging.values() for one in found) + len(content) > most:
        raise Refused(
            N_("The proof of one village may have %(most)d MB together. Please choose less."),
            most=most // 1024**2,
        )
    proof = ProofRow(
        village_id=village.id,
        measure=measure,
        digest=digest,
        kind=kind,
        name=name,
        size=len(content),
        added_at=now(session),
    )
    session.add(proof)
    session.flush()
    village_files.log(session, "proof.add", village, by, measure=measure, file=digest)
    proof_files.put_in_place(aside, digest)
    return proof


def remove(session: Session, village: VillageRow, proof_id: int, by: AccountRow) -> str:
    """Take a proof away and return its digest, for `forget` after the commit."""
    village_files.hold(session, village)
    proof = find(session, village, proof_id)
    _require_not_closed(village_files.find(session, "measure", village, proof.measure))
    session.delete(proof)
    session.flush()
    detail = {"measure": proof.measure, "file": proof.digest}
    village_files.log(session, "proof.remove", village, by, **detail)
    return proof.digest


def _require_not_closed(row: MeasureRow) -> None:
    if row.state == "closed":
        raise Refused(N_("This measure is closed out; its proof stays as it is."))


def forget(session: Session, folder: Path, digests: Iterable[str]) -> None:
    """Delete the files of *digests* that no row refers to any more; in a transaction of its own.

    Whoever is just keeping the same content waits, or is waited for.
    """
    begin_write(session)
    _lock(session)
    wanted = set(digests)
    still = set(session.scalars(sa.select(ProofRow.digest).where(ProofRow.digest.in_(wanted))))
    proof_files.forget(folder, wanted - still)
    session.commit()


def sweep(session: Session, folder: Path) -> Sequence[str]:
    """Delete what a crash left in *folder*, at a start, and return the names."""
    begin_write(session)
    _lock(session)
    kept = set(session.scalars(sa.select(ProofRow.digest)))
    names = proof_files.left_over(folder, kept)
    proof_files.forget(folder, names)
    session.commit()
    return names


def _lock(session: Session) -> None:
    """Let one at a time change the folder; on SQLite whoever writes has the database anyhow."""
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
