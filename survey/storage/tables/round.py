"""A round: what is asked, where, by which posters and sheets of slips, and the slips counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.core.questionnaire import AUDIENCES
from survey.storage.tables.base import ACCESS, KEY_HOLDING, KINDS, STATES, Base, one_of
from survey.storage.tables.staff import GroupRow


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
        one_of("kind", KINDS),
        sa.CheckConstraint("closes_at > opens_at", name="dates_in_order"),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'cancelled' OR public_key IS NOT NULL", name="open_has_key"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    kind: Mapped[str] = mapped_column(default="real", server_default="real")
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
    destroyed_at: Mapped[datetime | None]
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


class PostponementRow(Base):
    """A village whose meeting is later: it answers until its own deadline, the round's is sooner.

    The storage keeps it later than the round's; a CHECK cannot look into another table.
    """

    __tablename__ = "postponement"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_postponement_village",
        ),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    village_id: Mapped[int] = mapped_column(primary_key=True)
    closes_at: Mapped[datetime]


class OriginRow(Base):
    """The round that a rehearsal was copied from, or that a reassessment repeats."""

    __tablename__ = "origin"
    __table_args__ = (sa.CheckConstraint("origin_id <> round_id", name="another_round"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    origin_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)


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


class SheetRow(Base):
    """One print of slips for a village and audience; *spare* of them replace lost ones.

    How many of a void sheet were unspent is in the accounting alone, for the whole village: beside
    a sheet it would tell of a handful of slips whether they were used.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.CheckConstraint("spare >= 0 AND spare <= printed", name="spare_among_printed"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    printed: Mapped[int]
    spare: Mapped[int] = mapped_column(default=0)
    void: Mapped[bool] = mapped_column(default=False)


class AccountingRow(Base):
    """Slips of a village and audience: counted, never listed. *void* is 0 until the seal."""

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
