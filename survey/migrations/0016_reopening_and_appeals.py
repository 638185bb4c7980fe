"""drafts that know who saved them, locked ratings reopened, appeals and their answers.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

APPELLANTS = "('branch', 'committee', 'supervisors', 'representatives', 'villagers', 'township')"
WAYS = "('letter', 'in_person', 'meeting', 'telephone')"
OUTCOMES = "('upheld', 'not_upheld', 'withdrawn')"


def upgrade() -> None:
    """Bring the tables up to this revision."""
    op.add_column(
        "evaluation", sa.Column("revision", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("evaluation", sa.Column("saved_from", sa.Text(), nullable=True))
    _make_appeal()
    op.create_table(
        "appeal_answer",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=False),
        sa.Column("answered_name", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"outcome IN {OUTCOMES}", name=op.f("ck_appeal_answer_outcome_known")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_appeal_answer_text_given")),
        _foreign("appeal_answer", "appeal_id", "appeal"),
        _foreign("appeal_answer", "round_id", "round"),
        _foreign("appeal_answer", "answered_by", "account"),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_answer")),
    )
    op.create_index(op.f("ix_appeal_answer_round_id"), "appeal_answer", ["round_id"])
    op.create_table(
        "reopening",
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=False),
        sa.Column("reopened_name", sa.Text(), nullable=False),
        sa.Column("reopened_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_reopening_reason_given")),
        _foreign("reopening", "rating_id", "rating"),
        _foreign("reopening", "round_id", "round"),
        _foreign("reopening", "appeal_id", "appeal"),
        _foreign("reopening", "reopened_by", "account"),
        sa.PrimaryKeyConstraint("rating_id", name=op.f("pk_reopening")),
    )
    op.create_index(op.f("ix_reopening_round_id"), "reopening", ["round_id"])


def _make_appeal() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("appellant", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("contested", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_name", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"appellant IN {APPELLANTS}", name=op.f("ck_appeal_appellant_known")),
        sa.CheckConstraint(f"way IN {WAYS}", name=op.f("ck_appeal_way_known")),
        sa.CheckConstraint("length(contested) > 0", name=op.f("ck_appeal_something_contested")),
        sa.CheckConstraint(
            "answer_by IS NULL OR answer_by >= received_on", name=op.f("ck_appeal_days_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_appeal_village",
        ),
        _foreign("appeal", "rating_id", "rating"),
        _foreign("appeal", "recorded_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("round_id", "village_id", "number", name="uq_appeal_number"),
    )


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def downgrade() -> None:
    """Take them back to the one before.

    Appeals and reopenings are forgotten: a version that was reopened counts as locked again.
    """
    op.drop_index(op.f("ix_reopening_round_id"), table_name="reopening")
    op.drop_table("reopening")
    op.drop_index(op.f("ix_appeal_answer_round_id"), table_name="appeal_answer")
    op.drop_table("appeal_answer")
    op.drop_table("appeal")
    op.drop_column("evaluation", "saved_from")
    op.drop_column("evaluation", "revision")
