"""A member's own evaluation: saved as they type, no stale page wins, nobody else sees it."""

import pytest

from survey.storage import accounts, audit, results, rounds
from survey.storage.db import db
from tests import scene
from tests.web.browser import Browser
from tests.web.test_scoping import address, rules

VILLAGE = "/review/spring/990101100201"
POINTS = {f"points.{dimension}": "86" for dimension in scene.DIMENSIONS}
SECRET = "the wells were never dug"


@pytest.fixture
def city(app):
    """A sealed round with ballots, whose staff can sign in."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village, number in zip(made.villages, (112, 60, 40), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12)
        db.session.commit()


def hidden(browser, name):
    return str(browser.page.xpath(f"//form[@id='own-evaluation']//input[@name='{name}']/@value")[0])


def shown(browser):
    """What the page that *browser* has open knows of the draft."""
    return {name: hidden(browser, name) for name in ("window", "seen")}


def save(browser, page=None, **typed):
    """Do what the script on *page* does; by default on the page that is open."""
    body = {"csrf_token": token(browser)} | (page or shown(browser)) | typed
    return browser.client.post(f"{VILLAGE}/draft", data=body, headers=browser.headers)


def token(browser):
    return str(browser.page.xpath("//input[@name='csrf_token']/@value")[0])


def points_kept(browser, dimension="effects"):
    browser.get(VILLAGE)
    return browser.page.xpath(f"//form[@id='own-evaluation']//*[@name='points.{dimension}']/@value")


def test_the_script_saves_and_is_told_when(browse):
    lead = browse("lead").get(VILLAGE)
    answer = save(lead, **{"points.effects": "70"})
    assert answer.status_code == 200
    assert answer.json["said"].startswith("Saved ")
    assert (answer.json["seen"], answer.json["whole"]) == (1, True)
    assert points_kept(lead) == ["70"]
    assert hidden(lead, "seen") == "1"


def test_half_a_number_is_left_out_and_said(browse):
    lead = browse("lead").get(VILLAGE)
    answer = save(lead, **{"points.effects": "8", "note.measures": "well made"})
    assert answer.status_code == 200
    assert answer.json["whole"] is False
    assert "cannot be read yet" in answer.json["said"]
    assert points_kept(lead) == [""]
    assert lead.says("well made")


def test_a_second_window_does_not_write_over_what_is_newer(browse):
    laptop, phone = browse("lead").get(VILLAGE), browse("lead").get(VILLAGE)
    assert save(laptop, **{"points.effects": "70"}).status_code == 200
    stale = save(phone, **{"points.effects": "50"})
    assert stale.status_code == 409
    assert "another window" in stale.json["said"]
    assert points_kept(laptop) == ["70"]


def test_a_window_whose_answer_was_lost_saves_again(browse):
    lead = browse("lead").get(VILLAGE)
    page = shown(lead)
    save(lead, page, **{"points.effects": "70"})
    assert save(lead, page, **{"points.effects": "75"}).status_code == 200
    assert points_kept(lead) == ["75"]


@pytest.mark.parametrize("button", ["Save the draft", "Hand in"])
def test_without_script_a_stale_page_shows_both_and_asks(browse, button):
    laptop, phone = browse("lead").get(VILLAGE), browse("lead").get(VILLAGE)
    laptop.press("Save the draft", **POINTS | {"note.effects": "from the laptop"})
    typed = POINTS | {"points.effects": "50", "note.effects": "from the phone"}
    phone.press(button, 409, **typed)
    assert phone.says("in another window or on another device", "from the laptop", "from the phone")
    assert points_kept(laptop) == ["86"]
    phone.press(button)
    assert phone.says("from the phone")
    assert not phone.says("from the laptop")


def test_a_fault_does_not_make_a_stale_page_fresh(browse):
    laptop, phone = browse("lead").get(VILLAGE), browse("lead").get(VILLAGE)
    laptop.press("Save the draft", **{"points.effects": "70"})
    phone.press("Save the draft", 400, **{"points.effects": "999"})
    phone.press("Save the draft", 409, **{"points.effects": "60"})


def test_a_forged_window_saves_nothing(browse):
    lead = browse("lead").get(VILLAGE)
    save(lead, **{"points.effects": "70"})
    for forged in ({"seen": ""}, {"seen": "x", "window": ""}, {"seen": "-1", "window": "w" * 9000}):
        assert save(lead, forged, **{"points.effects": "50"}).status_code == 409
    assert points_kept(lead) == ["70"]


def test_after_handing_in_the_script_is_told_so(browse):
    lead = browse("lead").get(VILLAGE)
    page = shown(lead)
    lead.press("Hand in", **POINTS)
    answer = save(lead, page, **{"points.effects": "50"})
    assert answer.status_code == 409
    assert "handed in already" in answer.json["said"]


def test_the_page_may_send_only_while_there_is_something_to_write(browse):
    lead = browse("lead").get(VILLAGE)
    assert "connect-src 'self'" in lead.response.headers["Content-Security-Policy"]
    assert len(lead.page.xpath("//script[contains(@src, 'evaluation.js')]")) == 1
    lead.press("Hand in", **POINTS)
    assert "connect-src" not in lead.get(VILLAGE).response.headers["Content-Security-Policy"]
    assert lead.page.xpath("//div[@id='kept-here']"), "by this the script forgets its copy"


def test_the_copy_on_the_device_is_that_of_one_person_in_one_village(browse):
    keys = set()
    for person in ("lead", "member"):
        for village in (VILLAGE, "/review/spring/990101100202"):
            (place,) = browse(person).get(village).page.xpath("//div[@id='kept-here']")
            keys.add(place.get("data-person") + place.get("data-place"))
    assert len(keys) == 4


# Nobody sees another's before handing in their own


def everywhere(app, browser):
    """All that *browser* gets from every page and file about rounds and villages."""
    found = []
    for rule in rules(app, "GET"):
        if rule.endpoint.startswith("review."):
            answer = browser.client.get(address(rule), headers=browser.headers)
            found.append(answer.get_data())
    return b"\n".join(found).decode("utf-8", "replace")


@pytest.mark.parametrize("handed_in", [False, True])
def test_what_one_wrote_is_nowhere_before_the_other_has_handed_in(app, browse, handed_in):
    writer = browse("member").get(VILLAGE)
    typed = {f"points.{name}": "43" for name in scene.DIMENSIONS}
    typed |= {"note.effects": SECRET, "about.plan": SECRET, "said.villager": SECRET}
    writer.press("Hand in" if handed_in else "Save the draft", **typed)
    lead = browse("lead").get(VILLAGE)
    assert SECRET not in everywhere(app, lead)
    for person in (lead, browse("third").get(VILLAGE)):
        for answer in (
            save(person, **{"points.effects": "1"}),
            save(person, {"seen": "0", "window": "x"}, **{"points.effects": "80"}),
            save(person, {"seen": "0", "window": "y"}, **{"points.effects": "70"}),
            person.client.post(
                f"{VILLAGE}/evaluation", data={"csrf_token": token(person), "act": "hand_in"}
            ),
            person.client.post(f"{VILLAGE}/consensus", data={"csrf_token": token(person)} | POINTS),
        ):
            assert SECRET not in answer.get_data(as_text=True)
    lead.get(VILLAGE)
    assert (SECRET in everywhere(app, lead.press("Hand in", **POINTS))) is handed_in


def test_a_draft_is_in_no_administrator_s_page_and_in_no_log(app, browse):
    browse("member").get(VILLAGE).press("Save the draft", **{"note.effects": SECRET})
    assert SECRET not in everywhere(app, browse("admin").get(VILLAGE))
    with app.app_context():
        assert not [row for row in audit.listing(db.session).rows if row.actor == "member"]


def test_a_draft_moves_no_figure(app, browse):
    with app.app_context():
        before = results.released(db.session, rounds.by_slug(db.session, "spring"))
    save(browse("lead").get(VILLAGE), **POINTS)
    with app.app_context():
        assert results.released(db.session, rounds.by_slug(db.session, "spring")) == before


def test_marks_that_are_far_apart_stand_out_once_all_are_revealed(browse):
    browse("member").get(VILLAGE).press("Hand in", **POINTS | {"points.effects": "60"})
    lead = browse("lead").get(VILLAGE)
    assert not lead.page.xpath("//td[contains(@class, 'apart')]")
    lead.press("Hand in", **POINTS)
    cells = lead.page.xpath("//td[contains(@class, 'apart')]")
    assert [cell.text_content().split() for cell in cells] == [
        ["86"],
        ["60"],
        ["26", "far", "apart"],
    ]


def test_signing_out_says_where_the_device_forgets(app, browse):
    lead = browse("lead").get("/review/")
    assert lead.page.xpath("//form[@id='leave']")
    assert lead.page.xpath("//script[contains(@src, 'leaving.js')]")
    assert not Browser(app).get("/staff/sign-in").page.xpath("//script[contains(@src, 'leaving')]")
