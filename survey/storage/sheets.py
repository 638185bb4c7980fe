"""The sheets of slips: listed, and voided by two persons; what is spent of one stays counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.slips import LEAST_TO_VOID, Amount
from survey.core.wording import N_
from survey.storage import acts, audit, boxes, deadlines
from survey.storage.db import now
from survey.storage.tables import AccountRow, PendingActRow, RoundRow, RoundVillageRow, SheetRow

VOID = "sheet.void"
REPRINT = "sheet.reprint"


@dataclass(frozen=True)
class Place:
    """Which sheet: its village, its audience, and its number among those of both."""

    village: RoundVillageRow
    audience: str
    number: int

    @property
    def subject(self) -> str:
        """What an act of two persons calls it."""
        return f"{self.village.code}/{self.audience}/{self.number}"


def listing(session: Session, round_: RoundRow) -> Sequence[SheetRow]:
    """Return every sheet of *round_* by village, audience and number."""
    order = (SheetRow.village_id, SheetRow.audience, SheetRow.number)
    found = sa.select(SheetRow).where(SheetRow.round_id == round_.id).order_by(*order)
    return session.scalars(found).all()


def of_village(
    session: Session, round_: RoundRow, village_id: int, audience: str
) -> Sequence[SheetRow]:
    """Return the sheets of one village and audience by number."""
    found = sa.select(SheetRow).filter_by(
        round_id=round_.id, village_id=village_id, audience=audience
    )
    return session.scalars(found.order_by(SheetRow.number)).all()


def propose(
    session: Session, round_: RoundRow, act: str, place: Place, account: AccountRow
) -> PendingActRow:
    """Keep that *account* proposes to void a sheet (`VOID`), or to print it again (`REPRINT`)."""
    require_voidable(session, round_, _row(session, round_, place))
    where = {"village_id": place.village.village_id, "audience": place.audience}
    return acts.propose(session, round_, act, account, place.subject, place=where)


def void(
    session: Session,
    round_: RoundRow,
    act: str,
    place: Place,
    account: AccountRow,
    *,
    two_person: bool,
) -> Amount:
    """Void what is unspent of a sheet, because *account* confirms *act*; return what it had.

    Submits wait while it is done, so that a slip is either spent or void. For `REPRINT` the caller
    then prints the same amount: as many as were printed, not as were unspent, since that would
    tell before the seal how many were used.
    """
    acts.confirm(session, round_, act, account, place.subject, two_person=two_person)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_)
    sheet = _row(session, round_, place)
    require_voidable(session, round_, sheet)
    box = boxes.of_round(round_.id)
    session.execute(
        sa.update(box.ticket)
        .where(
            box.ticket.c.village_id == sheet.village_id,
            box.ticket.c.audience == sheet.audience,
            box.ticket.c.sheet == sheet.number,
            box.ticket.c.mac.not_in(sa.select(box.spent.c.mac)),
        )
        .values(void=True)
    )
    sheet.void = True
    audit.record(session, account.username, act, round_.slug, sheet=place.subject)
    return Amount(sheet.printed, sheet.spare)


def _row(session: Session, round_: RoundRow, place: Place) -> SheetRow:
    key = (round_.id, place.village.village_id, place.audience, place.number)
    row = session.get(SheetRow, key, populate_existing=True)
    if row is None:
        raise Missing(N_("There is no such sheet of slips."))
    return row


def require_voidable(session: Session, round_: RoundRow, sheet: SheetRow) -> None:
    """Raise `Refused` unless what is unspent of *sheet* may be voided now."""
    deadline = deadlines.of_village(session, round_, sheet.village_id)
    if round_.state != "open" or now(session) >= deadline:
        raise Refused(N_("A sheet can be voided while its village may still answer."))
    if sheet.void:
        raise Refused(N_("This sheet is void already. Print new tickets instead."))
    if sheet.printed < LEAST_TO_VOID:
        raise Refused(
            N_(
                "A sheet of fewer than %(least)d slips is not voided: the count would tell who "
                "used one. Tear up what is left before witnesses and count it as returned."
            ),
            least=LEAST_TO_VOID,
        )
