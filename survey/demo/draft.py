"""What both rounds of the demonstration have in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.config import Settings
from survey.core.policy import Policy
from survey.core.questionnaire import Audience
from survey.core.round import Access, AudienceDraft, RoundDraft
from survey.demo.people import administrators
from survey.storage import acts, opening, questionnaires, rounds
from survey.storage.tables import RoundRow

PHONE = "0000-1234567"


def make_open(
    session: Session,
    settings: Settings,
    base: str,
    slug: str,
    title: str,
    access: dict[Audience, Access],
    opens_at: datetime,
    closes_at: datetime,
) -> RoundRow:
    """Make a round of the whole register and open it with a key that the server holds."""
    closing_day = closes_at.astimezone(ZoneInfo(settings.timezone)).date()
    asked = questionnaires.defaults()
    draft = RoundDraft(
        slug=slug,
        title=title,
        timezone=settings.timezone,
        opens_at=opens_at,
        closes_at=closes_at,
        results_on=closing_day + timedelta(days=10),
        results_place=gettext("the village notice board"),
        help_on=closing_day - timedelta(days=2),
        help_place=gettext("the village square"),
        office=settings.office,
        phone=PHONE,
        audiences={
            audience: AudienceDraft(questionnaire_digest=asked[audience].digest, access=way)
            for audience, way in access.items()
        },
        policy=Policy(seal_delay_minutes=0),
        key_holding="server",
        demo=True,
    )
    first, second = administrators(session)
    round_ = rounds.create(session, draft, first.username)
    acts.propose(session, round_, "round.open", first)
    opening.with_server_key(session, round_, second, base, settings.keys)
    return round_
