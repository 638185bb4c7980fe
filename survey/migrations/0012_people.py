"""roles, units, invitations, recusals, substitutes, and what the set-up says.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE = "role IN ('administrator', 'lead', 'member')"
AFTER = "role IN ('administrator', 'lead', 'member', 'moderator', 'observer')"

EVALUATION = sa.table(
    "evaluation",
    sa.column("id", sa.Integer),
    sa.column("round_id", sa.Integer),
    sa.column("village_id", sa.Integer),
    sa.column("account_id", sa.Integer),
    sa.column("document", sa.JSON),
    sa.column("handed_in_at", sa.BigInteger),
)


def let_roles(old: str, new: str) -> None:
    """Put the CHECK *new* of the account's role in the place of *old*."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_account_role_known"), "account")
        op.create_check_constraint(op.f("ck_account_role_known"), "account", new)
        return
    # SQLite alters no CHECK, and a table that others refer to cannot be made anew inside the
    # transaction. This is what its manual names for the case (lang_altertable.html, section 7).
    (version,) = op.get_bind().exec_driver_sql("PRAGMA schema_version").one()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = 'account'"
        ).bindparams(old=old, new=new)
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def make_tables_of_people() -> None:
    """Make the tables of invitations, recusals and substitutes."""
    op.create_table(
        "invitation",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_invitation_lasts")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invitation_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_table(
        "recusal",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_recusal_reason_given")),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_recusal_village",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recusal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_recusal_entered_by_account")
        ),
        sa.PrimaryKeyConstraint("round_id", "village_id", "account_id", name=op.f("pk_recusal")),
    )
    op.create_table(
        "substitute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_substitute_reason_given")),
        sa.CheckConstraint("until >= since", name=op.f("ck_substitute_days_in_order")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["acceptance_group.id"],
            name=op.f("fk_substitute_group_id_acceptance_group"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_substitute_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_substitute_entered_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute")),
    )
    op.create_index(op.f("ix_substitute_group_id"), "substitute", ["group_id"])


def make_tables_of_the_set_up() -> None:
    """Make the tables of what the office says of itself."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("base_address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_installation_language_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "set_up_code",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_set_up_code_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_up_code")),
    )


RECUSAL = sa.table(
    "recusal",
    *(
        sa.column(name, sa.Text if name == "reason" else sa.BigInteger)
        for name in (
            "round_id",
            "village_id",
            "account_id",
            "reason",
            "entered_by",
            "entered_at",
        )
    ),
)


def move_recusals_out() -> None:
    """Make a recusal of each evaluation that was one; the others lose the empty word."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(EVALUATION)).all():
        reason = row.document.pop("recused", "")
        this = EVALUATION.c.id == row.id
        if not reason:
            connection.execute(sa.update(EVALUATION).where(this).values(document=row.document))
            continue
        connection.execute(sa.delete(EVALUATION).where(this))
        connection.execute(
            sa.insert(RECUSAL).values(
                round_id=row.round_id,
                village_id=row.village_id,
                account_id=row.account_id,
                reason=reason,
                entered_by=row.account_id,
                entered_at=row.handed_in_at,
            )
        )


def move_recusals_back() -> None:
    """Make an evaluation of each recusal, in the place of what its member wrote."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(RECUSAL)).all():
        theirs = (
            (EVALUATION.c.round_id == row.round_id)
            & (EVALUATION.c.village_id == row.village_id)
            & (EVALUATION.c.account_id == row.account_id)
        )
        connection.execute(sa.delete(EVALUATION).where(theirs))
        connection.execute(
            sa.insert(EVALUATION).values(
                round_id=row.round_id,
                village_id=row.village_id,
                account_id=row.account_id,
                document={"recused": row.reason},
                handed_in_at=row.entered_at,
            )
        )


def upgrade() -> None:
    """Bring the tables up to this revision; who stood back goes on standing back."""
    let_roles(BEFORE, AFTER)
    op.add_column(
        "account", sa.Column("unit", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    make_tables_of_people()
    make_tables_of_the_set_up()
    move_recusals_out()


def downgrade() -> None:
    """Take them back; moderators and observers become members without a group."""
    move_recusals_back()
    for table in ("set_up_code", "installation", "substitute", "recusal", "invitation"):
        op.drop_table(table)
    op.execute("ALTER TABLE account DROP COLUMN unit")
    op.execute("UPDATE account SET role = 'member' WHERE role IN ('moderator', 'observer')")
    let_roles(AFTER, BEFORE)
