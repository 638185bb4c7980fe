"""The register of villages, how it got here, and a file that waits for its reader's yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.tables.base import Base
from survey.storage.tables.staff import GroupRow


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
