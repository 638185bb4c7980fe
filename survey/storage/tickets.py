"""The tickets: made and handed to the printer once; only digests of their codes are kept."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import box as ballot_box
from survey.core import codes, slips
from survey.core.errors import Invalid, Refused
from survey.core.wording import N_
from survey.storage import boxes
from survey.storage.db import now
from survey.storage.rounds import audience_of
from survey.storage.tables import AccountingRow, RoundRow, RoundVillageRow

MOST_AT_ONCE = 20_000


def count(villages: Sequence[RoundVillageRow], audience: str, plan: slips.Plan) -> dict[int, int]:
    """Return how many slips *plan* gives each of *villages*, by village id; none is left out.

    Raises `Invalid` where a share is wanted of a number that the register does not have, or no
    village would get a slip.
    """
    counts = {}
    for village in villages:
        expected = village.party_members if audience == "self" else village.eligible
        number = slips.number(plan, expected)
        if number is None:
            raise Invalid(
                N_(
                    "The register does not say how many may answer in %(village)s. Fill it in, "
                    "or print the same number for each village."
                ),
                village=village.name,
            )
        if number:
            counts[village.village_id] = number
    if not counts:
        raise Invalid(N_("No village was chosen, or none would get a slip."))
    return counts


def issue(
    session: Session, round_: RoundRow, village_id: int, audience: str, count: int, pepper: bytes
) -> list[str]:
    """Return *count* new codes for a village and audience; they are stored nowhere in clear.

    Raises `Refused` where the round is not open or has no tickets for this audience.
    """
    if round_.state != "open" or now(session) >= round_.closes_at:
        raise Refused(N_("Tickets can be printed while the round is open."))
    if audience_of(round_, audience).access == "poster":
        raise Refused(N_("This audience answers by poster in this round; it has no tickets."))
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid(
            N_("Between 1 and %(most)d tickets can be printed at once."), most=MOST_AT_ONCE
        )
    made = [codes.make_ticket_code() for _ in range(count)]
    macs = sorted(ballot_box.ticket_mac(pepper, code) for code in made)
    session.execute(
        sa.insert(boxes.of_round(round_.id).ticket),
        [
            {"mac": mac, "village_id": village_id, "audience": audience, "void": False}
            for mac in macs
        ],
    )
    session.execute(
        sa.update(AccountingRow)
        .where(
            AccountingRow.round_id == round_.id,
            AccountingRow.village_id == village_id,
            AccountingRow.audience == audience,
        )
        .values(printed=AccountingRow.printed + count)
    )
    return made


def address(round_: RoundRow, code: str) -> str:
    """Return the address that a ticket's QR code holds."""
    return f"{round_.base_address}/t/{code}"
