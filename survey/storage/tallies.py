"""The tallies of sealed rounds, as the seal left them."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import tallies
from survey.storage.tables import RoundRow, TallyRow


def received(session: Session, round_: RoundRow) -> Counter[tuple[int, str]]:
    """Return the ballots received by village id and audience, posters and tickets together."""
    counts: Counter[tuple[int, str]] = Counter()
    for row in session.scalars(sa.select(TallyRow).where(TallyRow.round_id == round_.id)):
        counts[row.village_id, row.audience] += tallies.from_dict(row.document).received
    return counts


def used_tickets(session: Session, round_: RoundRow) -> Counter[tuple[int, str]]:
    """Return the ballots that came by ticket, by village id and audience."""
    counts: Counter[tuple[int, str]] = Counter()
    by_ticket = sa.select(TallyRow).filter_by(round_id=round_.id, access="ticket")
    for row in session.scalars(by_ticket):
        counts[row.village_id, row.audience] += tallies.from_dict(row.document).received
    return counts
