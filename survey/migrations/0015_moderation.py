"""what moderators decide about written answers, and of which township they are.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision; of no moderator so far the township is known."""
    op.execute("ALTER TABLE account ADD COLUMN township TEXT")
    op.create_table(
        "moderation",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moderated_by", sa.Integer(), nullable=False),
        sa.Column("moderated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('released', 'withheld')", name=op.f("ck_moderation_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'withheld') = (reason <> '')",
            name=op.f("ck_moderation_withheld_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["free_answer.id"], name=op.f("fk_moderation_id_free_answer")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_moderation_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["moderated_by"], ["account.id"], name=op.f("fk_moderation_moderated_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_moderation_round_id"), "moderation", ["round_id"], unique=False)


def downgrade() -> None:
    """Take this revision back; decisions are lost, cut texts stay cut."""
    op.drop_index(op.f("ix_moderation_round_id"), table_name="moderation")
    op.drop_table("moderation")
    op.execute("ALTER TABLE account DROP COLUMN township")
