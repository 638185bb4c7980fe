"""Recordings that read the questionnaire to people who cannot."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.questionnaire import LANGUAGES
from survey.core.recording import KINDS, LARGEST
from survey.storage.tables.base import Base, one_of


class RecordingRow(Base):
    """One sound, by the words that are read in it (`core.recording.words_of`).

    *name* is the digest of the sound, its public address; *item* and *round_id* say for what and
    on which round's page it was kept.
    """

    __tablename__ = "recording"
    __table_args__ = (
        one_of("language", LANGUAGES),
        one_of("kind", tuple(KINDS)),
        sa.CheckConstraint(f"length(content) > 0 AND length(content) <= {LARGEST}", name="bounded"),
    )

    words: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    item: Mapped[str]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    kind: Mapped[str]
    size: Mapped[int]
    name: Mapped[str] = mapped_column(index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
