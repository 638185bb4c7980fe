"""Acceptance groups made, renamed, deleted and led by somebody else; who stands back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from survey.storage import accounts, audit, groups
from survey.storage.db import db
from survey.storage.tables import VillageRow
from tests import scene
from tests.web.browser import Browser
from tests.web.test_review import POINTS, VILLAGE

Browse = Callable[[str], Browser]


@pytest.fixture
def city(app: Flask) -> None:
    """A sealed round with ballots, whose staff can sign in."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village in made.villages:
            scene.answer(db.session, made, village, "mass", 60)
            scene.answer(db.session, made, village, "self", 12)
        db.session.commit()


def acts_of(app: Flask, username: str) -> list[str]:
    with app.app_context():
        return [row.act for row in audit.listing(db.session, actor=username).rows]


def test_a_group_is_made_renamed_and_deleted_while_empty(app: Flask, browse: Browse) -> None:
    admin = browse("admin").get("/admin/people").follow("Acceptance groups")
    admin.press("Make the group", name=" Group  9 ").follow("Group 9")
    admin.press("Keep", name="Group 10")
    assert [row[0] for row in admin.rows()] == ["Group 1", "Group 10 empty", "Group 2"]
    admin.follow("Group 10").press("Delete the group")
    assert [row[0] for row in admin.rows()] == ["Group 1", "Group 2"]
    assert acts_of(app, "admin") == ["group.delete", "group.rename", "group.make"]


def test_a_group_with_people_is_not_deleted_and_names_are_unique(browse: Browse) -> None:
    admin = browse("admin").get("/admin/groups").press("Make the group", 422, name="Group 1")
    assert admin.says("There is a group of this name")
    admin.follow("Group 1")
    assert "Delete the group" not in admin.buttons()
    token = admin.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = admin.client.post("/admin/groups/1/delete", data={"csrf_token": token})
    assert answer.status_code == 409
    admin.press("Keep", 422, name="Group 2")
    assert admin.says("There is a group of this name")


def name_acting(admin: Browser, who: str, status: int = 200, **typed: str) -> Browser:
    admin.get("/admin/groups").follow("Group 1")
    options = admin.page.xpath("//select[@name='person']/option")
    (chosen,) = [one.get("value") for one in options if who in one.text_content()]
    words = {"person": chosen, "reason": "The lead is ill."}
    return admin.press("Name the acting lead", status, **words | typed)


def test_an_acting_lead_signs_in_the_lead_s_place(app: Flask, browse: Browse) -> None:
    admin = browse("admin")
    assert name_acting(admin, "Third").says("The lead is ill.")
    third = browse("third").get(VILLAGE).press("Hand in", **POINTS)
    third.press("Enter the consensus", **POINTS, statement="The lead is ill.")
    third.press("Sign", decision="fairly_good", reason="The group is of one mind.")
    assert "Countersign and lock" not in third.buttons()
    lead = browse("lead").get(VILLAGE)
    assert "Sign" not in lead.buttons()
    assert lead.press("Countersign and lock").says("Countersigned. The rating is locked.")
    assert "substitute.name" in acts_of(app, "admin")


def test_the_lead_of_another_group_can_stand_in(browse: Browse) -> None:
    browse("stranger").get(VILLAGE, 404)
    admin = name_acting(browse("admin"), "Stranger")
    stranger = browse("stranger").get(VILLAGE)
    assert stranger.press("Hand in", **POINTS).says("Consensus of the group")
    admin.press("End this")
    stranger.get(VILLAGE, 404)


def test_an_acting_lead_leads_on_the_named_days_alone(app: Flask, browse: Browse) -> None:
    with app.app_context():
        tomorrow = groups.today(db.session, "Asia/Shanghai") + timedelta(days=1)
    day = tomorrow.isoformat()
    admin = name_acting(browse("admin"), "Stranger", since=day, until=day)
    browse("stranger").get(VILLAGE, 404)
    assert name_acting(admin, "Third", 422, since=day, until=day).says("End that first")
    early = (tomorrow - timedelta(days=3)).isoformat()
    assert name_acting(admin, "Third", 422, until=early).says("cannot be before the first")
    assert name_acting(admin, "Third", 422, reason=" ").says("Please write why")


def test_whose_unit_is_paired_does_not_see_the_village(app: Flask, browse: Browse) -> None:
    with app.app_context():
        village = db.session.query(VillageRow).filter_by(code="990101100201").one()
        village.paired_unit = "市交通局（牵头）"
        member = accounts.by_username(db.session, "member")
        assert member is not None
        member.unit = "市 交通局"
        db.session.commit()
    member_ = browse("member")
    member_.get(VILLAGE, 404)
    assert [row[0] for row in member_.get("/review/spring/").rows()] == ["Stone Bridge East Hill"]
    workbook = member_.client.get("/review/ledger/spring.xlsx").data
    assert "Clear Water" not in words_of(workbook)
    token = member_.page.xpath("//input[@name='csrf_token']/@value")[0]
    for act in ("evaluation", "consensus", "signature", "countersignature", "recusal"):
        answer = member_.client.post(f"{VILLAGE}/{act}", data=POINTS | {"csrf_token": token})
        assert answer.status_code == 404, act
    assert browse("lead").get(VILLAGE).says("works at the village’s paired unit, 市 交通局")
    admin = browse("admin").get("/admin/rounds/spring/recusals")
    assert [row[:2] for row in admin.rows()] == [["Clear Water East Hill", "Member"]]
    assert "Take back" not in admin.buttons()


def words_of(workbook: bytes) -> str:
    sheets = load_workbook(BytesIO(workbook)).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)


def test_an_administrator_lets_somebody_stand_back_and_takes_it_back(
    app: Flask, browse: Browse
) -> None:
    admin = browse("admin").get("/admin/rounds/spring").follow("Who stands back")
    assert admin.says("Nobody stands back")
    options = admin.page.xpath("//select[@name='person']/option")
    (third,) = [one.get("value") for one in options if "third" in one.text_content()]
    typed = {"person": third, "village": "990101100201", "reason": "Her brother lives there."}
    admin.press("Stand back", **typed)
    assert admin.rows()[0][:3] == ["Clear Water East Hill", "Third", "Her brother lives there."]
    browse("third").get(VILLAGE, 404)
    assert browse("lead").get(VILLAGE).says("Third: Her brother lives there.")
    admin.press("Stand back", 422, **typed)
    admin.press("Stand back", 422, **typed | {"village": "990102100201"})
    assert admin.says("This person is not in the acceptance group of this village.")
    admin.press("Take back")
    browse("third").get(VILLAGE)
    assert acts_of(app, "admin") == ["recusal.withdraw", "recusal.enter"]


@pytest.mark.parametrize("role", ["observer", "moderator"])
def test_who_looks_on_sees_turnout_desk_and_ledger_and_changes_nothing(
    app: Flask, browse: Browse, role: str
) -> None:
    with app.app_context():
        account = accounts.by_username(db.session, "stranger")
        assert account is not None
        account.role, account.group_id = role, None
        db.session.commit()
    looker = browse("stranger")
    assert looker.path == "/review/"
    assert len(looker.rows()) == 3
    assert looker.rows()[0][2] == "—"
    lead = browse("lead").get(VILLAGE).press("Hand in", **POINTS)
    lead.press("Enter the consensus", **POINTS, statement="The others are away.")
    assert looker.get("/review/spring/").rows()[0][2] != "—"
    assert not looker.page.xpath("//main//a[contains(@href, '99010')]")
    assert looker.follow("Ledger of this round").says("All villages of the round.")
    assert looker.client.get("/review/ledger/spring.xlsx").status_code == 200
    looker.get("/admin/rounds/spring/wall")
    assert looker.client.get("/admin/rounds/spring/wall.xlsx").status_code == 200
    assert looker.buttons() == ["Sign out", "Show"]
    for path in (VILLAGE, "/admin/", "/admin/people", "/admin/rounds/spring/weekly"):
        looker.get(path, 404)
    token = browse("stranger").page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = looker.client.post(f"{VILLAGE}/evaluation", data=POINTS | {"csrf_token": token})
    assert answer.status_code in {400, 404}
