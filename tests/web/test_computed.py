"""“How was this computed?”: for whoever sees the scores, and nobody else."""

import pytest

from survey.storage import accounts
from survey.storage.db import db
from tests import scene

VILLAGE = "/review/spring/990101100201"
COMPUTED = f"{VILLAGE}/computed"
OTHERS = "/review/spring/990102100201/computed"
POINTS = {
    f"points.{dimension}": points
    for dimension, points in zip(scene.DIMENSIONS, ("86", "87", "85", "87"), strict=True)
}


@pytest.fixture
def city(app):
    """A sealed round with ballots, whose staff can sign in."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village, number in zip(made.villages, (112, 60, 40), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12 if number > 60 else 4)
        db.session.commit()


def agree(browse):
    lead = browse("lead").get(VILLAGE).press("Hand in", **POINTS)
    return lead.press("Enter the consensus", **POINTS, statement="The others are away.")


def refused(browser):
    return browser.get(COMPUTED, 409).says("consensus is entered") and not arithmetic(browser)


def arithmetic(browser):
    return browser.page.xpath("//*[@class='formula']")


def test_a_visitor_is_asked_to_sign_in(visitor, city):
    assert visitor.get(COMPUTED).heading == "Sign in"


def test_members_see_nothing_of_it_before_the_consensus(browse):
    lead = browse("lead")
    assert refused(lead)
    lead.get(VILLAGE).press("Hand in", **POINTS)
    assert refused(lead)
    assert refused(browse("member"))


def test_who_sees_the_scores_goes_there_from_the_village(browse):
    lead = agree(browse)
    page = lead.get(VILLAGE).follow("How was this computed?")
    assert page.heading == "How was this computed?"
    assert page.says("Mass evaluation: Investigation", "112 ÷ 400 = 0.28", "Self against mass")
    assert page.says("(86 + 87 + 85 + 87) ÷ 4 = 86.25")
    assert arithmetic(browse("member").get(COMPUTED))


def test_before_the_consensus_the_village_page_has_no_link_to_it(browse):
    links = browse("lead").get(VILLAGE).page.xpath("//a/@href")
    assert not [one for one in links if "computed" in one]


def test_another_groups_village_is_not_there(browse):
    agree(browse)
    browse("lead").get(OTHERS, 404)
    browse("stranger").get(COMPUTED, 404)


def test_who_stands_back_sees_nothing_of_it(browse):
    member = browse("third")
    member.get(VILLAGE).press("Stand back", reason="It is my own.")
    agree(browse)
    assert not arithmetic(member.get(COMPUTED, 404))


def test_an_administrator_sees_it_as_the_village_page_does(browse):
    page = browse("admin").get(COMPUTED)
    assert arithmetic(page)
    assert page.says("The organisational evaluation is not there yet")


def test_a_score_that_is_withheld_is_withheld_here_with_its_reason(browse):
    page = browse("admin").get("/review/spring/990101100202/computed")
    assert page.says("Self-evaluation: All four", "Fewer than 5 ballots")
    assert page.says("One of the two scores is not shown, so they are not compared.")
    assert "4 ÷ 22" not in page.text


def test_it_opens_all_at_once_for_paper(browse):
    page = agree(browse).get(COMPUTED)
    closed = page.page.xpath("//details[@open]")
    page.follow("Open all the arithmetic")
    opened = page.page.xpath("//details[@open]")
    assert (len(closed), len(opened)) == (0, len(page.page.xpath("//section/details")))


def test_the_items_are_named_in_the_reader_s_language(browse):
    agree(browse)
    with_words = scene.questionnaire("mass").items[0].text
    lead = browse("lead").get(f"{COMPUTED}?lang=zh")
    assert lead.says(with_words.zh)
    assert not lead.says(with_words.en)


def test_the_ledger_tells_the_ceiling_on_good_to_who_sees_all_villages(browse):
    agree(browse)
    assert browse("admin").get("/review/ledger/spring").says("Of 3 villages at most 0", "ceiling")
    assert not browse("lead").get("/review/ledger/spring").says("ceiling")


def test_the_village_page_says_its_figures_in_plain_words(browse):
    page = agree(browse).get(VILLAGE)
    assert page.says("The three voices together give Clear Water", "sure of")
