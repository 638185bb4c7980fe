"""calibration villages and what the groups gave them.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; no round has calibration villages yet."""
    op.create_table(
        "calibration_village",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "place BETWEEN 1 AND 6", name=op.f("ck_calibration_village_place_on_sheet")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_calibration_village_has_name")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_calibration_village_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_calibration_village")),
    )
    op.create_table(
        "calibration_score",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "points IS NULL OR points BETWEEN 0 AND 100",
            name=op.f("ck_calibration_score_points_on_scale"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "place"],
            ["calibration_village.round_id", "calibration_village.place"],
            name="fk_calibration_score_village",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["acceptance_group.id"],
            name=op.f("fk_calibration_score_group_id_acceptance_group"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_calibration_score_entered_by_account")
        ),
        sa.PrimaryKeyConstraint("round_id", "place", "group_id", name=op.f("pk_calibration_score")),
    )


def downgrade() -> None:
    """Take them back to the one before; the calibration villages are forgotten."""
    op.drop_table("calibration_score")
    op.drop_table("calibration_village")
