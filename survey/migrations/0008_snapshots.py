"""what a weekly report showed of each village, in full tens.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; no report has been made yet."""
    op.create_table(
        "snapshot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("enough", sa.Boolean(), nullable=True),
        sa.Column("evaluated", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "answered IS NULL OR answered % 10 = 0", name=op.f("ck_snapshot_answered_in_tens")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_snapshot_village",
        ),
        sa.PrimaryKeyConstraint("round_id", "day", "village_id", name=op.f("pk_snapshot")),
    )


def downgrade() -> None:
    """Take them back to the one before; what earlier reports showed is forgotten."""
    op.drop_table("snapshot")
