"""how questions that are not graded were answered.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; no round has asked such a question yet."""
    op.create_table(
        "extra_tally",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_extra_tally_audience_known")
        ),
        sa.CheckConstraint(
            "access IN ('poster', 'ticket')", name=op.f("ck_extra_tally_access_known")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_extra_tally_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_extra_tally_village_id_village")
        ),
        sa.PrimaryKeyConstraint(
            "round_id",
            "village_id",
            "audience",
            "access",
            "extra",
            name=op.f("pk_extra_tally"),
        ),
    )


def downgrade() -> None:
    """Take them back to the one before; what such questions were answered is forgotten."""
    op.drop_table("extra_tally")
