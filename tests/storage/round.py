"""A round with its box for tests of storage: two villages, both audiences, all ways in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from survey.core import box, keys
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.core.extras import Answer
from survey.core.policy import Policy
from survey.core.round import AudienceDraft, RoundDraft
from survey.storage import (
    accounts,
    acts,
    intake,
    opening,
    questionnaires,
    rounds,
    scrub,
    seal,
    tickets,
)
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, now, prepare
from survey.storage.intake import Submission
from survey.storage.tables import AccountRow, PosterRow, RoundRow, VillageRow

BASE = "https://ping.example.org"
PASSWORD = "a long pass phrase"
CODES = ("990101100201", "990101100202")


@dataclass
class Office:
    """Two administrators, an open round, and the folder of its keys."""

    session: Session
    folder: Path
    first: AccountRow
    second: AccountRow
    round_: RoundRow

    @property
    def pepper(self) -> bytes:
        return key_folder.pepper(self.folder, self.round_.id)

    def village_ids(self) -> list[int]:
        return [row.village_id for row in rounds.villages(self.session, self.round_)]

    def print(self, village_id: int, count: int, audience: str = "mass") -> list[str]:
        begin_write(self.session)
        codes = tickets.issue(self.session, self.round_, village_id, audience, count, self.pepper)
        self.session.commit()
        return codes

    def by_ticket(
        self,
        code: str,
        village_id: int,
        answers: tuple[int, ...] = (0,) * 12,
        once: str | None = None,
        audience: str = "mass",
        comment: str = "",
        extras: tuple[Answer, ...] = (),
    ) -> Submission:
        mac = box.ticket_mac(self.pepper, code)
        cast = Ballot(answers, comment, extras)
        return self._submission(mac, village_id, audience, "ticket", cast, once)

    def by_poster(self, village_id: int, answers: tuple[int, ...] = (0,) * 12) -> Submission:
        nonce = box.make_nonce(self.pepper, village_id, "mass")
        mac = box.read_nonce(self.pepper, nonce)[2]
        return self._submission(mac, village_id, "mass", "poster", Ballot(answers), nonce)

    def _submission(
        self,
        mac: bytes,
        village_id: int,
        audience: str,
        access: str,
        cast: Ballot,
        once: str | None,
    ) -> Submission:
        asked = rounds.audience_of(self.round_, audience)
        place = Place(self.round_.id, village_id, audience, access, asked.questionnaire_digest)
        write = box.sealer(self.round_.public_key, self.pepper)
        sealed = write(place, cast, asked.ballot_length, 5_900_000)
        tag = box.tag(self.pepper, mac, once or box.make_once())
        return Submission(self.round_.id, village_id, audience, access, mac, tag, sealed)

    def pass_deadline(self) -> None:
        """Move the dates of the round so that its deadline has just passed."""
        begin_write(self.session)
        self.round_.closes_at = now(self.session) - timedelta(seconds=1)
        self.session.commit()

    def close_and_seal(self) -> None:
        """Let the deadline pass, where it has not; close, seal and scrub the round."""
        self.session.rollback()
        if self.round_.state == "open":
            self.pass_deadline()
            begin_write(self.session)
            rounds.close_due(self.session)
            self.session.commit()
        persons = (self.first, self.second)
        seal.seal(self.session, self.round_, self.private_key(), self.pepper, persons)
        self.session.commit()
        scrub.scrub(self.session, self.round_, self.folder)

    def private_key(self) -> bytes:
        return key_folder.server_key(self.folder, self.round_.id)


def fill(
    place: Office, village: int, number: int = 12, audience: str = "mass"
) -> list[tuple[int, ...]]:
    """Cast *number* ballots and return their answers."""
    cast = []
    for code in place.print(village, number, audience):
        answers = tuple(secrets.choice((0, 1, 2, 3, -1, -2)) for _ in range(12))
        submission = place.by_ticket(
            code, village, answers, audience=audience, comment=f"comment {len(cast)}"
        )
        assert intake.add(place.session, submission) is intake.Outcome.COUNTED
        place.session.commit()
        cast.append(answers)
    return cast


def close(place: Office) -> None:
    """Let the deadline of *place* pass and close its round."""
    place.pass_deadline()
    begin_write(place.session)
    assert rounds.close_due(place.session) == [place.round_]
    place.session.commit()


@contextmanager
def beside(
    app: Flask, asked: Callable[[Session], dict[str, AudienceDraft]] | None = None
) -> Iterator[Office]:
    """An open round of *app*, seen through a session beside the application's.

    *asked* keeps other questionnaires than the default ones.
    """
    settings = app.extensions["settings"]
    engine = sa.create_engine(settings.database)
    prepare(engine)
    with Session(engine) as session:
        changes = {"audiences": asked(session)} if asked else {}
        yield office(session, settings.keys, **changes)
    engine.dispose()


def draft(session: Session, **changes: object) -> RoundDraft:
    """Return the draft of a round that could be open now."""
    moment = now(session)
    fields = {
        "slug": "spring",
        "title": "Spring",
        "timezone": "Asia/Shanghai",
        "opens_at": moment - timedelta(hours=1),
        "closes_at": moment + timedelta(days=3),
        "results_on": (moment + timedelta(days=20)).date(),
        "results_place": "the board",
        "help_on": (moment + timedelta(days=1)).date(),
        "help_place": "the square",
        "office": "The office",
        "phone": "123",
        "audiences": {
            audience: AudienceDraft(questionnaire_digest=asked.digest, access="both")
            for audience, asked in questionnaires.defaults().items()
        },
        "policy": Policy(seal_delay_minutes=0),
        "key_holding": "server",
    }
    return RoundDraft(**fields | changes)


def office(session: Session, folder: Path, **changes: object) -> Office:
    """Return an office whose round is open."""
    questionnaires.add_defaults(session)
    session.add_all(
        VillageRow(
            code=code, township="East", name=f"Village {code[-1]}", eligible=100, party_members=9
        )
        for code in CODES
    )
    first = accounts.add(session, "first", "First", PASSWORD, "administrator")
    second = accounts.add(session, "second", "Second", PASSWORD, "administrator")
    round_ = rounds.create(session, draft(session, **changes), "first")
    session.commit()
    made = Office(session, folder, first, second, round_)
    open_round(made)
    return made


def open_round(made: Office) -> None:
    """Open the round of *made* by its two persons."""
    session, round_ = made.session, made.round_
    begin_write(session)
    if round_.key_holding == "server":
        acts.propose(session, round_, "round.open", made.first)
        opening.with_server_key(session, round_, made.second, BASE, made.folder)
    else:
        halves = keys.make_half(1), keys.make_half(2)
        opening.begin(session, round_, made.first, halves[0], BASE, keys.MINIMUM)
        opening.finish(session, round_, made.second, halves[1], BASE, made.folder)
        made.halves = halves
    session.commit()


def poster_code(session: Session, village_id: int) -> str:
    return session.query(PosterRow).filter_by(village_id=village_id, audience="mass").one().code
