"""sheets of slips, and boxes destroyed unread.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST_SHEETS = """
    INSERT INTO sheet (round_id, village_id, audience, number, printed, spare, void)
    SELECT round_id, village_id, audience, 1, printed, 0, :void FROM accounting WHERE printed > 0
"""


def tickets_of_live_boxes() -> list[str]:
    """Return the tables of slips of the rounds that have a box now."""
    names = sa.inspect(op.get_bind()).get_table_names()
    return sorted(name for name in names if re.fullmatch(r"box\d+_ticket", name))


def upgrade() -> None:
    """Bring the tables up to this revision; what was printed so far becomes sheet 1."""
    op.create_table(
        "sheet",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("spare", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.CheckConstraint("audience IN ('mass', 'self')", name=op.f("ck_sheet_audience_known")),
        sa.CheckConstraint(
            "spare >= 0 AND spare <= printed", name=op.f("ck_sheet_spare_among_printed")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sheet_round_id_round")),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_sheet_village_id_village")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "village_id", "audience", "number", name=op.f("pk_sheet")
        ),
    )
    op.add_column("round", sa.Column("destroyed_at", sa.BigInteger(), nullable=True))
    op.get_bind().execute(sa.text(FIRST_SHEETS), {"void": False})
    for table in tickets_of_live_boxes():
        op.add_column(
            table, sa.Column("sheet", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )


def downgrade() -> None:
    """Take them back to the one before; which sheet a slip was on is forgotten."""
    for table in tickets_of_live_boxes():
        op.drop_column(table, "sheet")
    op.drop_column("round", "destroyed_at")
    op.drop_table("sheet")
