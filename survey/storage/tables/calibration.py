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


class CalibrationMeetingRow(Base):
    """A meeting of the leads over the whole round; open until somebody closes it."""

    __tablename__ = "calibration_meeting"
    __table_args__ = (
        sa.CheckConstraint("(closed_by IS NULL) = (closed_at IS NULL)", name="closed_by_somebody"),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= opened_at", name="closed_after_opened"
        ),
        sa.Index(
            "ix_calibration_meeting_one_open",
            "round_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]
