"""From a filled-in form to the ballot box and back to a page."""

from __future__ import annotations

import time
from datetime import datetime
from functools import lru_cache

from flask import Response, current_app, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError, TimeoutError

from survey.core import ballot as ballots
from survey.core import box
from survey.core.ballot import Ballot
from survey.core.box import Place, SealedBallot
from survey.core.errors import Invalid
from survey.storage import deadlines, intake, keys, questionnaires, rounds
from survey.storage.db import db, now
from survey.storage.intake import Outcome, Submission
from survey.storage.tables import RoundRow
from survey.web.collect import marks, pages
from survey.web.collect.pages import Sheet

RETRY_SECONDS = 5
_STATUS = {Outcome.SPENT: 409, Outcome.VOID: 409, Outcome.UNKNOWN: 404}
_sealer = lru_cache(maxsize=16)(box.sealer)


def pepper(round_: RoundRow) -> bytes:
    """Return the pepper of a live round."""
    return keys.pepper(current_app.extensions["settings"].keys, round_.id)


def sheet(
    round_: RoundRow, village_id: int, audience: str, access: str, hidden: dict[str, str]
) -> Sheet:
    """Return what the form for one place in a live round is about."""
    asked = rounds.audience_of(round_, audience)
    return Sheet(
        round=round_,
        village=rounds.village(db.session, round_, village_id),
        questionnaire=questionnaires.read(asked.questionnaire.document),
        audience=audience,
        access=access,
        ballot_length=asked.ballot_length or 0,
        address=request.path if access == "poster" else "/t/",
        hidden=hidden,
        closes_at=deadlines.of_village(db.session, round_, village_id),
    )


def not_now(round_: RoundRow, deadline: datetime) -> Response | None:
    """Return the page that says that nobody may answer now, or None: it is before *deadline*."""
    if round_.state == "draft" or (round_.state == "open" and now(db.session) < round_.opens_at):
        return pages.message("early", round_, deadline=deadline)
    if round_.state != "open" or now(db.session) >= deadline:
        return pages.message("closed", round_, deadline=deadline)
    return None


def take(asked: Sheet, mac: bytes, once: str) -> Response:
    """Return the page that answers a form sent for *asked*: thanks only after the COMMIT.

    *mac* is what it spends, *once* what tells a retry from another form.
    """
    filled = request.form.to_dict()
    if "switch" in filled:
        return pages.form(asked, filled)
    try:
        cast = ballots.check(filled, asked.questionnaire)
    except Invalid as fault:
        missing = ballots.unanswered(filled, asked.questionnaire)
        return pages.form(asked, filled, missing, fault.sentence.render(gettext), 422)
    missing = ballots.blanks(cast, asked.questionnaire)
    if missing and "reminded" not in filled:
        return pages.form(asked, filled, missing, status=422)
    try:
        outcome = _put(asked, cast, mac, once)
    except (OperationalError, TimeoutError):
        current_app.logger.error("An answer could not be stored; it was not acknowledged.")
        return _busy(asked, filled)
    if outcome is Outcome.COUNTED:
        return pages.thanks(asked)
    return pages.message(
        outcome.value, asked.round, _STATUS.get(outcome, 200), deadline=asked.closes_at
    )


def _put(asked: Sheet, cast: Ballot, mac: bytes, once: str) -> Outcome:
    round_ = asked.round
    submission = Submission(
        round_id=round_.id,
        village_id=asked.village.village_id,
        audience=asked.audience,
        access=asked.access,
        mac=mac,
        tag=box.tag(pepper(round_), mac, once),
        ballot=_seal(asked, cast),
    )
    try:
        outcome = intake.add(db.session, submission)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return outcome


def _seal(asked: Sheet, cast: Ballot) -> SealedBallot:
    round_ = asked.round
    place = Place(
        round_.id,
        asked.village.village_id,
        asked.audience,
        asked.access,
        asked.questionnaire.digest,
    )
    seal = _sealer(round_.public_key or b"", pepper(round_))
    bucket = 0 if marks.FIELD in asked.hidden else int(time.time()) // box.BUCKET_SECONDS
    return seal(place, cast, asked.ballot_length, bucket)


def _busy(asked: Sheet, filled: dict[str, str]) -> Response:
    response = pages.form(
        asked,
        filled,
        notice=gettext("Not sent yet: the service is busy. Please press the button once more."),
        status=503,
    )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
