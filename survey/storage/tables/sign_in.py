"""Signing in: invitations, the second step, known browsers, and how often it was refused."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base


class InvitationRow(Base):
    """The hash of the one-time code with which somebody new chooses a password."""

    __tablename__ = "invitation"
    __table_args__ = (sa.CheckConstraint("expires_at > made_at", name="lasts"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SecondFactorRow(Base):
    """The locked secret of an authenticator app; it counts once *confirmed_at* is set.

    *failures* are wrong codes from browsers that are not known, after the right password.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[datetime | None]


class RecoveryCodeRow(Base):
    """The hash of a recovery code that has not been used."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)


class KnownDeviceRow(Base):
    """A browser from which the account was signed in to, with wrong attempts of its own."""

    __tablename__ = "known_device"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True, index=True)
    seen_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[datetime | None]


class SignInRefusalRow(Base):
    """How many attempts to sign in were refused on one day (UTC), to whatever name."""

    __tablename__ = "sign_in_refusal"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    number: Mapped[int]
