"""Who stands back (回避) from a village: by hand, or of itself by the register (core/conflict)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey.core.conflict import tie
from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence, say
from survey.storage import audit, evaluated, groups
from survey.storage.db import now
from survey.storage.tables import AccountRow, RecusalRow, RoundRow, RoundVillageRow, VillageRow

LONGEST_REASON = 300

Seated = Mapping[int, Sequence[AccountRow]]
"""Who sits at the table of each village, by village id."""


@dataclass(frozen=True)
class Recusal:
    """Why somebody stands back. *by* and *at* say who entered it; "" and None: the register."""

    why: Sentence
    by: str = ""
    at: datetime | None = None

    @property
    def by_hand(self) -> bool:
        """Whether somebody entered it, so that it can be taken back."""
        return self.at is not None


def of_seats(session: Session, round_: RoundRow, seated: Seated) -> dict[int, dict[int, Recusal]]:
    """Return who of *seated* stands back, by village id and account id."""
    found: dict[int, dict[int, Recusal]] = defaultdict(dict)
    for village, account, recusal in _tied(session, seated):
        found[village][account] = recusal
    for village, account, recusal in _by_hand(session, round_, list(seated)):
        found[village][account] = recusal
    return found


def of_account(
    session: Session,
    round_: RoundRow,
    villages: Sequence[RoundVillageRow],
    account: AccountRow,
) -> set[int]:
    """Return the ids of those of *villages* from which *account* stands back."""
    found = of_seats(session, round_, {village.village_id: [account] for village in villages})
    return {village for village, recused in found.items() if account.id in recused}


def _tied(session: Session, seated: Seated) -> list[tuple[int, int, Recusal]]:
    ids = [village for village, accounts in seated.items() if any(one.unit for one in accounts)]
    if not ids:
        return []
    texts = sa.select(VillageRow.id, VillageRow.paired_unit, VillageRow.city_leader)
    return [
        (row.id, account.id, Recusal(why))
        for row in session.execute(texts.where(VillageRow.id.in_(ids)))
        for account in seated[row.id]
        if (why := tie(account.unit, row.paired_unit, row.city_leader))
    ]


def _by_hand(
    session: Session, round_: RoundRow, village_ids: Sequence[int]
) -> list[tuple[int, int, Recusal]]:
    writer = aliased(AccountRow)
    wanted = (
        sa.select(RecusalRow, writer.name)
        .join(writer, writer.id == RecusalRow.entered_by)
        .where(RecusalRow.round_id == round_.id, RecusalRow.village_id.in_(village_ids))
    )
    return [
        (
            row.village_id,
            row.account_id,
            Recusal(say("%(reason)s", reason=row.reason), by, row.entered_at),
        )
        for row, by in session.execute(wanted)
    ]


def enter(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    reason: str,
    by: AccountRow,
) -> None:
    """Let *account* stand back from *village*; *by* is the person or an administrator.

    What they handed in stays, but counts no more. Raises `Invalid` for want of a reason, `Missing`
    where the person is not of the village's group, `Refused` where it was entered before or the
    rating is locked.
    """
    evaluated.require_open(session, round_, village)
    if village.group_id not in groups.of_account(session, round_, account):
        raise Missing(N_("This person is not in the acceptance group of this village."))
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid(
            N_("Please write why, in %(maximum)d characters at most."), maximum=LONGEST_REASON
        )
    if session.get(RecusalRow, _key(round_, village, account)) is not None:
        raise Refused(N_("This person stands back from the village already."))
    session.add(
        RecusalRow(
            round_id=round_.id,
            village_id=village.village_id,
            account_id=account.id,
            reason=reason,
            entered_by=by.id,
            entered_at=now(session),
        )
    )
    _record(session, "recusal.enter", by, round_, village, account, reason)


def withdraw(
    session: Session,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    by: AccountRow,
) -> None:
    """Take back what was entered by hand; raises `Missing`, and `Refused` once it is locked."""
    evaluated.require_open(session, round_, village)
    row = session.get(RecusalRow, _key(round_, village, account))
    if row is None:
        raise Missing(N_("This person does not stand back from the village."))
    session.delete(row)
    _record(session, "recusal.withdraw", by, round_, village, account, row.reason)


def _key(round_: RoundRow, village: RoundVillageRow, account: AccountRow) -> tuple[int, int, int]:
    return (round_.id, village.village_id, account.id)


def _record(
    session: Session,
    act: str,
    by: AccountRow,
    round_: RoundRow,
    village: RoundVillageRow,
    account: AccountRow,
    reason: str,
) -> None:
    subject = evaluated.subject(round_, village)
    audit.record(session, by.username, act, subject, person=account.username, reason=reason)
    session.flush()


def paired_units(session: Session) -> Sequence[str]:
    """Return the units that the register names as paired, each once, in order."""
    named = sa.select(VillageRow.paired_unit).where(VillageRow.paired_unit != "")
    return session.scalars(named.distinct().order_by(VillageRow.paired_unit)).all()
