"""kinds of rounds, later deadlines of villages, how long rounds are kept.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = "('real', 'rehearsal', 'reassessment')"
WITH_KIND = (
    "ALTER TABLE round ADD COLUMN kind TEXT DEFAULT 'real' NOT NULL "
    f"CONSTRAINT ck_round_kind_known CHECK (kind IN {KINDS})"
)
"""One statement for both engines: SQLite would write the whole table anew for a CHECK of its own,
and every other table refers to it."""


def upgrade() -> None:
    """Bring the tables up to this revision; every round so far is a real one."""
    op.execute(WITH_KIND)
    op.create_table(
        "origin",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin_id <> round_id", name=op.f("ck_origin_another_round")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_origin_round_id_round")),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["round.id"], name=op.f("fk_origin_origin_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_origin")),
    )
    op.create_index(op.f("ix_origin_origin_id"), "origin", ["origin_id"], unique=False)
    op.create_table(
        "postponement",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_postponement_village",
        ),
        sa.PrimaryKeyConstraint("round_id", "village_id", name=op.f("pk_postponement")),
    )
    op.create_table(
        "keeping",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_keeping_has_reason")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_keeping_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_keeping")),
    )
    op.create_table(
        "removed_round",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_by", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_removed_round_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_round")),
    )


def downgrade() -> None:
    """Take them back to the one before; later deadlines and what is kept longer are forgotten.

    A rehearsal that is still there becomes a round like any other: delete it before.
    """
    op.drop_table("removed_round")
    op.drop_table("keeping")
    op.drop_table("postponement")
    op.drop_index(op.f("ix_origin_origin_id"), table_name="origin")
    op.drop_table("origin")
    op.drop_column("round", "kind")
