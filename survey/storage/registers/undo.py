"""Undoing the last import: what it added goes, what it changed is again as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.register import Entry
from survey.core.wording import N_, Sentence, say
from survey.storage import audit
from survey.storage.db import now
from survey.storage.registers import entries, hamlets
from survey.storage.registers.entries import portions
from survey.storage.tables import (
    AccountRow,
    CalibrationScoreRow,
    GroupRow,
    HamletRow,
    RegisterChangeRow,
    RegisterImportRow,
    RoundRow,
    RoundVillageRow,
    VillageRow,
)

NAMED = 5
"""So many villages that were edited since are named."""


def obstacle(session: Session, import_: RegisterImportRow) -> Sentence | None:
    """Return why *import_* cannot be undone, None where it can.

    Only the newest can, until a round opens or one of its villages is changed otherwise.
    """
    if import_.undone_at is not None:
        return say(N_("This import was undone."))
    if not import_.added + import_.changed:
        return say(N_("This import changed nothing."))
    later = _later(session, import_)
    if later:
        return say(
            N_("“%(file)s” was imported after it. Undo that one first."), file=later.filename
        )
    round_ = _opened_since(session, import_)
    if round_:
        return say(
            N_("The round “%(round)s” was opened after it, with these villages."),
            round=round_.title,
        )
    changes = _changes(session, import_)
    if not changes:
        return say(N_("This import was made before the service kept what an import changes."))
    return _changed_since(session, changes)


def _later(session: Session, import_: RegisterImportRow) -> RegisterImportRow | None:
    return session.scalars(
        sa.select(RegisterImportRow)
        .where(
            RegisterImportRow.id > import_.id,
            RegisterImportRow.undone_at.is_(None),
            RegisterImportRow.added + RegisterImportRow.changed > 0,
        )
        .order_by(RegisterImportRow.id.desc())
        .limit(1)
    ).first()


def _opened_since(session: Session, import_: RegisterImportRow) -> RoundRow | None:
    opened = sa.select(RoundRow).where(RoundRow.opened_at >= import_.at)
    return session.scalars(opened.order_by(RoundRow.opened_at).limit(1)).first()


def _changes(
    session: Session, import_: RegisterImportRow
) -> list[tuple[int, dict[str, Any] | None, dict[str, Any]]]:
    columns = (RegisterChangeRow.village_id, RegisterChangeRow.old, RegisterChangeRow.new)
    found = session.execute(sa.select(*columns).where(RegisterChangeRow.import_id == import_.id))
    return [(row[0], row[1], row[2]) for row in found]


def _changed_since(
    session: Session, changes: Sequence[tuple[int, dict[str, Any] | None, dict[str, Any]]]
) -> Sentence | None:
    """Return which villages are not as the import left them, None where all are."""
    found = entries.own(session, [village_id for village_id, _old, _new in changes])
    merged = set(session.scalars(sa.select(HamletRow.village_id)))
    retired = set(session.scalars(sa.select(VillageRow.id).where(VillageRow.retired)))
    names = [
        found[village_id].name
        for village_id, old, new in changes
        if not new.items() <= asdict(found[village_id]).items()
        or (old is None and village_id in merged | retired)
    ]
    if not names:
        return None
    return say(
        N_(
            "These villages were changed after it: %(villages)s. Set them right one by one, or "
            "import a file that does."
        ),
        villages=", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else ""),
    )


def undo(session: Session, import_: RegisterImportRow, account: AccountRow) -> None:
    """Undo *import_*; raises `Refused` with the `obstacle` where there is one.

    Drafts of rounds lose what it added, and the acceptance groups that it made go where nobody
    and nothing belongs to them.
    """
    problem = obstacle(session, import_)
    if problem:
        raise Refused(problem)
    changes = _changes(session, import_)
    session.execute(sa.delete(RegisterChangeRow).where(RegisterChangeRow.import_id == import_.id))
    _take_out(session, [village_id for village_id, old, _new in changes if old is None])
    _put_back(session, {village_id: old for village_id, old, _new in changes if old is not None})
    hamlets.follow(session)
    _remove_groups(session, import_.groups)
    import_.undone_at, import_.undone_by = now(session), account.username
    audit.record(
        session,
        account.username,
        "register.undo",
        import_.filename,
        added=import_.added,
        changed=import_.changed,
    )


def _take_out(session: Session, ids: Sequence[int]) -> None:
    for some in portions(ids):
        session.execute(
            sa.delete(RoundVillageRow).where(RoundVillageRow.village_id.in_(some)),
            execution_options={"synchronize_session": False},
        )
        session.execute(
            sa.delete(VillageRow).where(VillageRow.id.in_(some)),
            execution_options={"synchronize_session": False},
        )
    session.expire_all()


def _put_back(session: Session, old: dict[int, dict[str, Any]]) -> None:
    groups = entries.group_ids(session)
    found: dict[int, Entry] = entries.own(session, list(old))
    for some in portions(old):
        again = {village_id: replace(found[village_id], **old[village_id]) for village_id in some}
        entries.write_own(session, again, groups)


def _remove_groups(session: Session, ids: Sequence[int]) -> None:
    """Remove those of the acceptance groups *ids* that nothing belongs to."""
    used = sa.union(
        *(
            sa.select(column).where(column.in_(ids))
            for column in (
                VillageRow.group_id,
                AccountRow.group_id,
                RoundVillageRow.group_id,
                CalibrationScoreRow.group_id,
            )
        )
    )
    session.execute(sa.delete(GroupRow).where(GroupRow.id.in_(ids), GroupRow.id.not_in(used)))
