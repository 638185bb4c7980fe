"""The calibration meeting: who sees what when, the map, what-ifs that change nothing, projector."""

import pytest
import sqlalchemy as sa

from survey.storage import accounts, evaluations, rounds
from survey.storage.db import db
from survey.storage.tables import Base, VillageRow
from survey.web.review.meeting import heat_map, projector
from tests import scene
from tests.web.browser import Browser

PAGE = "/review/spring/meeting"
MAP = f"{PAGE}/map"
WHAT_IF = f"{PAGE}/what-if"
WALL = f"{PAGE}/projector"
OURS, THEIRS = "Clear Water", "Long Meadow"


@pytest.fixture
def city(app):
    """A sealed round; all villages but the last, the second group's only one, are agreed on."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village, number in zip(made.villages, (150, 60, 112), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12 if number > 60 else 3)
        for village in made.villages[:2]:
            agree(made, village, made.lead)
        kept = accounts._HASHER.hash(scene.PASSWORD)
        for role in ("observer", "moderator"):
            db.session.add(scene._account(role, role, None, kept))
        db.session.commit()


def agree(made, village, lead):
    evaluations.hand_in(db.session, made.round_, village, lead, scene.evaluation())
    agreed = scene.consensus(statement="The others are away.")
    evaluations.agree(db.session, made.round_, village, lead, agreed)


@pytest.fixture
def ready(app, city):
    """The last group has handed in too."""
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        last = rounds.villages(db.session, round_)[-1]
        stranger = accounts.by_username(db.session, "stranger")
        evaluations.hand_in(db.session, round_, last, stranger, scene.evaluation())
        agreed = scene.consensus(90, "The others are away.")
        evaluations.agree(db.session, round_, last, stranger, agreed)
        db.session.commit()


@pytest.fixture
def meeting(ready, browse):
    """The meeting is open; what the administrator sees."""
    return browse("admin").get(PAGE).press("Open the meeting")


def snapshot(app):
    """Every row of every table, but the sessions' own."""
    with app.app_context():
        return {
            table.name: db.session.execute(sa.select(table)).all()
            for table in Base.metadata.sorted_tables
        }


def test_it_waits_for_the_groups_and_names_who_is_missing(city, browse):
    page = browse("admin").get(PAGE)
    assert page.says("Not all groups have handed in")
    ((village, group, missing),) = page.rows()
    assert village.startswith(THEIRS)
    assert (group, "Stranger" in missing) == ("Group 2", True)
    assert page.client.post(f"{PAGE}/open").status_code == 400
    token = page.page.xpath("//input[@name='csrf_token']/@value")[0]
    page.client.post(f"{PAGE}/open", data={"csrf_token": token})
    assert page.get(PAGE).says("The meeting is not open")


def test_leads_see_all_groups_while_it_lasts_and_their_own_before_and_after(ready, browse):
    def groups_of(reader):
        page = browse(reader).get(PAGE)
        return [row[0] for row in page.rows()], THEIRS in page.get(MAP).text

    both, own = (["Group 1", "Group 2"], True), (["Group 1"], False)
    assert groups_of("lead") == own
    admin = browse("admin").get(PAGE).press("Open the meeting")
    assert admin.says("leads now see the figures of all groups")
    assert groups_of("lead") == both
    assert groups_of("member") == own
    assert groups_of("observer") == both
    admin.press("Close the meeting")
    assert groups_of("lead") == own
    assert admin.get(PAGE).says("Meetings so far", ", closed")
    log = admin.get("/admin/audit")
    assert log.says("calibration meeting opened", "calibration meeting closed")


def test_what_if_ceiling_and_calibration_are_for_who_sees_all_villages(ready, browse):
    for reader in ("lead", "member"):
        page = browse(reader).get(PAGE)
        assert not page.says("What if the constants were others?")
        assert page.says("whoever sees all of them sees it here")
        assert page.get(WHAT_IF, 409).says("leads see them while the calibration meeting is open")
        page.get(f"{WALL}/what-if", 409)
    browse("admin").get(PAGE).press("Open the meeting")
    page = browse("lead").get(PAGE)
    assert page.says("at most 0 may be rated good", "No calibration villages are named.")
    assert page.follow("What if the constants were others?").says("WHAT IF")


def test_nobody_sees_a_village_that_they_stand_back_from(app, meeting, browse):
    with app.app_context():
        last = rounds.villages(db.session, rounds.by_slug(db.session, "spring"))[-1]
        db.session.get_one(VillageRow, last.village_id).paired_unit = "Water Office"
        accounts.by_username(db.session, "lead").unit = "Water Office"
        db.session.commit()
    page = browse("lead").get(MAP)
    assert (OURS in page.text, THEIRS in page.text) == (True, False)
    assert [row[0] for row in page.get(PAGE).rows()] == ["Group 1"]
    page.get(WHAT_IF, 409)


def test_only_administrators_open_and_close_and_only_after_the_seal(app, meeting, browse):
    for reader in ("lead", "member", "observer", "moderator"):
        page = browse(reader).get("/staff/account")
        token = page.page.xpath("//input[@name='csrf_token']/@value")[0]
        answer = page.client.post(f"{PAGE}/close", data={"csrf_token": token})
        assert answer.status_code == 404
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        round_.state, round_.sealed_at = "closed", None
        db.session.commit()
    meeting.get(PAGE, 409)
    assert meeting.get(MAP, 409).says("must be sealed first")


def test_groups_stand_beside_one_another_with_spread_and_number(meeting):
    first, second = meeting.get(PAGE).rows()
    assert first[:3] == ["Group 1", "2 of 2", "85.0 85.0–85.0"]
    assert "–" in first[3]
    assert "…" in first[4]
    assert second[:2] == ["Group 2", "1 of 1"]
    assert "not enough evidence 1" in first[-1]
    assert meeting.says("Groups differ; the villages may too.", "this is no ranking")
    assert meeting.get(f"{PAGE}?lang=zh").says("各组有差别，各组的村可能也有差别。")


def test_the_map_sorts_groups_and_says_why_a_cell_is_a_dash(meeting):
    page = meeting.get(MAP)
    cells = page.rows()[1]
    assert cells[0].startswith("Stone Bridge")
    assert cells[2] == "—not shown1"
    assert "n 60" in cells[1]
    assert page.says("Fewer than 5 ballots: not shown")
    page.get(f"{MAP}?sort=source.mass&falling=1&by=group")
    assert [row[0] for row in page.rows() if len(row) == 1] == ["Group 1", "Group 2"]
    (sorted_by,) = page.page.xpath("//th[@aria-sort]")
    assert sorted_by.get("aria-sort") == "descending"
    page.get(f"{MAP}?sort=source.mass&falling=1")
    shown = [float(row[13].split()[0]) for row in page.rows()]
    assert shown == sorted(shown, reverse=True)
    assert page.get(f"{MAP}?sort=hidden", 400).says("cannot be sorted")
    page.get(f"{MAP}?page=99999999999999999999&by=township")


def test_a_long_map_comes_in_pages_that_keep_its_order(meeting, monkeypatch):
    monkeypatch.setattr(heat_map, "LINES", 2)
    monkeypatch.setattr(projector, "LINES", 2)
    page = meeting.get(f"{MAP}?sort=name&falling=1")
    assert len(page.rows()) == 2
    page.follow("Next page")
    assert [row[0].split(" East")[0] for row in page.rows()] == ["Clear Water"]
    wall = meeting.get(f"{WALL}/map")
    assert wall.says("Page 1 of 2")
    assert wall.follow("Next →").says("Page 2 of 2", THEIRS)


def test_a_what_if_is_in_its_address_and_changes_nothing(app, meeting):
    meeting.get(WHAT_IF)
    before = snapshot(app)
    page = meeting.press("Look", band_good="85", good_needs_positive_share="50", cap_on_good="100")
    assert page.says("WHAT IF", "nothing is changed and nothing is kept")
    assert page.rows() == [
        ["Good from", "90", "85"],
        ["Good needs this share of good and fairly good, percent", "90", "50"],
        ["Largest share of villages rated good, percent", "20", "100"],
    ]
    counts = {row[0]: row[1:] for row in page.rows(1)}
    moved = page.rows(2)
    assert sum(int(row[0]) for row in counts.values()) == 3
    assert sum(int(row[2]) for row in counts.values()) == 0
    assert moved
    assert "band_good=85" in page.path_and_query
    assert snapshot(app) == before
    page.follow("Back to the frozen constants")
    assert page.says("None yet", "No village would.")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("band_good", "ninety", "This is not a number."),
        ("band_good", "nan", "Please type a number from 0 to 100."),
        ("band_good", "1e999", "Please type a number from 0 to 100."),
        ("band_good", "70", "The bands must fall from good to average."),
        ("value_poor", "60", "The points must fall from good to poor."),
        ("weight_mass", "40.0003", "The three weights must add up to 100 percent."),
        ("weight_self", "-10", "Please type a percentage from 0 to 100."),
        ("minimum_mass_ballots", "0", "Please type 1 or more."),
        ("minimum_mass_ballots", "9" * 5000, "This is not a number."),
        ("cap_on_good", "", "Please type a percentage from 0 to 100."),
        ("minimum_turnout", "\"'><b>", "This is not a number."),
    ],
)
def test_bad_input_is_told_beside_its_field(meeting, field, typed, said):
    meeting.get(WHAT_IF).press("Look", 422, **{field: typed})
    faults = meeting.page.xpath("//*[contains(concat(' ', @class, ' '), ' wrong ')]")
    assert [said in one.text_content() for one in faults] == [True]
    assert not meeting.says("How many villages come to what")
    meeting.get(f"{WALL}/what-if?{field}=%22nonsense", 422)


def test_the_panels_turn_without_navigation(meeting):
    page = meeting.get(f"{WALL}/groups")
    assert page.page.xpath("//nav[@aria-label='Pages']") == []
    headings = [page.heading]
    for _panel in range(3):
        headings.append(page.follow("Next →").heading)
    assert headings == [
        "The acceptance groups side by side",
        "Calibration villages, and the ceiling on good",
        "Map of all scores",
        "What if?",
    ]
    page.follow("Dark")
    assert page.page.xpath("//div[@class='projected dark tried']")
    assert page.follow("← Back").heading == "Map of all scores"
    assert page.page.xpath("//div[@class='projected dark']")
    assert page.follow("Leave").path == PAGE


def test_it_is_for_staff_alone(app, ready):
    assert Browser(app).get(PAGE).heading == "Sign in"
