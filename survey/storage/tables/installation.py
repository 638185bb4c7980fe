"""What the office said when this installation was set up, and the code that let it do so."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.questionnaire import LANGUAGES
from survey.storage.tables.base import Base, one_of


class InstallationRow(Base):
    """The one row of what the office is called and where its service is found."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"), one_of("language", LANGUAGES))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    office: Mapped[str]
    base_address: Mapped[str]
    language: Mapped[str]
    phone: Mapped[str]
    made_at: Mapped[datetime]


class SetUpCodeRow(Base):
    """What the set-up code is made from with the service's key; gone after the set-up.

    *failures* are wrong codes.
    """

    __tablename__ = "set_up_code"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary)
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[datetime | None]
