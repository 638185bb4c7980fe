"""villages retired and merged, imports undone, columns remembered.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FIELDS = (
    "code",
    "township",
    "name",
    "households",
    "eligible",
    "party_members",
    "cause",
    "city_leader",
    "paired_unit",
    "first_secretary",
)
"""What a village says of itself, as `hamlet.own` lists it; its acceptance group follows them."""
NEW_COLUMNS = {"village": ("retired",), "register_import": ("groups", "undone_at", "undone_by")}


def upgrade() -> None:
    """Bring the tables up to this revision; imports made so far cannot be undone."""
    retired = sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("village", retired)
    op.create_index(op.f("ix_village_cause"), "village", ["cause"])
    for column in (
        sa.Column("groups", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
    ):
        op.add_column("register_import", column)
    with op.batch_alter_table("register_import") as table:
        table.alter_column("groups", existing_type=sa.JSON(), server_default=None)
    op.create_table(
        "hamlet",
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(village_id = unit_id) = (own IS NOT NULL)", name=op.f("ck_hamlet_own_of_first")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["village.id"], name=op.f("fk_hamlet_unit_id_village")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_hamlet_village_id_village")
        ),
        sa.PrimaryKeyConstraint("village_id", name=op.f("pk_hamlet")),
    )
    op.create_index(op.f("ix_hamlet_unit_id"), "hamlet", ["unit_id"])
    op.create_table(
        "register_change",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["register_import.id"],
            name=op.f("fk_register_change_import_id_register_import"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_register_change_village_id_village")
        ),
        sa.PrimaryKeyConstraint("import_id", "village_id", name=op.f("pk_register_change")),
    )
    op.create_index(op.f("ix_register_change_village_id"), "register_change", ["village_id"])
    op.create_table(
        "register_upload",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("top", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_register_upload_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_register_upload")),
    )
    op.create_table(
        "register_columns",
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_register_columns")),
    )
    op.drop_table("register_preview")
    op.create_table("register_preview", *_preview(), sa.Column("counts", sa.JSON(), nullable=False))
    op.create_table(
        "register_preview_line",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('added', 'changed', 'unchanged', 'doubt')",
            name=op.f("ck_register_preview_line_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["token"],
            ["register_preview.token"],
            name=op.f("fk_register_preview_line_token_register_preview"),
        ),
        sa.PrimaryKeyConstraint("token", "kind", "number", name=op.f("pk_register_preview_line")),
    )


def _preview() -> tuple[sa.schema.SchemaItem, ...]:
    """Return what a preview had before and has still; none is older than a day."""
    return (
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_register_preview_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_register_preview")),
    )


def split() -> None:
    """Give the line of each unit back to the hamlet whose code it has."""
    own = sa.table("hamlet", sa.column("village_id"), sa.column("own", sa.JSON()))
    village = sa.table("village", *(sa.column(name) for name in ("id", *FIELDS)))
    connection = op.get_bind()
    for row in connection.execute(sa.select(own).where(own.c.own.is_not(None))).all():
        said = dict(zip(FIELDS, row.own, strict=False))
        connection.execute(village.update().where(village.c.id == row.village_id).values(said))


def downgrade() -> None:
    """Take them back to the one before: merged hamlets stand alone again, as do retired villages."""
    split()
    op.drop_table("register_preview_line")
    op.drop_table("register_preview")
    op.create_table(
        "register_preview", *_preview(), sa.Column("document", sa.JSON(), nullable=False)
    )
    op.drop_table("register_columns")
    op.drop_table("register_upload")
    op.drop_table("register_change")
    op.drop_table("hamlet")
    op.drop_index(op.f("ix_village_cause"), table_name="village")
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
