"""The staff: acceptance groups, accounts, what they did and what they proposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.tables.base import ROLES, Base, one_of


class GroupRow(Base):
    """An acceptance group (验收组)."""

    __tablename__ = "acceptance_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class AccountRow(Base):
    """Somebody of the staff. *session_key* rotates, so that sessions can be ended.

    *provisional*: the password is the machine's and was given by somebody else; it is changed at
    the first sign-in. *failures* are those of browsers that are not known. *unit* is where the
    person works (单位), as the register writes it; "" where nobody said. *township*: of which one a
    moderator is, "" of none, None where nobody said.
    """

    __tablename__ = "account"
    __table_args__ = (one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    provisional: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    role: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("acceptance_group.id"), index=True)
    unit: Mapped[str] = mapped_column(default="", server_default=sa.text("''"))
    township: Mapped[str | None]
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
