"""The earlier round: answered by everybody, sealed, and rated by most of the groups."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.config import Settings
from survey.core.ballot import Ballot
from survey.core.questionnaire import AUDIENCES, Questionnaire
from survey.demo import answers, calibration, filling, moderating, moments, rating
from survey.demo.draft import make_open
from survey.demo.people import administrators
from survey.storage import keys, questionnaires, rounds, scrub, seal
from survey.storage.db import begin_write, now
from survey.storage.tables import AccountingRow, RoundRow, RoundVillageRow

SLUG = "demo-sealed"
SEED = 41
FEW, VERY_FEW = 16, 7
"""How many villagers answer in the two villages that show what little evidence looks like."""
STUFFED, FORGED = 7, 24
"""The place of the village that shows what a flag looks like, and how many of its ballots somebody
put in within a quarter of an hour."""
DAYS = 8
"""On how many days people answer."""


def load(session: Session, settings: Settings, base: str) -> None:
    """Bring the round as far as it should be."""
    round_ = _find(session)
    if round_ is None:
        begin_write(session)
        round_ = _answered(session, settings, base)
        session.commit()
    if round_.state == "closed":
        _seal(session, settings, round_)
    if round_.state == "scrubbing":
        scrub.scrub(session, round_, settings.keys)
    begin_write(session)
    rating.load(session, round_)
    calibration.load(session, round_)
    moderating.load(session, round_)
    session.commit()


def _find(session: Session) -> RoundRow | None:
    return session.scalars(sa.select(RoundRow).where(RoundRow.slug == SLUG)).one_or_none()


def _answered(session: Session, settings: Settings, base: str) -> RoundRow:
    moment = now(session)
    round_ = make_open(
        session,
        settings,
        base,
        SLUG,
        gettext("Spring evaluation (demonstration)"),
        {"mass": "ticket", "self": "ticket"},
        moment - timedelta(days=24),
        moment + timedelta(hours=1),
    )
    _fill(session, settings, round_)
    round_.closes_at = moment - timedelta(days=14)
    round_.results_on = (moment - timedelta(days=4)).date()
    round_.help_on = (moment - timedelta(days=16)).date()
    round_.state, round_.closed_at = "closed", round_.closes_at
    return round_


def _fill(session: Session, settings: Settings, round_: RoundRow) -> None:
    pepper = keys.pepper(settings.keys, round_.id)
    random = np.random.default_rng(SEED)
    villages = rounds.villages(session, round_)
    moods = answers.moods(len(villages), SEED)
    for position, (village, mood) in enumerate(zip(villages, moods, strict=True)):
        for asked in round_.audiences:
            number = _number(village, asked.audience, position, random)
            questionnaire = questionnaires.read(asked.questionnaire.document)
            seen = answers.Mood(mood.mean + 0.3, 0.5) if asked.audience == "self" else mood
            ballots = answers.ballots(questionnaire, seen, number, random)
            buckets = _buckets(round_, asked.audience, position, number)
            if (asked.audience, position) == ("mass", STUFFED):
                _stuff(round_, questionnaire, ballots, buckets)
            place = (village.village_id, asked.audience)
            filling.cast(session, round_, *place, ballots, buckets, pepper)
            _hand_out(session, round_, village, asked.audience, number)


def _buckets(round_: RoundRow, audience: str, position: int, number: int) -> moments.Buckets:
    """Return when the ballots come; with numbers of its own, so that it changes no answer."""
    random = np.random.default_rng([SEED, position, AUDIENCES.index(audience)])
    first = moments.first_whole_day(round_)
    if audience == "self":
        day = first + timedelta(position % DAYS)
        return moments.meeting(number, day, round_.timezone, random)
    return moments.spread(number, first, DAYS, round_.timezone, random)


def _stuff(
    round_: RoundRow, questionnaire: Questionnaire, ballots: list[Ballot], buckets: moments.Buckets
) -> None:
    day = moments.first_whole_day(round_) + timedelta(DAYS - 1)
    random = np.random.default_rng([SEED, STUFFED])
    ballots[:FORGED] = answers.all_good(questionnaire, FORGED)
    buckets[:FORGED] = moments.quarter(FORGED, day, round_.timezone, random)


def _number(
    village: RoundVillageRow, audience: str, position: int, random: np.random.Generator
) -> int:
    if audience == "self":
        return int((village.party_members or 8) * random.uniform(0.6, 0.95))
    if position in (5, 11):
        return FEW if position == 5 else VERY_FEW
    return int(min((village.eligible or 60) * 0.6, random.uniform(45, 150)))


def _hand_out(
    session: Session, round_: RoundRow, village: RoundVillageRow, audience: str, used: int
) -> None:
    account = session.get_one(AccountingRow, (round_.id, village.village_id, audience))
    account.handed_out, account.returned = used + 2, 2
    account.counted_by = gettext("two witnesses of the demonstration")


def _seal(session: Session, settings: Settings, round_: RoundRow) -> None:
    private = keys.server_key(settings.keys, round_.id)
    pepper = keys.pepper(settings.keys, round_.id)
    seal.seal(session, round_, private, pepper, administrators(session))
    session.commit()
