"""The villager's page to look at: the same template, marked, with no way to send."""

from __future__ import annotations

from datetime import timedelta

from flask import Response
from flask_babel import force_locale, gettext

from survey.core.questionnaire import Questionnaire
from survey.storage.db import db, now
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.collect import pages
from survey.web.collect.pages import Sheet
from survey.web.installation import settings

_DAYS = timedelta(days=10)


def preview(questionnaire: Questionnaire, language: str) -> Response:
    """Return the page of an example village in *language*, as it comes from a slip."""
    with force_locale(language):
        round_ = _round()
        return pages.preview(
            Sheet(
                round=round_,
                closes_at=round_.closes_at,
                village=RoundVillageRow(
                    name=gettext("Example Village"), township=gettext("Example Township")
                ),
                questionnaire=questionnaire,
                audience=questionnaire.audience,
                access="ticket",
                ballot_length=0,
                address="",
                hidden={},
            )
        )


def _round() -> RoundRow:
    """Return a round that is in no table: what the sentences before the first item name."""
    closes_at = now(db.session) + _DAYS
    return RoundRow(
        id=0,
        demo=False,
        office=settings().office,
        phone="0000-1234567",
        key_holding="halves",
        timezone=settings().timezone,
        closes_at=closes_at,
        results_on=(closes_at + _DAYS).date(),
        results_place=gettext("the village notice board"),
    )
