"""The posters' codes: public, one for each village and audience of an open round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage.tables import PosterRow, RoundRow, RoundVillageRow


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


def by_code(session: Session, code: str) -> PosterRow | None:
    """Return the poster with *code*, also a withdrawn one, or None."""
    return session.get(PosterRow, code.upper())


def address(round_: RoundRow, code: str) -> str:
    """Return the address that a poster's QR code holds."""
    return f"{round_.base_address}/v/{code}"
