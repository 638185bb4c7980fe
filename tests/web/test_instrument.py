"""For administrators: how good the questions are, the groups side by side; and the last round."""

import pytest

from survey.storage import accounts, rounds
from survey.storage.db import db
from tests import scene
from tests.storage.test_predecessors import agree, earlier
from tests.web.browser import Browser

INSTRUMENT = "/admin/rounds/spring/instrument"
GROUPS = "/admin/rounds/spring/groups"
VILLAGE = "/review/spring/990101100201"


def make_city():
    """A sealed round with 450 mass ballots, its first village agreed on."""
    made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
    for village in made.villages:
        scene.answer(db.session, made, village, "mass", 150)
        scene.answer(db.session, made, village, "self", 12)
    agree(db.session, made)
    return made


@pytest.fixture
def city(app):
    """The city, in its first round."""
    with app.app_context():
        make_city()
        db.session.commit()


@pytest.fixture
def city_again(app):
    """The city, in its second round."""
    with app.app_context():
        agree(db.session, earlier(db.session, make_city()))
        db.session.commit()


@pytest.fixture
def browse(app):
    def enter(username):
        return Browser(app).sign_in(username, scene.PASSWORD)

    return enter


# The questions


def test_the_page_has_a_line_for_each_dimension_and_each_question(city, browse):
    page = browse("admin").get("/admin/rounds/spring").follow("How good are the questions?")
    assert page.path == INSTRUMENT
    scales, items = page.rows(0), page.rows(1)
    assert [row[0] for row in scales] == [
        "Investigation",
        "Rectification measures",
        "Rectification effects",
        "Rectification responsibility",
        "All questions",
    ]
    assert [row[1] for row in scales] == ["3", "3", "3", "3", "12"]
    assert len(items) == 12
    assert items[0][0] == "How well did the team listen to villagers?"
    assert items[0][2].endswith("%")


def test_a_warning_is_a_plain_sentence_with_what_to_do(city, browse):
    page = browse("admin").get(INSTRUMENT)  # answers are drawn one by one: nothing goes together
    assert page.says(
        "What to look at before the next round:",
        "How well did the team listen to villagers? — It hardly goes with the other questions",
        "Move it, split it or reword it.",
    )


def test_an_audience_with_few_ballots_says_so_and_shows_no_figure(city, browse):
    page = browse("admin").get(INSTRUMENT)
    assert page.says("There are 36 ballots that count.")
    assert len(page.page.findall(".//table")) == 2


def test_it_speaks_chinese_words_of_the_questions(city, browse):
    page = browse("admin").get(f"{INSTRUMENT}?lang=zh")
    assert page.says("工作组听大家说话，听得怎么样？")


@pytest.mark.parametrize("path", [INSTRUMENT, GROUPS])
def test_both_pages_are_for_administrators_after_the_seal(app, city, browse, path):
    browse("lead").get(path, 404)
    assert Browser(app).get(path).heading == "Sign in"
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        round_.state, round_.sealed_at = "closed", None
        db.session.commit()
    browse("admin").get(path, 409)


def test_the_command_tells_the_same(app, city, browse):
    said = app.test_cli_runner().invoke(args=["instrument", "spring"])
    assert said.exit_code == 0, said.output
    page = browse("admin").get(f"{INSTRUMENT}?lang=zh")
    lines = said.output.splitlines()
    figures = [cell for row in page.rows(0) for cell in (row[2], row[4])]
    told = [part.split(" ", 1)[1] for line in lines[1:6] for part in line.split("\t")[1::2]]
    assert told == figures
    assert sum(line.startswith("! ") for line in lines) == len(page.page.xpath("//main//ul/li"))


# The groups


def test_each_group_has_its_line_and_the_warning_stands_above(city, browse):
    page = browse("admin").get("/admin/rounds/spring").follow("The acceptance groups side by side")
    assert page.says("Groups differ; the villages may too.")
    first, second = page.rows()
    assert first[:4] == ["Group 1", "2", "1", "85.0"]
    assert second == ["Group 2", "1", "0", "—", "—", "—", "—", "0"]
    assert float(first[5]) == pytest.approx(85 - float(first[4]), abs=0.11)


def test_overrides_are_counted_once_they_are_locked(city, browse):
    lead = browse("lead").get(VILLAGE)
    lead.press("Sign", decision="poor", reason="We saw the files.")
    assert browse("admin").get(GROUPS).rows()[0][6:] == ["—", "0"]
    browse("member").get(VILLAGE).press("Countersign and lock")
    assert browse("admin").get(GROUPS).rows()[0][6:] == ["1 of 1", "0"]


# The last round


def test_the_village_s_page_has_the_change_since_the_last_round(city_again, browse):
    lead = browse("lead").get(VILLAGE)
    assert lead.says("Since the last round", "Mass evaluation: Compared with “Winter”:")
    assert lead.says("Self-evaluation: Not compared: one of the two scores is not shown.")


def test_without_a_last_round_the_page_says_nothing_of_one(city, browse):
    assert not browse("lead").get(VILLAGE).says("Since the last round")
