"""Questionnaires that are being written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.questionnaire import AUDIENCES
from survey.storage.tables.base import Base, one_of


class QuestionnaireDraftRow(Base):
    """A questionnaire before it is kept (`core.drafting`); *origin* says what it began from."""

    __tablename__ = "questionnaire_draft"
    __table_args__ = (one_of("audience", AUDIENCES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str]
    title: Mapped[str]
    document: Mapped[dict[str, Any]]
    origin: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    updated_at: Mapped[datetime]
