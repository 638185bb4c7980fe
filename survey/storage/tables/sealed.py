"""What the seal leaves: tallies, verdicts of screens, limits of α, shuffled parts and texts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.questionnaire import AUDIENCES, DIMENSIONS
from survey.core.reliability import WHOLE
from survey.storage.tables.base import Base, one_of


class TallyRow(Base):
    """What the seal counted for a village, audience and access; *document* is a core Tally."""

    __tablename__ = "tally"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.CheckConstraint("access IN ('poster', 'ticket')", name="access_known"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    access: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]]


class ExtraTallyRow(Base):
    """How one question that is not graded was answered; *document* is a core ExtraTally."""

    __tablename__ = "extra_tally"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.CheckConstraint("access IN ('poster', 'ticket')", name="access_known"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    access: Mapped[str] = mapped_column(primary_key=True)
    extra: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]]


class ScreenRow(Base):
    """What the screens said of a village and audience when it was sealed: a truth for each."""

    __tablename__ = "screen"
    __table_args__ = (one_of("audience", AUDIENCES),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    same_window: Mapped[bool]
    burst: Mapped[bool]
    repeated: Mapped[bool]
    all_good: Mapped[bool]


class ReliabilityRow(Base):
    """The bootstrap limits of α of one dimension (or the whole) and audience, seen at the seal.

    Two digits each. There is no row where there were too few ballots.
    """

    __tablename__ = "reliability"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        one_of("scale", (*DIMENSIONS, WHOLE)),
        sa.CheckConstraint("low <= high AND high <= 1", name="limits_in_order"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    scale: Mapped[str] = mapped_column(primary_key=True)
    low: Mapped[float] = mapped_column(sa.Float)
    high: Mapped[float] = mapped_column(sa.Float)


class BallotPartRow(Base):
    """One sealed ballot's answers to one dimension; nothing joins it to its other parts.

    *valid*: whether the whole ballot counts for scores, so that a recount gives what the tally has.
    """

    __tablename__ = "ballot_part"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        one_of("dimension", DIMENSIONS),
        sa.Index("ix_ballot_part_cell", "round_id", "village_id", "audience"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    round_id: Mapped[int]
    village_id: Mapped[int]
    audience: Mapped[str]
    access: Mapped[str]
    dimension: Mapped[str]
    valid: Mapped[bool]
    answers: Mapped[str]


class FreeAnswerRow(Base):
    """One sealed comment or short text, shuffled apart from the grades and from other texts."""

    __tablename__ = "free_answer"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.Index("ix_free_answer_cell", "round_id", "village_id", "audience"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    round_id: Mapped[int]
    village_id: Mapped[int]
    audience: Mapped[str]
    access: Mapped[str]
    item: Mapped[str]
    text: Mapped[str]
