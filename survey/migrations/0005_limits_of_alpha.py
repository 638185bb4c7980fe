"""limits of α.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; rounds sealed so far stay without limits."""
    op.create_table(
        "reliability",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_reliability_audience_known")
        ),
        sa.CheckConstraint(
            "scale IN ('investigation', 'measures', 'effects', 'responsibility', 'whole')",
            name=op.f("ck_reliability_scale_known"),
        ),
        sa.CheckConstraint(
            "low <= high AND high <= 1", name=op.f("ck_reliability_limits_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_reliability_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "audience", "scale", name=op.f("pk_reliability")),
    )


def downgrade() -> None:
    """Take them back to the one before; the limits are forgotten."""
    op.drop_table("reliability")
