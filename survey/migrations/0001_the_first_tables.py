"""the first tables.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("default",)
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""
    op.create_table(
        "acceptance_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_group")),
        sa.UniqueConstraint("name", name=op.f("uq_acceptance_group_name")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_act_subject", ["act", "subject"], unique=False)

    op.create_table(
        "ballot_part",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_ballot_part_audience_known")
        ),
        sa.CheckConstraint(
            "dimension IN ('investigation', 'measures', 'effects', 'responsibility')",
            name=op.f("ck_ballot_part_dimension_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_part")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot_part", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ballot_part_cell", ["round_id", "village_id", "audience"], unique=False
        )

    op.create_table(
        "free_answer",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_free_answer_audience_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_answer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("free_answer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_free_answer_cell", ["round_id", "village_id", "audience"], unique=False
        )

    op.create_table(
        "questionnaire",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_questionnaire_audience_known")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("key", "version", name="uq_questionnaire_key_version"),
    )
    op.create_table(
        "register_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("results_on", sa.Date(), nullable=False),
        sa.Column("results_place", sa.Text(), nullable=False),
        sa.Column("help_on", sa.Date(), nullable=False),
        sa.Column("help_place", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("base_address", sa.Text(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("key_holding", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed_at", sa.BigInteger(), nullable=True),
        sa.Column("sealing", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "key_holding IN ('halves', 'server')", name=op.f("ck_round_key_holding_known")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'cancelled' OR public_key IS NOT NULL",
            name=op.f("ck_round_open_has_key"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed', 'scrubbing', 'sealed', 'cancelled')",
            name=op.f("ck_round_state_known"),
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_round_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("slug", name=op.f("uq_round_slug")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("session_key", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator', 'lead', 'member')", name=op.f("ck_account_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["acceptance_group.id"], name=op.f("fk_account_group_id_acceptance_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("session_key", name=op.f("uq_account_session_key")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_group_id"), ["group_id"], unique=False)

    op.create_table(
        "round_audience",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("questionnaire_digest", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("ballot_length", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "access IN ('poster', 'ticket', 'both')", name=op.f("ck_round_audience_access_known")
        ),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_round_audience_audience_known")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_digest"],
            ["questionnaire.digest"],
            name=op.f("fk_round_audience_questionnaire_digest_questionnaire"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_audience_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "audience", name=op.f("pk_round_audience")),
    )
    op.create_table(
        "village",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("township", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("party_members", sa.Integer(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("city_leader", sa.Text(), nullable=False),
        sa.Column("paired_unit", sa.Text(), nullable=False),
        sa.Column("first_secretary", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "eligible IS NULL OR eligible >= 0", name=op.f("ck_village_eligible_count")
        ),
        sa.CheckConstraint(
            "households IS NULL OR households >= 0", name=op.f("ck_village_households_count")
        ),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_village_code_length")),
        sa.CheckConstraint(
            "party_members IS NULL OR party_members >= 0", name=op.f("ck_village_members_count")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["acceptance_group.id"], name=op.f("fk_village_group_id_acceptance_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village")),
        sa.UniqueConstraint("code", name=op.f("uq_village_code")),
    )
    with op.batch_alter_table("village", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_village_township"), ["township"], unique=False)

    op.create_table(
        "accounting",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("void", sa.Integer(), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('mass', 'self')", name=op.f("ck_accounting_audience_known")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_accounting_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_accounting_village_id_village")
        ),
        sa.PrimaryKeyConstraint("round_id", "village_id", "audience", name=op.f("pk_accounting")),
    )
    op.create_table(
        "consensus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_consensus_entered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_consensus_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_consensus_village_id_village")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus")),
        sa.UniqueConstraint(
            "round_id", "village_id", "version", name="uq_consensus_round_village_version"
        ),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("handed_in_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_evaluation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_evaluation_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_evaluation_village_id_village")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint(
            "round_id", "village_id", "account_id", name="uq_evaluation_round_village_account"
        ),
    )
    op.create_table(
        "pending_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_pending_act_proposed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_pending_act_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_act")),
        sa.UniqueConstraint("round_id", "act", "subject", name="uq_pending_act_round_act"),
    )
    op.create_table(
        "poster",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("audience IN ('mass', 'self')", name=op.f("ck_poster_audience_known")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_poster_round_id_round")),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_poster_village_id_village")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_poster")),
    )
    with op.batch_alter_table("poster", schema=None) as batch_op:
        batch_op.create_index("ix_poster_round_village", ["round_id", "village_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("signed_name", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("countersigned_by", sa.Integer(), nullable=True),
        sa.Column("countersigned_name", sa.Text(), nullable=True),
        sa.Column("countersigned_at", sa.BigInteger(), nullable=True),
        sa.Column("audit_head", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('good', 'fairly_good', 'average', 'poor')",
            name=op.f("ck_rating_decision_known"),
        ),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR (signed_by IS NOT NULL AND countersigned_by <> signed_by)",
            name=op.f("ck_rating_two_signatures"),
        ),
        sa.ForeignKeyConstraint(
            ["countersigned_by"], ["account.id"], name=op.f("fk_rating_countersigned_by_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_rating_round_id_round")),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["account.id"], name=op.f("fk_rating_signed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_rating_village_id_village")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "round_id", "village_id", "version", name="uq_rating_round_village_version"
        ),
    )
    op.create_table(
        "register_preview",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_register_preview_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_register_preview")),
    )
    op.create_table(
        "round_village",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("township", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("party_members", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["acceptance_group.id"],
            name=op.f("fk_round_village_group_id_acceptance_group"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_village_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_round_village_village_id_village")
        ),
        sa.PrimaryKeyConstraint("round_id", "village_id", name=op.f("pk_round_village")),
    )
    with op.batch_alter_table("round_village", schema=None) as batch_op:
        batch_op.create_index(
            "ix_round_village_round_group", ["round_id", "group_id"], unique=False
        )

    op.create_table(
        "tally",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint("access IN ('poster', 'ticket')", name=op.f("ck_tally_access_known")),
        sa.CheckConstraint("audience IN ('mass', 'self')", name=op.f("ck_tally_audience_known")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_tally_round_id_round")),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f("fk_tally_village_id_village")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "village_id", "audience", "access", name=op.f("pk_tally")
        ),
    )


def downgrade() -> None:
    """Take them back to the one before."""
    op.drop_table("tally")
    with op.batch_alter_table("round_village", schema=None) as batch_op:
        batch_op.drop_index("ix_round_village_round_group")

    op.drop_table("round_village")
    op.drop_table("register_preview")
    op.drop_table("rating")
    with op.batch_alter_table("poster", schema=None) as batch_op:
        batch_op.drop_index("ix_poster_round_village")

    op.drop_table("poster")
    op.drop_table("pending_act")
    op.drop_table("evaluation")
    op.drop_table("consensus")
    op.drop_table("accounting")
    with op.batch_alter_table("village", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_village_township"))
        batch_op.drop_index(batch_op.f("ix_village_group_id"))

    op.drop_table("village")
    op.drop_table("round_audience")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_group_id"))

    op.drop_table("account")
    op.drop_table("round")
    op.drop_table("register_import")
    op.drop_table("questionnaire")
    with op.batch_alter_table("free_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_free_answer_cell")

    op.drop_table("free_answer")
    with op.batch_alter_table("ballot_part", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_part_cell")

    op.drop_table("ballot_part")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_act_subject")

    op.drop_table("audit")
    op.drop_table("acceptance_group")
