"""What a weekly report showed of each village, kept so that the next one can say what is new."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base


class SnapshotRow(Base):
    """One village on the day of a report: full tens only, for the database is read by others too.

    *answered* and *enough* are NULL where the audience is not asked.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        sa.CheckConstraint("answered IS NULL OR answered % 10 = 0", name="answered_in_tens"),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_snapshot_village",
        ),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    village_id: Mapped[int] = mapped_column(primary_key=True)
    answered: Mapped[int | None]
    enough: Mapped[bool | None]
    evaluated: Mapped[bool]
