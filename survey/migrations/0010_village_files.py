"""village files: problems, measures with proof, call-backs, meetings.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SATISFACTIONS = "('satisfied', 'fairly', 'unsatisfied', 'unreached')"


def upgrade() -> None:
    """Bring the tables up to this revision; every file is still empty."""
    _record("problem", *_problem())
    _record("measure", *_measure())
    _proof()
    _record("call_back", *_call_back())
    _record("meeting", *_meeting())
    op.create_table(
        "file_preview",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_file_preview_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_file_preview")),
    )


def _record(table: str, *columns: sa.Column | sa.Constraint) -> None:
    """Make a table of records that are known by village and number."""
    op.create_table(
        table,
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.CheckConstraint("number BETWEEN 1 AND 9999", name=op.f(f"ck_{table}_number_bounded")),
        sa.ForeignKeyConstraint(
            ["village_id"], ["village.id"], name=op.f(f"fk_{table}_village_id_village")
        ),
        sa.PrimaryKeyConstraint("village_id", "number", name=op.f(f"pk_{table}")),
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _given(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=op.f(f"ck_{table}_{column}_given"))


def _known(table: str, column: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN {words}", name=op.f(f"ck_{table}_{column}_known"))


def _of_problem(table: str) -> tuple[sa.Column, sa.Constraint]:
    return (
        sa.Column("problem", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "problem"],
            ["problem.village_id", "problem.number"],
            name=f"fk_{table}_problem",
        ),
    )


def _problem() -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        _text("text"),
        _text("cause"),
        sa.Column("petition", sa.Boolean(), nullable=False),
        _given("problem", "text"),
    )


def _measure() -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        *_of_problem("measure"),
        _text("text"),
        _text("office"),
        sa.Column("deadline", sa.Date(), nullable=True),
        _text("state"),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        _known("measure", "state", "('open', 'done', 'closed')"),
        _given("measure", "text"),
        sa.CheckConstraint(
            "(state = 'open') = (done_by IS NULL) AND (done_by IS NULL) = (done_at IS NULL)",
            name=op.f("ck_measure_reported_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_by IS NOT NULL) AND (closed_by IS NULL) = (closed_at IS NULL)",
            name=op.f("ck_measure_closed_by_somebody"),
        ),
        sa.CheckConstraint(
            "closed_by IS NULL OR closed_by <> done_by", name=op.f("ck_measure_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["account.id"], name=op.f("fk_measure_done_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_measure_closed_by_account")
        ),
    )


def _proof() -> None:
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Integer(), nullable=False),
        _text("digest"),
        _text("kind"),
        _text("name"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        _known("proof", "kind", "('pdf', 'jpg', 'png', 'webp', 'docx', 'xlsx')"),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_proof_digest_length")),
        sa.CheckConstraint("size > 0", name=op.f("ck_proof_size_positive")),
        sa.ForeignKeyConstraint(
            ["village_id", "measure"],
            ["measure.village_id", "measure.number"],
            name="fk_proof_measure",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint(
            "village_id", "measure", "digest", name="uq_proof_village_measure_digest"
        ),
    )
    op.create_index(op.f("ix_proof_digest"), "proof", ["digest"])


def _call_back() -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        *_of_problem("call_back"),
        sa.Column("on", sa.Date(), nullable=False),
        _text("way"),
        _text("raised"),
        _text("other_party"),
        _text("other"),
        _text("note"),
        _known("call_back", "way", "('phone', 'visit')"),
        _known("call_back", "raised", _SATISFACTIONS),
        _known(
            "call_back", "other_party", "('villagers', 'committee', 'unit', 'company', 'other')"
        ),
        _known("call_back", "other", _SATISFACTIONS),
    )


def _meeting() -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        _text("occasion"),
        sa.Column("on", sa.Date(), nullable=False),
        _text("topic"),
        sa.Column("present", sa.Integer(), nullable=True),
        _known(
            "meeting",
            "occasion",
            "('members', 'committee', 'group', 'lecture', 'party_day', 'representatives', 'other')",
        ),
        _given("meeting", "topic"),
        sa.CheckConstraint(
            "present IS NULL OR present >= 0", name=op.f("ck_meeting_present_count")
        ),
    )


def downgrade() -> None:
    """Take them back to the one before; the files of the villages are forgotten."""
    for table in ("file_preview", "meeting", "call_back", "proof", "measure", "problem"):
        op.drop_table(table)
