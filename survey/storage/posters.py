"""The posters' codes: public, one for each village and audience of an open round.

A code that has leaked, or whose poster was tampered with, is replaced by one administrator and an
entry in the audit log. It needs no second person: a poster protects nothing, its ballots are told
apart from those of tickets, and a wrong replacement is mended by printing the new poster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import codes
from survey.core.errors import Missing, Refused
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.tables import AccountRow, PosterRow, RoundRow, RoundVillageRow


@dataclass(frozen=True)
class Poster:
    """A poster's code with the village it belongs to."""

    code: str
    audience: str
    village: RoundVillageRow
    address: str


def of_round(
    session: Session,
    round_: RoundRow,
    audience: str | None = None,
    village_codes: Sequence[str] = (),
) -> list[Poster]:
    """Return the posters in force of *round_* by village code and audience."""
    chosen = (
        sa.select(PosterRow, RoundVillageRow)
        .join(
            RoundVillageRow,
            sa.and_(
                RoundVillageRow.round_id == PosterRow.round_id,
                RoundVillageRow.village_id == PosterRow.village_id,
            ),
        )
        .where(PosterRow.round_id == round_.id, PosterRow.withdrawn.is_(False))
        .order_by(RoundVillageRow.code, PosterRow.audience)
    )
    if audience:
        chosen = chosen.where(PosterRow.audience == audience)
    if village_codes:
        chosen = chosen.where(RoundVillageRow.code.in_(village_codes))
    return [
        Poster(row.code, row.audience, village, address(round_, row.code))
        for row, village in session.execute(chosen)
    ]


def replace(
    session: Session, round_: RoundRow, village: RoundVillageRow, audience: str, account: AccountRow
) -> Poster:
    """Withdraw the poster of a village and audience and return the new one in its place.

    The old address then answers 410. Raises `Refused` unless the round is open, `Missing` where the
    village has no poster for this audience.
    """
    if round_.state != "open":
        raise Refused(N_("A poster can be replaced while the round is open."))
    cell = {"round_id": round_.id, "village_id": village.village_id, "audience": audience}
    gone = session.execute(
        sa.update(PosterRow)
        .filter_by(**cell, withdrawn=False)
        .values(withdrawn=True)
        .returning(PosterRow.code)
    ).all()
    if not gone:
        raise Missing(N_("This village has no poster for this audience."))
    row = PosterRow(**cell, code=codes.make_poster_code())
    session.add(row)
    audit.record(
        session,
        account.username,
        "poster.replace",
        round_.slug,
        village=village.code,
        audience=audience,
    )
    return Poster(row.code, audience, village, address(round_, row.code))


def withdrawn(session: Session, round_: RoundRow) -> list[tuple[RoundVillageRow, str]]:
    """Return village and audience of every poster of *round_* that was replaced, by code."""
    chosen = (
        sa.select(RoundVillageRow, PosterRow.audience)
        .join(
            PosterRow,
            sa.and_(
                RoundVillageRow.round_id == PosterRow.round_id,
                RoundVillageRow.village_id == PosterRow.village_id,
            ),
        )
        .where(PosterRow.round_id == round_.id, PosterRow.withdrawn.is_(True))
        .order_by(RoundVillageRow.code, PosterRow.audience)
    )
    return [(village, audience) for village, audience in session.execute(chosen)]


def by_code(session: Session, code: str) -> PosterRow | None:
    """Return the poster with *code*, also a withdrawn one, or None."""
    return session.get(PosterRow, code.upper())


def address(round_: RoundRow, code: str) -> str:
    """Return the address that a poster's QR code holds."""
    return f"{round_.base_address}/v/{code}"
