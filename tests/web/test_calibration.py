"""Administrators name calibration villages and enter each group's points on one sheet."""

import pytest

from survey.storage import accounts, audit, calibration, rounds
from survey.storage.db import db
from tests import scene
from tests.storage.test_predecessors import agree
from tests.web.browser import Browser

ROUND = "/admin/rounds/spring"
PAGE = f"{ROUND}/calibration"
GROUPS = f"{ROUND}/groups"
NAMES = {"name.1": "File A", "name.2": "File B", "name.3": "File C"}


@pytest.fixture
def city(app):
    """A sealed round whose first village is agreed on, with 85 points; two groups."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village in made.villages:
            scene.answer(db.session, made, village, "mass", 150)
            scene.answer(db.session, made, village, "self", 12)
        agree(db.session, made)
        db.session.commit()
        return tuple(calibration.groups(db.session, made.round_))


def scored(city, first, second, places=(1, 2, 3)):
    """Fields with the same points of each group in every place."""
    pairs = ((city[0], first), (city[1], second))
    return {f"points.{place}.{group}": text for place in places for group, text in pairs}


def change(app, **values):
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        for name, value in values.items():
            setattr(round_, name, value)
        db.session.commit()


def entries(app):
    with app.app_context():
        found = audit.listing(db.session, act=calibration.ACT).rows
        return [(row.actor, row.detail["changes"]) for row in found]


def fault_at(page, field):
    (typed,) = page.page.xpath(f"//*[@name='{field}']")
    (said,) = page.page.xpath(f"//*[@id='{typed.get('aria-describedby')}']")
    assert typed.get("aria-invalid") == "true"
    return said.text_content()


def value_of(page, field):
    (typed,) = page.page.xpath(f"//*[@name='{field}']")
    return typed.text if typed.tag == "textarea" else typed.get("value")


def test_from_the_groups_to_the_sheet_and_back_with_a_second_line(app, city, browse):
    before = browse("admin").get(GROUPS)
    assert before.says("No calibration villages are named.")
    plain = before.rows()[0]
    page = before.follow("Name and score calibration villages")
    assert page.path == PAGE
    page.press("Keep the sheet", **NAMES, **scored(city, "82.75", "80"))
    assert page.says("The calibration villages are kept.")
    after = page.follow("The acceptance groups side by side")
    assert after.says("Calibration villages that counted: File A; File B; File C.")
    first, second = after.rows()
    assert first[3] == "85.0 calibration +1.4 · without it 83.6"
    assert second[3] == "— calibration -1.4"
    assert (first[:3], first[4:]) == (plain[:3], plain[4:]), "nothing else has changed"
    assert after.says("beside the mean, never instead: groups differ; the villages may too")


def test_the_page_says_who_entered_last_and_the_log_what(app, city, browse):
    page = browse("admin").get(PAGE)
    assert page.rows()[-1] == ["Last entered", "—", "—"]
    page.press("Keep the sheet", **NAMES, **{f"points.2.{city[0]}": "77"})
    last = page.rows()[-1]
    assert last[1].startswith("Admin ")
    assert last[2] == "—"
    assert entries(app) == [
        ("admin", ["1: — → File A", "2: — → File B", "3: — → File C", "2 · Group 1: — → 77"])
    ]
    assert page.get("/admin/audit").says("calibration villages entered", "2 · Group 1: — → 77")


def test_points_and_villages_can_be_cleared(app, city, browse):
    page = browse("admin").get(PAGE).press("Keep the sheet", **NAMES, **scored(city, "80", "90"))
    page.press("Keep the sheet", **scored(city, "", "90"))
    assert page.get(GROUPS).says("Points are still missing from: Group 1.", "Nothing is compared")
    page.get(PAGE).press("Keep the sheet", **dict.fromkeys(NAMES, ""), **scored(city, "", ""))
    assert page.get(GROUPS).says("No calibration villages are named.")


def test_a_fault_stands_beside_its_cell_and_nothing_typed_is_lost(app, city, browse):
    wrong = f"points.2.{city[1]}"
    page = browse("admin").get(PAGE)
    typed = {
        **NAMES,
        **scored(city, "80", "90"),
        wrong: "a hundred",
        "name.3": "Clear Water",
        "name.4": "\"'><b>",
        f"points.5.{city[0]}": "60",
    }
    page.press("Keep the sheet", 422, **typed)
    assert page.says("nothing is saved yet")
    assert fault_at(page, wrong) == "Please give 40 to 100, with two decimals at most."
    assert "a village of the round itself" in fault_at(page, "name.3")
    assert fault_at(page, "name.5") == "Please name this village, or clear its points."
    assert {name: value_of(page, name) for name in typed} == typed
    assert entries(app) == []
    page.press("Keep the sheet", **{wrong: "88", "name.3": "File C", "name.5": "File E"})
    assert page.says("The calibration villages are kept.")


def test_two_villages_are_too_few(city, browse):
    page = browse("admin").get(PAGE)
    page.press("Keep the sheet", 422, **{"name.1": "File A", "name.2": "File B"})
    assert "at least 3 villages, or none" in fault_at(page, "name.3")


def test_points_are_on_the_round_s_own_scale(app, city, browse):
    with app.app_context():
        policy = rounds.by_slug(db.session, "spring").policy
    change(app, policy=policy | {"value_good": 90, "value_poor": 30})
    page = browse("admin").get(PAGE)
    assert page.says("from 30 to 90")
    page.press("Keep the sheet", 422, **NAMES, **scored(city, "91", "30"))
    assert "30 to 90" in fault_at(page, f"points.1.{city[0]}")


def test_what_somebody_else_kept_meanwhile_is_not_overwritten_unseen(app, city, browse):
    anna, berta = browse("admin").get(PAGE), browse("admin").get(PAGE)
    berta.press("Keep the sheet", **NAMES, **scored(city, "80", "90"))
    anna.press("Keep the sheet", 409, **NAMES, **scored(city, "80", "70", places=(1, 2)))
    assert anna.says("Somebody else has changed this sheet meanwhile")
    assert fault_at(anna, f"points.1.{city[1]}") == "Kept now: 90"
    assert fault_at(anna, f"points.3.{city[0]}") == "Kept now: 80"
    assert value_of(anna, f"points.1.{city[1]}") == "70"
    assert len(entries(app)) == 1
    anna.press("Keep the sheet")
    assert entries(app)[0][1][-1] == "3 · Group 2: 90 → —"


def test_a_form_of_nowhere_changes_nothing(app, city, browse):
    page = browse("admin").get(PAGE).press("Keep the sheet", **NAMES)
    token = page.page.xpath("//input[@name='csrf_token']/@value")[0]
    assert page.client.post(PAGE, data={"csrf_token": token}).status_code == 409
    assert page.client.post(PAGE, data=NAMES).status_code == 400
    assert len(entries(app)) == 1


def test_before_the_seal_the_sheet_is_reached_from_the_round(app, place, sign_in):
    page = sign_in().get(ROUND).follow("Calibration villages")
    assert page.path == PAGE
    place.pass_deadline()
    assert page.get(ROUND).follow("Calibration villages").path == PAGE
    assert not page.page.xpath("//main//a[contains(., 'side by side')]")


@pytest.mark.parametrize("state", ["open", "closed"])
def test_it_is_entered_before_the_seal_too(app, city, browse, state):
    change(app, state=state, sealed_at=None, closes_at=scene.MOMENT.replace(year=2999))
    page = browse("admin").get(PAGE).press("Keep the sheet", **NAMES, **scored(city, "80", "90"))
    assert page.says("The calibration villages are kept.")


@pytest.mark.parametrize("state", ["draft", "scrubbing", "cancelled"])
def test_there_is_no_sheet_before_the_round_opens_or_once_it_is_cancelled(app, city, browse, state):
    change(app, state=state, sealed_at=None)
    assert browse("admin").get(PAGE, 409).says("while a round is open, closed or sealed")


def test_it_is_for_administrators_alone(app, city, browse):
    for username in ("lead", "member", "stranger"):
        browse(username).get(PAGE, 404)
    assert Browser(app).get(PAGE).heading == "Sign in"


def test_a_round_without_groups_says_so(app, city, browse):
    with app.app_context():
        for row in rounds.villages(db.session, rounds.by_slug(db.session, "spring")):
            row.group_id = None
        db.session.commit()
    assert browse("admin").get(PAGE).says("No village of this round has an acceptance group.")


def test_the_warning_above_the_groups_speaks_chinese(city, browse):
    assert browse("admin").get(f"{GROUPS}?lang=zh").says("各组有差别，各组的村可能也有差别。")
