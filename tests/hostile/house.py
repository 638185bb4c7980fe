"""An installation that has everything a page can show: what the attacks on pages go at.

Three rounds over three villages: one sealed, evaluated and signed, one open with ballots in its
box, one being prepared. Every text in it comes through the door that it comes through in life, and
ends with the same *mark*.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from survey import create_app
from survey.core import box
from survey.core import questionnaire as questionnaires_
from survey.core.ballot import COMMENT
from survey.core.calibration import Sheet
from survey.core.drafting import edits
from survey.core.drafting.draft import Text
from survey.core.policy import Policy
from survey.core.register import read_rows
from survey.core.round import AudienceDraft
from survey.reports import register_file
from survey.storage import (
    accounts,
    calibration,
    drafts,
    evaluations,
    intake,
    posters,
    questionnaires,
    ratings,
    registers,
    rounds,
)
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, FreeAnswerRow, RoundRow
from tests import beside, scene
from tests.storage.round import Office, draft, open_round
from tests.web.browser import Browser

PASSWORD = "plain words for tests"
BASE = "https://vote.example.org"
VILLAGE = "990101100201"
ROUNDS = ("spring", "summer", "autumn")
STAFF = ("anna", "berta", "lead", "member", "stranger", "mira")
_HEADER = "村代码,乡镇,村名,户数,应评村民数,党员数,软弱涣散原因,联村市领导,结对单位,第一书记,验收组"
_VILLAGES = (
    (VILLAGE, "East", "Clear Water", 300, 800, 20, "Group 1"),
    ("990101100202", "East", "Stone Bridge", 200, 500, 12, "Group 1"),
    ("990102100201", "West", "Long Meadow", 250, 640, 30, "Group 2"),
)


@dataclass
class House:
    """The service, and what is printed on one slip, one poster and the guide of its open round."""

    app: Flask
    slips: list[str] = field(default_factory=list)
    poster: str = ""
    mark: str = ""
    village_id: int = 0
    digest: str = ""
    draft_id: int = 0
    text_id: str = ""

    def browse(self, username: str | None = None) -> Browser:
        """Return a new browser, in which *username* is signed in."""
        browser = Browser(self.app)
        return browser.sign_in(username, PASSWORD) if username else browser

    def addresses(self, method: str) -> Iterator[tuple[Rule, str]]:
        """Return every rule that takes *method* with an address of each round, where it has one.

        For a method that few rules take: every rule, with an address of one round.
        """
        binding = self.app.url_map.bind("localhost")
        taken = method in {"GET", "POST"}
        for rule in self.app.url_map.iter_rules():
            if taken and method not in (rule.methods or ()):
                continue
            slugs = ROUNDS if "slug" in rule.arguments else ("",)
            for slug in slugs if taken else slugs[:1]:
                values = {name: self._value(rule, name, slug) for name in rule.arguments}
                yield rule, binding.build(rule.endpoint, values)

    def _value(self, rule: Rule, name: str, slug: str) -> Any:
        of_poster = rule.endpoint in {"collect.poster", "collect.send_poster"}
        known = {
            "slug": slug,
            "audience": "mass",
            "filename": "staff.css",
            "village_id": self.village_id,
            "digest": self.digest,
            "draft_id": self.draft_id,
            "text_id": self.text_id,
            "place": "effects",
            "form": "pdf",
            "key": "effects.q1",
            "mark": self.mark,
            "kind": "problem" if rule.endpoint.startswith("review.") else "xlsx",
            "code": self.poster
            if of_poster
            else self.slips[-1]
            if rule.endpoint == "collect.ticket"
            else VILLAGE,
        }
        return known.get(name, 1)

    def print(self, number: int, audience: str = "mass") -> list[str]:
        """Return the codes of new slips for the first village of the open round."""
        with self.app.app_context():
            return office_of(self.app, db.session, "summer").print(
                self.village_id, number, audience
            )

    def answer(self, slips: list[str], audience: str = "mass", comment: str = "") -> None:
        """Put a ballot into the box of the open round for each of *slips*."""
        with self.app.app_context():
            office = office_of(self.app, db.session, "summer")
            _answer(office, self.village_id, audience, slips, comment)


def build(
    folder: Path,
    database: str,
    monkeypatch: Any,
    mark: str = "",
    names: str = "",
) -> House:
    """Return the house on *database* (an address, or the path of a SQLite file to copy).

    *mark* ends every text; *names* begins every name in the register.
    """
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))
    folder.mkdir(parents=True, exist_ok=True)
    address = database
    if "://" not in database:
        shutil.copy(database, folder / "survey.sqlite")
        address = ""
    app = create_app(
        {
            "instance_path": folder,
            "database_url": address,
            "testing": True,
            "key_cost": "minimum",
            "language": "en",
            "office": f"The office{mark}",
            "base_address": BASE,
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    house = House(app)
    with app.app_context():
        _furnish(house, db.session, mark, names)
    return house


def _furnish(house: House, session: Session, mark: str, names: str) -> None:
    _register(session, mark, names)
    _people(session, mark)
    asked = _questionnaires(session, mark)
    for slug in ROUNDS:
        begin_write(session)
        rounds.create(session, _draft(session, slug, asked, mark), "anna")
        session.commit()
    spring, summer = (office_of(house.app, session, slug) for slug in ("spring", "summer"))
    house.village_id = spring.village_ids()[0]
    open_round(spring)
    for audience, number in (("mass", 24), ("self", 6)):
        slips = spring.print(house.village_id, number, audience)
        _answer(spring, house.village_id, audience, slips, f"said{mark}")
    spring.close_and_seal()
    house.text_id = _text_id(session)
    house.digest = asked["mass"].questionnaire_digest
    house.draft_id = _write(session, house.digest, spring.first, mark)
    _decide(session, spring, mark)
    _calibrate(session, spring, mark)
    open_round(summer)
    house.slips = summer.print(house.village_id, 3)
    house.mark = box.make_mark(summer.pepper)
    found = posters.of_round(session, summer.round_, "mass")
    house.poster = next(one for one in found if one.village.code == VILLAGE).address.split("/")[-1]


def _text_id(session: Session) -> str:
    """Return the id of a comment that waits for a moderator."""
    found = sa.select(FreeAnswerRow.id).where(FreeAnswerRow.item == COMMENT).limit(1)
    return session.execute(found).scalar_one().hex()


def _register(session: Session, mark: str, names: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER.split(","))
    for code, township, name, households, eligible, members, group in _VILLAGES:
        words = [f"{names}{word}{mark}" for word in ("cause", "leader", "unit", "secretary")]
        writer.writerow(
            [
                code,
                f"{names}{township}{mark}",
                f"{names}{name}{mark}",
                households,
                eligible,
                members,
                *words,
                f"{names}{group}{mark}",
            ]
        )
    found = read_rows(register_file.read(io.BytesIO(text.getvalue().encode()), "register.csv"))
    assert not found.errors, [problem.line for problem in found.errors]
    begin_write(session)
    registers.apply(session, found.entries, "anna", f"register{mark}.csv")
    session.commit()


def _people(session: Session, mark: str) -> None:
    groups = registers.groups(session)
    wanted = {
        "anna": ("administrator", None),
        "berta": ("administrator", None),
        "lead": ("lead", groups[0]),
        "member": ("member", groups[0]),
        "stranger": ("lead", groups[1]),
        "mira": ("moderator", None),
    }
    begin_write(session)
    for username, (role, group) in wanted.items():
        name = f"{username.title()}{mark}"
        accounts.add(session, username, name, PASSWORD, role, group, "en", township="")
    session.commit()


def _questionnaires(session: Session, mark: str) -> dict[str, AudienceDraft]:
    begin_write(session)
    found = {}
    for audience in questionnaires.defaults():
        document = _marked(json.loads(beside.questionnaire(audience).to_json()), mark)
        one = questionnaires_.from_dict(document | {"key": f"own-{audience}"})
        questionnaires.add(session, one)
        found[audience] = AudienceDraft(questionnaire_digest=one.digest, access="both")
    session.commit()
    return found


def _write(session: Session, digest: str, account: AccountRow, mark: str) -> int:
    """Begin the next version of a questionnaire, with a question beside its grades."""
    begin_write(session)
    copied = drafts.copy(session, questionnaires.of_digest(session, digest))
    draft, key = edits.add(copied, "effects", "choices")
    text = Text(zh=f"asked{mark}", en=f"asked{mark}")
    options = edits.options((), f"one{mark}\ntwo{mark}", f"one{mark}\ntwo{mark}")
    asked = edits.question(draft, key).model_copy(update={"text": text, "options": options})
    row = drafts.add(session, edits.put(draft, asked), account, f"begun{mark}")
    session.commit()
    return row.id


def _marked(part: Any, mark: str) -> Any:
    """Return *part* of a questionnaire with *mark* after each of its texts."""
    if isinstance(part, list):
        return [_marked(one, mark) for one in part]
    if not isinstance(part, dict):
        return part
    if set(part) == {"zh", "en"}:
        return {language: f"{text}{mark}" for language, text in part.items()}
    return {name: _marked(one, mark) for name, one in part.items()}


def _draft(session: Session, slug: str, asked: dict[str, AudienceDraft], mark: str) -> Any:
    return draft(
        session,
        slug=slug,
        title=f"{slug.title()}{mark}",
        results_place=f"the board{mark}",
        help_place=f"the square{mark}",
        office=f"The office{mark}",
        phone=f"123{mark}",
        audiences=asked,
        policy=Policy(seal_delay_minutes=0, veto_events=(f"An event{mark}",)),
    )


def office_of(app: Flask, session: Session, slug: str) -> Office:
    """Return the office as it sees the round *slug*."""
    first, second = (accounts.by_username(session, name) for name in ("anna", "berta"))
    assert first is not None
    assert second is not None
    folder = app.extensions["settings"].keys
    return Office(session, folder, first, second, rounds.by_slug(session, slug))


def _answer(office: Office, village_id: int, audience: str, slips: list[str], comment: str) -> None:
    for place, code in enumerate(slips):
        answers = tuple((place + item) % 3 for item in range(12))
        more = (place % 3, (0, 2), place % 50, comment or None, None)
        cast = office.by_ticket(
            code, village_id, answers, audience=audience, comment=comment, extras=more
        )
        assert intake.add(office.session, cast) is intake.Outcome.COUNTED
        office.session.commit()


def _decide(session: Session, office: Office, mark: str) -> None:
    round_: RoundRow = office.round_
    village = rounds.villages(session, round_)[0]
    lead, member = (accounts.by_username(session, name) for name in ("lead", "member"))
    assert lead is not None
    assert member is not None
    noted = {"notes": dict.fromkeys(scene.DIMENSIONS, f"noted{mark}")}
    begin_write(session)
    for account in (lead, member):
        own = scene.evaluation().model_copy(update=noted)
        evaluations.hand_in(session, round_, village, account, own)
    agreed = scene.consensus(statement=f"stated{mark}").model_copy(update=noted)
    evaluations.agree(session, round_, village, lead, agreed, f"agreed{mark}")
    ratings.sign(
        session,
        round_,
        village,
        lead,
        suggestion=None,
        evidence={},
        decision="average",
        reason=f"reason{mark}",
    )
    session.commit()


def _calibrate(session: Session, office: Office, mark: str) -> None:
    begin_write(session)
    names = {place: f"File {place}{mark}" for place in (1, 2, 3)}
    groups = calibration.groups(session, office.round_)
    points = {(place, group): 80.0 + place for place in names for group in groups}
    calibration.keep(session, office.round_, office.first, Sheet(names, points))
    session.commit()
