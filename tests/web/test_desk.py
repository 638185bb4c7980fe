"""The desk: sorted, narrowed, paged by its address; the way from village to village; pictures."""

import pytest
import sqlalchemy as sa

from survey.storage import accounts, evaluations, rounds
from survey.storage.db import db
from survey.storage.tables import ConsensusRow
from survey.web.review import charts, order
from tests import scene

DESK = "/review/spring/"
VILLAGE = "/review/spring/990101100201"
CLEAR, STONE, LONG = "Clear Water", "Stone Bridge", "Long Meadow"
GRADES = {CLEAR: (20, 60, 15, 5, 0), STONE: (95, 3, 1, 1, 0), LONG: (22, 60, 15, 3, 0)}


@pytest.fixture
def city(app):
    """A sealed round: two villages are alike, one is far better, all have their consensus."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village in made.villages:
            scene.answer(db.session, made, village, "mass", 60, GRADES[village.name])
            scene.answer(db.session, made, village, "self", 12)
        for village, lead, points in zip(
            made.villages, (made.lead, made.lead, made.stranger), (70, 90, 80), strict=True
        ):
            agree(made.round_, village, lead, points)
        accounts.add(db.session, "watcher", "Watcher", scene.PASSWORD, "observer", None, "en")
        db.session.commit()


def agree(round_, village, lead, points, reason=""):
    if not reason:
        evaluations.hand_in(db.session, round_, village, lead, scene.evaluation(points))
    away = scene.consensus(points, "The others are away.")
    evaluations.agree(db.session, round_, village, lead, away, reason)


def agree_anew(app, points):
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        village = rounds.villages(db.session, round_)[0]
        lead = accounts.by_username(db.session, "lead")
        agree(round_, village, lead, points, "A file turned up.")
        db.session.commit()


def names(browser):
    return [" ".join(row[0].split()[:2]) for row in browser.rows()]


def column(browser, number):
    return [row[number] for row in browser.rows()]


def current(browser):
    return browser.page.xpath("//nav//a[@aria-current='true']/text()")


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("", [CLEAR, STONE, LONG]),
        ("sort=mass", [STONE, LONG, CLEAR]),
        ("sort=mass-up", [CLEAR, LONG, STONE]),
        ("sort=organisational", [STONE, LONG, CLEAR]),
        ("sort=composite-up", [CLEAR, LONG, STONE]),
        ("sort=nonsense&show=nonsense&group=x&page=-1", [CLEAR, STONE, LONG]),
        ("sort=step-up", [CLEAR, STONE, LONG]),
        ("page=99999", [CLEAR, STONE, LONG]),
        ("search=West", [LONG]),
        ("group=1&sort=mass", [STONE, CLEAR]),
        ("show=open", [CLEAR, STONE, LONG]),
        ("show=flagged", []),
    ],
)
def test_the_address_says_in_which_order_and_which_villages(browse, asked, listed):
    administrator = browse("admin").get(f"{DESK}?{asked}")
    assert (names(administrator) if listed else []) == listed
    assert administrator.says("No village is like this.") == (not listed)


def test_an_order_by_a_score_is_no_ranking(browse):
    administrator = browse("admin").get(f"{DESK}?sort=mass")
    assert administrator.says("This order is no ranking")
    apart = column(administrator, 6)
    assert "its range overlaps no other" in apart[0]
    assert apart[1:] == ["not distinguishable from 1 of 2"] * 2
    assert not administrator.get(DESK).says("not distinguishable")
    assert not administrator.get(f"{DESK}?sort=turnout").says("not distinguishable")


def test_a_click_on_the_head_of_a_column_turns_its_order(browse):
    administrator = browse("admin").get(DESK)
    assert names(administrator.follow("Mass"))[0] == STONE
    assert administrator.page.xpath("//th[@aria-sort='descending']//a/text()") == ["Mass"]
    assert names(administrator.follow("Mass"))[0] == CLEAR
    assert administrator.page.xpath("//th[@aria-sort='ascending']//a/text()") == ["Mass"]


def test_hidden_scores_give_no_order(app, browse):
    with app.app_context():
        db.session.execute(sa.delete(ConsensusRow))
        db.session.commit()
    lead = browse("lead").get(f"{DESK}?sort=mass")
    assert names(lead) == [CLEAR, STONE]
    assert column(lead, 2) == ["—", "—"]
    assert not lead.page.xpath("//tbody//*[local-name()='svg']")
    for way in ("mass-up", "composite", "sure", "turnout"):
        assert names(lead.get(f"{DESK}?sort={way}")) == [CLEAR, STONE], way


def test_a_village_without_the_figure_comes_last_whichever_way_round(app, browse):
    with app.app_context():
        first = rounds.villages(db.session, rounds.by_slug(db.session, "spring"))[0]
        db.session.execute(
            sa.delete(ConsensusRow).where(ConsensusRow.village_id == first.village_id)
        )
        db.session.commit()
    lead = browse("lead")
    for way in ("mass", "mass-up", "composite-up", "sure", "organisational-up"):
        assert names(lead.get(f"{DESK}?sort={way}")) == [STONE, CLEAR], way


def test_an_order_never_brings_another_groups_village(browse):
    for asked in ("sort=mass", "group=2", "search=Long", "show=open&page=2"):
        lead = browse("lead").get(f"{DESK}?{asked}")
        assert not lead.says(LONG), asked


def test_what_waits_for_the_reader_is_counted_and_shown(browse):
    lead = browse("lead").get(DESK).follow("waiting for you (2)")
    assert names(lead) == [CLEAR, STONE]
    assert current(lead) == ["waiting for you (2)"]
    lead.get(VILLAGE).press("Sign", decision="fairly_good", reason="We saw it.")
    lead.get(f"{DESK}?show=mine")
    assert names(lead) == [STONE]
    assert lead.says("waiting for you (1)")


def test_the_desk_says_by_name_who_has_to_sign(browse):
    assert column(browse("admin").get(DESK), -1)[0] == "Decide and sign (the lead). Lead"
    browse("lead").get(VILLAGE).press("Sign", decision="fairly_good", reason="We saw it.")
    assert column(browse("admin").get(DESK), -1)[0] == "Countersign (another member). Member, Third"


def test_many_villages_come_in_pages_of_the_same_order(browse, monkeypatch):
    monkeypatch.setattr(order, "PAGE", 2)
    administrator = browse("admin").get(f"{DESK}?sort=mass")
    assert names(administrator) == [STONE, LONG]
    assert names(administrator.follow("Next page")) == [CLEAR]
    assert administrator.says("not distinguishable from 1 of 2")


def test_next_and_previous_go_through_the_order_of_the_desk(browse):
    administrator = browse("admin").get(f"{DESK}?sort=mass").follow(STONE)
    assert not administrator.page.xpath("//a[@rel='prev']")
    for name in (LONG, CLEAR):
        assert administrator.follow("Next village").heading == name
    assert not administrator.page.xpath("//a[@rel='next']")
    assert names(administrator.follow("Spring round")) == [STONE, LONG, CLEAR]
    assert browse("admin").get(VILLAGE).follow("Next village").heading == STONE


def test_next_and_previous_keep_to_what_the_desk_lists(browse):
    administrator = browse("admin").get(f"{DESK}?group=1&sort=mass").follow(STONE)
    assert administrator.follow("Next village").heading == CLEAR
    assert not administrator.page.xpath("//a[@rel='next']")


def test_a_village_that_the_desk_lists_no_more_still_has_its_neighbours(browse):
    administrator = browse("admin").get(f"{VILLAGE}?show=flagged&sort=mass")
    assert administrator.follow("Previous village").heading == LONG


def test_every_figure_of_a_row_is_drawn_on_one_axis(browse):
    lead = browse("lead").get(DESK)
    drawn = lead.page.xpath("//tbody//*[local-name()='svg']")
    assert [len(one.xpath("./*[local-name()='g']")) for one in drawn] == [4, 4]
    assert all(CLEAR in drawn[0].get("aria-label") for one in drawn)
    places = [one.xpath(".//*[@transform]/@transform") for one in drawn]
    assert places[0] != places[1]


def test_an_observer_sees_the_desk_without_a_way_into_a_village(browse):
    watcher = browse("watcher").get(f"{DESK}?sort=mass")
    assert names(watcher) == [STONE, LONG, CLEAR]
    assert not watcher.page.xpath("//tbody//th/a")


def test_a_village_begins_with_three_sentences_and_says_what_would_change_its_rating(browse):
    lead = browse("lead").get(DESK).follow(STONE)
    assert len(lead.page.xpath("//p[@class='reason']")) == 3
    changes = " ".join(lead.page.xpath("//h2[@id='changes']/following-sibling::ul[1]/li/text()"))
    assert "points or more in the mass evaluation" in changes
    assert "of 8 cases with other weights" in changes
    assert "With each weight a fifth lower or higher the composite would be" in changes
    assert "forged all-good ballots would be enough" in changes


# Pictures


def picture(browser, path="dots.svg", tag=""):
    headers = browser.headers | ({"If-None-Match": tag} if tag else {})
    return browser.client.get(f"{VILLAGE}/{path}", headers=headers)


def test_a_picture_that_the_reader_has_is_not_drawn_again(browse, monkeypatch):
    lead = browse("lead")
    for path in ("dots.svg", "distribution-mass.svg"):
        first = picture(lead, path)
        assert first.headers["Cache-Control"] == "private, no-cache"
        with monkeypatch.context() as undrawn:
            undrawn.setattr(charts.drawing, "dots", None)
            undrawn.setattr(charts.drawing, "distribution", None)
            again = picture(lead, path, first.headers["ETag"])
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == "private, no-cache"


def test_a_picture_has_another_name_in_another_look_language_or_after_a_consensus(app, browse):
    lead = browse("lead")
    before = picture(lead).headers["ETag"]
    other = {picture(lead, f"dots.svg?{how}").headers["ETag"] for how in ("theme=dark", "lang=zh")}
    other |= {picture(lead, "dots.svg?width=narrow&lang=en").headers["ETag"]}
    assert len(other | {before}) == 4
    agree_anew(app, 99)
    after = picture(lead, "dots.svg?lang=en", before)
    assert after.status_code == 200
    assert b"99" in after.get_data()


def test_a_kept_picture_does_not_hold_for_who_may_not_see_it(app, browse):
    tag = picture(browse("lead")).headers["ETag"]
    assert picture(browse("stranger"), tag=tag).status_code == 404
    assert browse("lead").client.get(f"{VILLAGE}/dots.svg", headers={}).status_code == 200
    assert app.test_client().get(f"{VILLAGE}/dots.svg").status_code == 302


def test_a_new_consensus_is_on_the_page_and_the_desk_at_once(app, browse):
    lead = browse("lead").get(DESK)
    before = column(lead, 5)[0]
    agree_anew(app, 99)
    assert column(lead.get(DESK), 5)[0] != before
    assert lead.get(VILLAGE).says("organisational evaluation 99.0")
