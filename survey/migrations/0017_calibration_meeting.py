"""calibration meetings: opened and closed by an administrator.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; no round has had its meeting yet."""
    op.create_table(
        "calibration_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(closed_by IS NULL) = (closed_at IS NULL)",
            name=op.f("ck_calibration_meeting_closed_by_somebody"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= opened_at",
            name=op.f("ck_calibration_meeting_closed_after_opened"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_calibration_meeting_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_calibration_meeting_opened_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_calibration_meeting_closed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_meeting")),
    )
    op.create_index(
        "ix_calibration_meeting_one_open",
        "calibration_meeting",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    """Take them back to the one before; when the meetings were is forgotten."""
    op.drop_table("calibration_meeting")
