"""signing in, and an append-only log.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_in_order BEFORE INSERT ON audit "
    "WHEN NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM audit) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
SQLITE_BACK = (
    "DROP TRIGGER audit_in_order",
    "DROP TRIGGER audit_no_delete",
    "DROP TRIGGER audit_no_update",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER audit_no_truncate ON audit",
    "DROP TRIGGER audit_no_change ON audit",
    "DROP FUNCTION refuse_audit_change()",
)


def run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    """Run the statements of the database's own kind."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if on_sqlite else postgresql:
        op.execute(statement)


def upgrade() -> None:
    """Bring the tables up to this revision."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "known_device",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_known_device_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_known_device")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_digest"), ["digest"], unique=False)

    op.create_table(
        "sign_in_refusal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_sign_in_refusal")),
    )
    run(SQLITE, POSTGRESQL)


def downgrade() -> None:
    """Take them back to the one before."""
    run(SQLITE_BACK, POSTGRESQL_BACK)
    op.drop_table("sign_in_refusal")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_device_digest"))

    op.drop_table("known_device")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.execute("ALTER TABLE account DROP COLUMN provisional")
