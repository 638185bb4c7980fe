"""The audit log's page: newest first, found by person, act and subject, whole or not."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.storage import audit
from survey.storage.db import begin_write, db
from survey.web.admin.audit_log import ACTS, name_of
from tests.web.browser import Browser
from tests.web.conftest import SignIn

HOUSE = Path(__file__).parents[2] / "survey"
SUBJECTS = (
    "round|group|substitute|recusal|person|tickets|slips|scores|evaluation|consensus|rating|"
    "register|questionnaire|sheet|poster"
)
NO_ACTS = {"round.id", "rating.id", "register.csv", "questionnaire.digest"}


@pytest.fixture
def anna(app: Flask, sign_in: SignIn) -> Browser:
    """An administrator of an installation where 60 rounds were made and one person added."""
    with app.app_context():
        begin_write(db.session)
        for number in range(60):
            audit.record(db.session, "berta", "round.create", f"round-{number}")
        audit.record(db.session, "anna", "person.add", "mia", role="member")
        db.session.commit()
    return sign_in()


def test_the_newest_entries_come_first_and_the_log_is_whole(app: Flask, anna: Browser) -> None:
    anna.get("/admin/people").follow("Audit log")
    assert anna.says("Every entry fits the one before", "61 entries", "Page 1 of 2")
    assert anna.rows()[0][0] == "61"
    assert anna.rows()[0][2:6] == ["anna", "person added", "mia", "role: member"]
    with app.app_context():
        head = audit.head(db.session)
    assert head in anna.text.replace(" ", "")
    assert anna.follow("Next page").rows()[-1][0] == "1"


def test_entries_are_found(anna: Browser) -> None:
    anna.get("/admin/audit").press("Search", actor="anna")
    assert len(anna.rows()) == 1
    anna.get("/admin/audit").press("Search", act="round.create", subject="round-5")
    assert [row[4] for row in anna.rows()] == [
        f"round-{number}" for number in (*range(59, 49, -1), 5)
    ]
    assert anna.get("/admin/audit?subject=&page=x").says("61 entries")
    anna.get("/admin/audit?subject=%00", 400)
    assert anna.get("/admin/audit?subject=nothing").says("0 entries")


def test_a_changed_entry_is_said(app: Flask, anna: Browser) -> None:
    with app.app_context():
        for statement in (
            "DROP TRIGGER audit_no_update",
            "UPDATE audit SET actor = 'anna' WHERE id = 7",
        ):
            db.session.execute(sa.text(statement))
        db.session.commit()
    assert anna.get("/admin/audit").says("Entry 7 of the audit log was changed or is missing.")
    assert not anna.says("Every entry fits")


def test_what_is_written_in_the_log_stays_text(app: Flask, anna: Browser) -> None:
    with app.app_context():
        begin_write(db.session)
        audit.record(db.session, "<b>x</b>", "<i>y</i>", "<u>z</u>", reason="<s>w</s>")
        db.session.commit()
    anna.get("/admin/audit")
    assert anna.says("<b>x</b>", "<i>y</i>", "<u>z</u>", "<s>w</s>")
    assert not anna.page.xpath("//main//table//*[self::b or self::i or self::u or self::s]")


def test_every_act_that_the_code_records_has_a_name_in_words(anna: Browser, app: Flask) -> None:
    sources = "".join(
        path.read_text("utf-8")
        for path in HOUSE.rglob("*.py")
        if path.name != "audit_log.py" and "migrations" not in path.parts
    )
    recorded = set(re.findall(rf'"((?:{SUBJECTS})\.[a-z_]+)"', sources)) - NO_ACTS
    assert len(recorded) > 20
    assert recorded - set(ACTS) == set()
    with app.test_request_context("/admin/audit?lang=en"):
        assert name_of("round.open.propose") == "round opened: proposed"
        assert name_of("round.open.withdraw") == "round opened: proposal taken back"
        assert name_of("something.new") == "something.new"


def test_entries_of_some_days_alone(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        audit.record(db.session, "anna", "person.add", "mia")
        db.session.commit()
        day = audit.listing(db.session).rows[0].at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    before, after = (str(day + timedelta(days=step)) for step in (-1, 1))
    anna = sign_in()
    for query, found in (
        (f"since={day}&until={day}", 1),
        (f"since={after}", 0),
        (f"until={before}", 0),
        (f"since={before}&until={after}", 1),
        ("since=nonsense", 1),
        ("until=9999-12-31", 1),
    ):
        anna.get(f"/admin/audit?{query}")
        assert len(anna.page.xpath("//tbody/tr")) == found, query


def test_a_head_on_a_paper_is_looked_for(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        head = audit.record(db.session, "anna", "person.add", "mia")
        audit.record(db.session, "anna", "person.add", "berta")
        db.session.commit()
    anna = sign_in()
    looked = anna.get("/admin/audit").press("Look for it", head=head)
    assert looked.says("is the hash of an entry")
    anna.get("/admin/audit").press("Look for it", head="0" * 63 + "1")
    assert anna.says("The audit log does not hold the head that was printed.")
