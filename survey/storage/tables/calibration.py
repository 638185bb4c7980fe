"""Calibration villages of a round, which are no villages of the register, and groups' points."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base


class CalibrationVillageRow(Base):
    """A village whose files every group scores: a line of the round's sheet, named by hand."""

    __tablename__ = "calibration_village"
    __table_args__ = (
        sa.CheckConstraint("place BETWEEN 1 AND 6", name="place_on_sheet"),
        sa.CheckConstraint("name <> ''", name="has_name"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]


class CalibrationScoreRow(Base):
    """A group's points for a calibration village; NULL where somebody cleared them."""

    __tablename__ = "calibration_score"
    __table_args__ = (
        sa.CheckConstraint("points IS NULL OR points BETWEEN 0 AND 100", name="points_on_scale"),
        sa.ForeignKeyConstraint(
            ["round_id", "place"],
            ["calibration_village.round_id", "calibration_village.place"],
            name="fk_calibration_score_village",
        ),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("acceptance_group.id"), primary_key=True)
    points: Mapped[float | None] = mapped_column(sa.Float)
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]
