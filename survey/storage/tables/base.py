"""What every table stands on: names of constraints, types, and the words that CHECKs allow."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from survey.storage.db import Moment

STATES = ("draft", "open", "closed", "scrubbing", "sealed", "cancelled")
ACCESS = ("poster", "ticket", "both")
KEY_HOLDING = ("halves", "server")
ROLES = ("administrator", "lead", "member", "moderator", "observer")
KINDS = ("real", "rehearsal", "reassessment")
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
