"""recordings that read the questionnaire aloud.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; nothing is recorded yet."""
    op.create_table(
        "recording",
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_recording_language_known")),
        sa.CheckConstraint(
            "kind IN ('mp3', 'm4a', 'aac', 'wav', 'ogg', 'webm')",
            name=op.f("ck_recording_kind_known"),
        ),
        sa.CheckConstraint(
            "length(content) > 0 AND length(content) <= 1048576",
            name=op.f("ck_recording_bounded"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_recording_round_id_round")
        ),
        sa.PrimaryKeyConstraint("words", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_name"), "recording", ["name"])
    op.create_index(op.f("ix_recording_round_id"), "recording", ["round_id"])


def downgrade() -> None:
    """Take them back to the one before; the recordings are forgotten."""
    op.drop_table("recording")
