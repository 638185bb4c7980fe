"""The round that is open: anybody may answer it, and its dates move on with the calendar."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.config import Settings
from survey.demo import answers, filling, moments
from survey.demo.draft import make_open
from survey.demo.notes import Notes
from survey.storage import keys, posters, questionnaires, rounds, tickets
from survey.storage.db import begin_write, now
from survey.storage.tables import RoundRow

SLUG = "demo-open"
DAYS_OPEN, DAYS_LEFT = 3, 14
SLIPS = 6
SEED = 17


def load(session: Session, settings: Settings, base: str, notes: Notes) -> None:
    """Make the round where there is none; else move its dates on while it is open."""
    begin_write(session)
    round_ = _find(session)
    if round_ is None:
        round_ = _make(session, settings, base)
        village = rounds.villages(session, round_)[0]
        pepper = keys.pepper(settings.keys, round_.id)
        notes.tickets = tickets.issue(session, round_, village.village_id, "mass", SLIPS, pepper)
    if round_.state == "open":
        _move_on(session, round_, base)


def _find(session: Session) -> RoundRow | None:
    return session.scalars(sa.select(RoundRow).where(RoundRow.slug == SLUG)).one_or_none()


def _make(session: Session, settings: Settings, base: str) -> RoundRow:
    moment = now(session)
    round_ = make_open(
        session,
        settings,
        base,
        SLUG,
        gettext("Autumn evaluation (demonstration)"),
        {"mass": "both", "self": "ticket"},
        moment - timedelta(days=DAYS_OPEN),
        moment + timedelta(days=DAYS_LEFT),
    )
    pepper = keys.pepper(settings.keys, round_.id)
    random = np.random.default_rng(SEED)
    asked = questionnaires.read(rounds.audience_of(round_, "mass").questionnaire.document)
    for village in rounds.villages(session, round_)[::3]:
        number = int(random.uniform(5, 60))
        ballots = answers.ballots(asked, answers.Mood(1.0, 0.7), number, random)
        buckets = moments.spread(
            number, moments.first_whole_day(round_), DAYS_OPEN - 1, round_.timezone, random
        )
        filling.cast(session, round_, village.village_id, "mass", ballots, buckets, pepper)
    return round_


def _move_on(session: Session, round_: RoundRow, base: str) -> None:
    moment = now(session)
    round_.base_address = base
    round_.closes_at = moment + timedelta(days=DAYS_LEFT)
    round_.results_on = (moment + timedelta(days=DAYS_LEFT + 10)).date()
    round_.help_on = (moment + timedelta(days=DAYS_LEFT - 2)).date()


def poster_address(session: Session) -> str:
    """Return the address of the first village's poster."""
    return posters.of_round(session, rounds.by_slug(session, SLUG), "mass")[0].address
