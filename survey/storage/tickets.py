"""The tickets: made and handed to the printer once; only digests of their codes are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import box as ballot_box
from survey.core import codes, slips
from survey.core.errors import Invalid, Refused
from survey.core.slips import Amount
from survey.core.wording import N_
from survey.storage import boxes, deadlines
from survey.storage.db import now
from survey.storage.rounds import audience_of
from survey.storage.tables import AccountingRow, RoundRow, RoundVillageRow, SheetRow

MOST_AT_ONCE = 20_000


@dataclass(frozen=True)
class Printed:
    """A new sheet: its number among those of its village and audience, and the codes on it."""

    number: int
    codes: list[str]


def count(
    villages: Sequence[RoundVillageRow], audience: str, plan: slips.Plan
) -> dict[int, Amount]:
    """Return how many slips *plan* gives each of *villages*, by village id; none is left out.

    Raises `Invalid` where a share is wanted of a number that the register does not have, or no
    village would get a slip.
    """
    counts = {}
    for village in villages:
        expected = village.party_members if audience == "self" else village.eligible
        amount = slips.amount(plan, expected)
        if amount is None:
            raise Invalid(
                N_(
                    "The register does not say how many may answer in %(village)s. Fill it in, "
                    "or print the same number for each village."
                ),
                village=village.name,
            )
        if amount.count:
            counts[village.village_id] = amount
    if not counts:
        raise Invalid(N_("No village was chosen, or none would get a slip."))
    return counts


def issue(
    session: Session, round_: RoundRow, village_id: int, audience: str, count: int, pepper: bytes
) -> list[str]:
    """Return the codes of a new sheet of *count* slips without spare ones; see `print_sheet`."""
    return print_sheet(session, round_, village_id, audience, Amount(count), pepper).codes


def print_sheet(
    session: Session,
    round_: RoundRow,
    village_id: int,
    audience: str,
    amount: Amount,
    pepper: bytes,
) -> Printed:
    """Return a new sheet for a village and audience; its codes are stored nowhere in clear.

    Raises `Refused` where the round is not open, the village's time to answer has ended, or there
    are no tickets for this audience.
    """
    _require_printable(session, round_, village_id, audience, amount)
    made = [codes.make_ticket_code() for _ in range(amount.count)]
    number = _add_sheet(session, round_, village_id, audience, amount)
    session.execute(
        sa.insert(boxes.of_round(round_.id).ticket),
        [
            {
                "mac": mac,
                "village_id": village_id,
                "audience": audience,
                "sheet": number,
                "void": False,
            }
            for mac in sorted(ballot_box.ticket_mac(pepper, code) for code in made)
        ],
    )
    return Printed(number, made)


def _require_printable(
    session: Session, round_: RoundRow, village_id: int, audience: str, amount: Amount
) -> None:
    moment = now(session)
    if round_.state != "open" or moment >= deadlines.last(session, round_):
        raise Refused(N_("Tickets can be printed while the round is open."))
    if moment >= deadlines.of_village(session, round_, village_id):
        village = session.get_one(RoundVillageRow, (round_.id, village_id))
        raise Refused(
            N_("The time to answer has ended in %(village)s. Please leave it out."),
            village=village.name,
        )
    if audience_of(round_, audience).access == "poster":
        raise Refused(N_("This audience answers by poster in this round; it has no tickets."))
    if not 1 <= amount.count <= MOST_AT_ONCE:
        raise Invalid(
            N_("Between 1 and %(most)d tickets can be printed at once."), most=MOST_AT_ONCE
        )


def _add_sheet(
    session: Session, round_: RoundRow, village_id: int, audience: str, amount: Amount
) -> int:
    """Keep a new sheet and return its number; the accounting's row makes two prints take turns."""
    cell = {"round_id": round_.id, "village_id": village_id, "audience": audience}
    session.execute(
        sa.update(AccountingRow)
        .filter_by(**cell)
        .values(printed=AccountingRow.printed + amount.count)
    )
    last = sa.select(sa.func.max(SheetRow.number)).filter_by(**cell)
    number = (session.execute(last).scalar_one() or 0) + 1
    sheet = cell | {"number": number, "printed": amount.count, "spare": amount.spare}
    session.execute(sa.insert(SheetRow), [sheet])
    return number


def address(round_: RoundRow, code: str) -> str:
    """Return the address that a ticket's QR code holds."""
    return f"{round_.base_address}/t/{code}"
