"""The register of villages, how it got here, and a file that waits for its reader's yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.tables.base import Base, one_of
from survey.storage.tables.staff import GroupRow

PREVIEWED = ("added", "changed", "unchanged", "doubt")


class VillageRow(Base):
    """One line of the register (台账): a village, or hamlets that are assessed as one.

    A *retired* one is in no new round and keeps its past.
    """

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
    cause: Mapped[str] = mapped_column(default="", index=True)
    city_leader: Mapped[str] = mapped_column(default="")
    paired_unit: Mapped[str] = mapped_column(default="")
    first_secretary: Mapped[str] = mapped_column(default="")
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("acceptance_group.id"), index=True)
    retired: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    group: Mapped[GroupRow | None] = relationship(lazy="joined")


class HamletRow(Base):
    """A village that is assessed as a part of the unit *unit_id*, since when.

    The unit stands in the register under the code of one of its parts; what the register says of
    that part alone is *own*, as `core.register.to_list` writes it.
    """

    __tablename__ = "hamlet"
    __table_args__ = (
        sa.CheckConstraint("(village_id = unit_id) = (own IS NOT NULL)", name="own_of_first"),
    )

    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), index=True)
    since: Mapped[datetime]
    own: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))


class RegisterImportRow(Base):
    """What one import did, for the history; *groups* are the acceptance groups that it made."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    filename: Mapped[str]
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    groups: Mapped[list[Any]] = mapped_column(default=list)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class RegisterChangeRow(Base):
    """What an import said otherwise of one village, by field; *old* is null where it was added.

    Gone once the import is undone.
    """

    __tablename__ = "register_change"

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("register_import.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(
        sa.ForeignKey("village.id"), primary_key=True, index=True
    )
    old: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    new: Mapped[dict[str, Any]]


class RegisterUploadRow(Base):
    """A file whose columns a person still has to name; *top* are its first rows."""

    __tablename__ = "register_upload"

    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    filename: Mapped[str]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    top: Mapped[list[Any]]


class RegisterColumnsRow(Base):
    """Which column of an office's file is which field, by the signature of its column names."""

    __tablename__ = "register_columns"

    signature: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[list[Any]]
    columns: Mapped[dict[str, Any]]
    filename: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class RegisterPreviewRow(Base):
    """A checked register that waits for its reader's yes."""

    __tablename__ = "register_preview"

    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    filename: Mapped[str]
    counts: Mapped[dict[str, Any]]


class RegisterPreviewLineRow(Base):
    """One village of a preview, or one doubt, by its *kind*: added, changed, unchanged, doubt."""

    __tablename__ = "register_preview_line"
    __table_args__ = (one_of("kind", PREVIEWED),)

    token: Mapped[str] = mapped_column(sa.ForeignKey("register_preview.token"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[list[Any]]
