"""verdicts of the screens.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; rounds sealed so far stay without verdicts."""
    op.create_table(
        "screen",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("same_window", sa.Boolean(), nullable=False),
        sa.Column("burst", sa.Boolean(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("all_good", sa.Boolean(), nullable=False),
        sa.CheckConstraint("audience IN ('mass', 'self')", name=op.f("ck_screen_audience_known")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_screen_round_id_round")),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_screen_village_id_village")
        ),
        sa.PrimaryKeyConstraint("round_id", "village_id", "audience", name=op.f("pk_screen")),
    )


def downgrade() -> None:
    """Take them back to the one before; the verdicts are forgotten."""
    op.drop_table("screen")
