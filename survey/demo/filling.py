"""Putting invented ballots into the box of an open round, through its only door."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from survey.core import box
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.storage import intake, tickets
from survey.storage.intake import Submission
from survey.storage.rounds import audience_of
from survey.storage.tables import RoundRow


def cast(
    session: Session,
    round_: RoundRow,
    village_id: int,
    audience: str,
    ballots: Iterable[Ballot],
    buckets: Iterable[int],
    pepper: bytes,
    spare: int = 5,
) -> None:
    """Print tickets for *ballots* and some *spare*, and answer with them.

    *buckets* are the five minutes of each, as from `moments`.
    """
    waiting = list(zip(ballots, buckets, strict=True))
    codes = tickets.issue(session, round_, village_id, audience, len(waiting) + spare, pepper)
    asked = audience_of(round_, audience)
    seal = box.sealer(round_.public_key or b"", pepper)
    place = Place(round_.id, village_id, audience, "ticket", asked.questionnaire_digest)
    for code, (ballot, bucket) in zip(codes, waiting, strict=False):
        mac, once = box.ticket_mac(pepper, code), box.make_once()
        sealed = seal(place, ballot, asked.ballot_length or 0, int(bucket))
        tag = box.tag(pepper, mac, once)
        submission = Submission(round_.id, village_id, audience, "ticket", mac, tag, sealed)
        outcome = intake.put(session, submission)
        if outcome is not intake.Outcome.COUNTED:
            raise RuntimeError(f"an invented ballot was not counted: {outcome.value}")
