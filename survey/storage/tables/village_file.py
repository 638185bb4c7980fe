"""The village file: problems, measures and their proof, call-backs, meetings.

Records are known by their village and a number; what belongs to a record is of the same village.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.proof import KINDS
from survey.core.village_file import (
    LARGEST_NUMBER,
    OCCASIONS,
    PARTIES,
    SATISFACTIONS,
    STATES,
    WAYS,
)
from survey.storage.tables.base import Base, one_of


def _numbered() -> sa.CheckConstraint:
    return sa.CheckConstraint(f"number BETWEEN 1 AND {LARGEST_NUMBER}", name="number_bounded")


def _of_problem(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["village_id", "problem"],
        ["problem.village_id", "problem.number"],
        name=f"fk_{table}_problem",
    )


class ProblemRow(Base):
    """A problem that was found in a village."""

    __tablename__ = "problem"
    __table_args__ = (_numbered(), sa.CheckConstraint("text <> ''", name="text_given"))

    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    petition: Mapped[bool] = mapped_column(default=False)


class MeasureRow(Base):
    """What is done about a problem. Who closes it out (销号) is not who reported it done."""

    __tablename__ = "measure"
    __table_args__ = (
        _numbered(),
        _of_problem("measure"),
        one_of("state", STATES),
        sa.CheckConstraint("text <> ''", name="text_given"),
        sa.CheckConstraint(
            "(state = 'open') = (done_by IS NULL) AND (done_by IS NULL) = (done_at IS NULL)",
            name="reported_by_somebody",
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_by IS NOT NULL)"
            " AND (closed_by IS NULL) = (closed_at IS NULL)",
            name="closed_by_somebody",
        ),
        sa.CheckConstraint("closed_by IS NULL OR closed_by <> done_by", name="second_person"),
    )

    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    problem: Mapped[int]
    text: Mapped[str]
    office: Mapped[str] = mapped_column(default="")
    deadline: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    done_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]


class ProofRow(Base):
    """A file that shows that a measure was taken; *digest* names its content in the folder."""

    __tablename__ = "proof"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["village_id", "measure"],
            ["measure.village_id", "measure.number"],
            name="fk_proof_measure",
        ),
        one_of("kind", tuple(KINDS)),
        sa.CheckConstraint("length(digest) = 32", name="digest_length"),
        sa.CheckConstraint("size > 0", name="size_positive"),
        sa.UniqueConstraint(
            "village_id", "measure", "digest", name="uq_proof_village_measure_digest"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    village_id: Mapped[int]
    measure: Mapped[int]
    digest: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[datetime]


class CallBackRow(Base):
    """How satisfied both sides of a petition are, asked by telephone or visit."""

    __tablename__ = "call_back"
    __table_args__ = (
        _numbered(),
        _of_problem("call_back"),
        one_of("way", WAYS),
        one_of("raised", SATISFACTIONS),
        one_of("other_party", PARTIES),
        one_of("other", SATISFACTIONS),
    )

    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    problem: Mapped[int]
    on: Mapped[date]
    way: Mapped[str]
    raised: Mapped[str]
    other_party: Mapped[str]
    other: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class MeetingRow(Base):
    """A meeting or party day that was held."""

    __tablename__ = "meeting"
    __table_args__ = (
        _numbered(),
        one_of("occasion", OCCASIONS),
        sa.CheckConstraint("topic <> ''", name="topic_given"),
        sa.CheckConstraint("present IS NULL OR present >= 0", name="present_count"),
    )

    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str]
    on: Mapped[date]
    topic: Mapped[str]
    present: Mapped[int | None]


class FilePreviewRow(Base):
    """A checked workbook of village files that waits for its reader's yes."""

    __tablename__ = "file_preview"

    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    filename: Mapped[str]
    document: Mapped[list[Any]]
