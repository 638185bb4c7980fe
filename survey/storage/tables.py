"""The rows that stay: columns and CHECKs, no behaviour. A round's ballot box is in `boxes`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from survey.core.questionnaire import AUDIENCES, DIMENSIONS
from survey.storage.db import Moment

STATES = ("draft", "open", "closed", "scrubbing", "sealed", "cancelled")
ACCESS = ("poster", "ticket", "both")
KEY_HOLDING = ("halves", "server")
ROLES = ("administrator", "lead", "member")
RATINGS = ("good", "fairly_good", "average", "poor")


def one_of(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    """Return the CHECK that *column* holds one of *words*."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can find it again."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        str: sa.Text,
    }


class GroupRow(Base):
    """An acceptance group (验收组)."""

    __tablename__ = "acceptance_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class VillageRow(Base):
    """One line of the register (台账), as the last import left it."""

    __tablename__ = "village"
    __table_args__ = (
        sa.CheckConstraint("length(code) = 12", name="code_length"),
        sa.CheckConstraint("eligible IS NULL OR eligible >= 0", name="eligible_count"),
        sa.CheckConstraint("households IS NULL OR households >= 0", name="households_count"),
        sa.CheckConstraint("party_members IS NULL OR party_members >= 0", name="members_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    township: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    households: Mapped[int | None]
    eligible: Mapped[int | None]
    party_members: Mapped[int | None]
    cause: Mapped[str] = mapped_column(default="")
    city_leader: Mapped[str] = mapped_column(default="")
    paired_unit: Mapped[str] = mapped_column(default="")
    first_secretary: Mapped[str] = mapped_column(default="")
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("acceptance_group.id"), index=True)
    group: Mapped[GroupRow | None] = relationship(lazy="joined")


class RegisterImportRow(Base):
    """What one import did, for the history."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    filename: Mapped[str]
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]


class RegisterPreviewRow(Base):
    """A checked register that waits for its reader's yes."""

    __tablename__ = "register_preview"

    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    filename: Mapped[str]
    document: Mapped[list[Any]]


class AccountRow(Base):
    """Somebody of the staff. *session_key* rotates, so that sessions can be ended."""

    __tablename__ = "account"
    __table_args__ = (one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("acceptance_group.id"), index=True)
    language: Mapped[str] = mapped_column(default="zh")
    session_key: Mapped[str] = mapped_column(unique=True)
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[datetime | None]
    group: Mapped[GroupRow | None] = relationship(lazy="joined")


class AuditRow(Base):
    """One act of the staff, chained to the one before by its hash."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_act_subject", "act", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class QuestionnaireRow(Base):
    """One version of a questionnaire, named by the digest of its text."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.UniqueConstraint("key", "version", name="uq_questionnaire_key_version"),
    )

    digest: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int]
    audience: Mapped[str]
    title: Mapped[str]
    document: Mapped[str]
    frozen: Mapped[bool] = mapped_column(default=False)


class RoundRow(Base):
    """One assessment round (测评批次) with what its posters and consent text say."""

    __tablename__ = "round"
    __table_args__ = (
        one_of("state", STATES),
        one_of("key_holding", KEY_HOLDING),
        sa.CheckConstraint("closes_at > opens_at", name="dates_in_order"),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'cancelled' OR public_key IS NOT NULL", name="open_has_key"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    demo: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    results_on: Mapped[date] = mapped_column(sa.Date)
    results_place: Mapped[str]
    help_on: Mapped[date] = mapped_column(sa.Date)
    help_place: Mapped[str]
    office: Mapped[str]
    phone: Mapped[str]
    base_address: Mapped[str] = mapped_column(default="")
    policy: Mapped[dict[str, Any]]
    key_holding: Mapped[str] = mapped_column(default="halves")
    public_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    sealing: Mapped[dict[str, Any] | None]
    audiences: Mapped[list[RoundAudienceRow]] = relationship(
        order_by="RoundAudienceRow.audience", lazy="selectin"
    )


class RoundAudienceRow(Base):
    """What one audience is asked in a round, and how it gets to the form."""

    __tablename__ = "round_audience"
    __table_args__ = (one_of("audience", AUDIENCES), one_of("access", ACCESS))

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    questionnaire_digest: Mapped[str] = mapped_column(sa.ForeignKey("questionnaire.digest"))
    access: Mapped[str]
    ballot_length: Mapped[int | None]
    questionnaire: Mapped[QuestionnaireRow] = relationship(lazy="joined")


class RoundVillageRow(Base):
    """A village as it stands in a round: numbers copied from the register when it opens."""

    __tablename__ = "round_village"
    __table_args__ = (sa.Index("ix_round_village_round_group", "round_id", "group_id"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    code: Mapped[str]
    township: Mapped[str]
    name: Mapped[str]
    eligible: Mapped[int | None]
    party_members: Mapped[int | None]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("acceptance_group.id"))
    group: Mapped[GroupRow | None] = relationship(lazy="joined")


class PosterRow(Base):
    """The code of one poster (张贴码)."""

    __tablename__ = "poster"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.Index("ix_poster_round_village", "round_id", "village_id"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    audience: Mapped[str]
    withdrawn: Mapped[bool] = mapped_column(default=False)


class AccountingRow(Base):
    """Slips of a village and audience: counted, never listed."""

    __tablename__ = "accounting"
    __table_args__ = (one_of("audience", AUDIENCES),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    printed: Mapped[int] = mapped_column(default=0)
    void: Mapped[int] = mapped_column(default=0)
    handed_out: Mapped[int | None]
    returned: Mapped[int | None]
    counted_by: Mapped[str] = mapped_column(default="")


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
    """One sealed comment, shuffled apart from the grades."""

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


class PendingActRow(Base):
    """An act that one person proposed and a second must confirm."""

    __tablename__ = "pending_act"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "act", "subject", name="uq_pending_act_round_act"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    act: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    proposed_at: Mapped[datetime]


class EvaluationRow(Base):
    """One member's own organisational evaluation of a village, before any score is shown."""

    __tablename__ = "evaluation"
    __table_args__ = (
        sa.UniqueConstraint(
            "round_id", "village_id", "account_id", name="uq_evaluation_round_village_account"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    document: Mapped[dict[str, Any]]
    handed_in_at: Mapped[datetime | None]


class ConsensusRow(Base):
    """A group's agreed organisational evaluation; a change after the scores keeps the first."""

    __tablename__ = "consensus"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint(
            "round_id", "village_id", "version", name="uq_consensus_round_village_version"
        ),
    )


class RatingRow(Base):
    """A decision on a village: suggestion and decision side by side, then two signatures."""

    __tablename__ = "rating"
    __table_args__ = (
        one_of("decision", RATINGS),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR (signed_by IS NOT NULL AND countersigned_by <> signed_by)",
            name="two_signatures",
        ),
        sa.UniqueConstraint(
            "round_id", "village_id", "version", name="uq_rating_round_village_version"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    version: Mapped[int]
    suggestion: Mapped[str | None]
    evidence: Mapped[dict[str, Any]]
    decision: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    signed_name: Mapped[str]
    signed_at: Mapped[datetime]
    countersigned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    countersigned_name: Mapped[str | None]
    countersigned_at: Mapped[datetime | None]
    audit_head: Mapped[str | None]
