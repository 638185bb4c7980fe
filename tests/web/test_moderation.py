"""A moderator reads texts one by one and without their village; others read what was released."""

import secrets

import pytest
import sqlalchemy as sa

from survey.storage import accounts, audit, rounds
from survey.storage.db import db
from survey.storage.tables import FreeAnswerRow, ModerationRow, VillageRow
from tests import scene

TEXTS = "/review/texts/spring"
VILLAGE = "/review/spring/990101100201"
NAMED = "Ask Zhang about 13800138000."
PLAIN = [f"The road is better {number}." for number in range(5)]


@pytest.fixture
def city(app):
    """A sealed round with ballots; six comments of the first village, two of the second."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village, number in zip(made.villages, (112, 60, 40), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12)
        for name, township in (("mira", ""), ("east", "East Hill"), ("new", None)):
            add_moderator(name, township)
        write(made, 0, [NAMED, *PLAIN])
        write(made, 1, ["Nobody reads this one.", "Nor this."])
        db.session.commit()


def add_moderator(name, township):
    accounts.add(
        db.session, name, name, scene.PASSWORD, "moderator", language="en", township=township
    )


def write(made, village, comments):
    db.session.add_all(
        FreeAnswerRow(
            id=secrets.token_bytes(16),
            round_id=made.round_.id,
            village_id=made.villages[village].village_id,
            audience="mass",
            access="ticket",
            item="comment",
            text=comment,
        )
        for comment in comments
    )


def decide_all(browser, special=NAMED):
    """Release everything, but leave *special* to the test: return when it is on the page."""
    browser.get(TEXTS)
    while special not in browser.text:
        browser.press("Release as it is")
    return browser


def agreed(browse):
    lead = browse("lead")
    points = {
        f"points.{dimension}": "86"
        for dimension in ("investigation", "measures", "effects", "responsibility")
    }
    lead.get(VILLAGE).press("Hand in", **points)
    return lead.press("Enter the consensus", **points, statement="The others are away.")


def test_a_moderator_reads_and_releases_and_the_group_sees_it(browse):
    lead, mira = agreed(browse), browse("mira")
    assert lead.get(VILLAGE).says("Nothing is released yet")
    mira.get("/review/texts").follow("Spring round")
    for _ in range(6):
        mira.press("Release as it is")
    assert mira.says("6 of 6 read", "Nothing waits for you")
    assert lead.get(VILLAGE).says(NAMED, *PLAIN)


def test_no_page_of_a_moderator_names_the_village(browse):
    mira = browse("mira").get(TEXTS)
    pages = [mira.text]
    decide_all(mira)
    mira.press("Withhold", reason="person")
    for page in ("/review/texts", f"{TEXTS}/decided", f"{TEXTS}/decided?state=withheld"):
        pages.append(mira.get(page).text)
    for page in pages:
        for name in ("Clear Water", "East Hill", "Stone Bridge", "990101"):
            assert name not in page


def test_what_looks_like_a_number_is_ticked_and_cut_for_good(app, browse):
    mira = decide_all(browse("mira"))
    assert mira.says("13800138000” looks like a telephone number")
    mira.press("Cut and release", more="Zhang")
    lead = agreed(browse)
    assert lead.says("Ask ▇▇▇ about ▇▇▇.")
    assert not lead.says("13800138000")
    with app.app_context():
        kept = db.session.scalars(sa.select(FreeAnswerRow.text)).all()
        assert not [text for text in kept if "Zhang" in text or "138" in text]
        assert audit.listing(db.session, act="text.redact").total == 1


def test_what_cannot_be_cut_is_told_and_nothing_typed_is_lost(browse):
    mira = decide_all(browse("mira"))
    mira.press("Cut and release", 422, cut=None, more="Wang\nZhang")
    assert mira.says("“Wang” is not in the text")
    assert mira.page.xpath("//textarea[@name='more']")[0].text.strip() == "Wang\nZhang"
    mira.press("Withhold", 422, reason=None)
    assert mira.says("why the text is withheld")


def test_a_released_text_is_withheld_later(browse):
    mira = decide_all(browse("mira"))
    mira.press("Release as it is")
    mira.get(f"{TEXTS}/decided")
    number = next(place for place, row in enumerate(mira.rows()) if NAMED in row[0])
    link = mira.page.xpath("//tbody//a")[number].get("href")
    mira.get(link).press("Withhold", reason="person")
    assert not agreed(browse).says(NAMED)
    assert mira.get(f"{TEXTS}/decided?state=withheld").says(NAMED, "private life")


def test_too_few_texts_are_on_no_page(browse):
    lead, mira = agreed(browse), browse("mira").get(TEXTS)
    while "Nothing waits" not in mira.text:
        assert "Nobody reads this" not in mira.text
        mira.press("Release as it is")
    lead.get("/review/spring/990101100202")
    assert not lead.says("Nobody reads this")


@pytest.mark.parametrize(("name", "told"), [("east", "6 wait for another"), ("new", "township")])
def test_who_is_of_the_township_or_has_not_said_reads_nothing(app, browse, name, told):
    browser = browse(name)
    with app.app_context():
        ids = [row.id.hex() for row in db.session.scalars(sa.select(FreeAnswerRow))]
    status = 200 if name == "east" else 409
    assert browser.get(TEXTS, status).says(told)
    for page in (f"{TEXTS}/decided", *(f"{TEXTS}/{one}" for one in ids)):
        browser.get(page, 200 if name == "east" and "decided" in page else status_of(name))
        assert not browser.says("The road")
    token = browser.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    form = {"act": "release", "csrf_token": token}
    for one in ids:
        assert browser.client.post(f"{TEXTS}/{one}", data=form).status_code == status_of(name)
    with app.app_context():
        assert db.session.scalars(sa.select(ModerationRow)).all() == []


def status_of(name):
    return 404 if name == "east" else 409


def test_two_moderators_do_not_decide_about_one_text(app, browse):
    with app.app_context():
        add_moderator("nora", "")
        db.session.commit()
    mira, nora = decide_all(browse("mira")), browse("nora")
    with app.app_context():
        found = db.session.scalar(sa.select(FreeAnswerRow.id).where(FreeAnswerRow.text == NAMED))
    nora.get(f"{TEXTS}/{found.hex()}")
    mira.press("Release as it is")
    nora.page.xpath("//input[@name='again']")[0].drop_tree()
    nora.press("Withhold", 422, reason="insult")
    assert nora.says("decided about this text meanwhile")


@pytest.mark.parametrize("name", ["lead", "member", "admin"])
def test_nobody_else_reads_what_is_not_released(browse, name):
    browser = browse(name)
    for page in ("/review/texts", TEXTS, f"{TEXTS}/decided"):
        browser.get(page, 404)
    assert not browser.get("/review/spring/").says("The road is better")


def test_an_administrator_says_of_which_township_a_moderator_is(app, browse):
    admin = browse("admin")
    with app.app_context():
        person = accounts.by_username(db.session, "new").id
        db.session.add(
            VillageRow(code="990103100201", township="North Ferry", name="Far", eligible=9)
        )
        db.session.commit()
    admin.get(f"/admin/people/{person}")
    admin.press("Keep", township="North Ferry")
    assert browse("new").get(TEXTS).says("0 of 6 read")
    assert admin.get("/admin/audit?act=person.change").says("North Ferry")
    admin.get(f"/admin/people/{person}").press("Keep", township="?")
    browse("new").get(TEXTS, 409)


def test_before_the_seal_there_is_nothing_to_read(app, browse):
    with app.app_context():
        rounds.by_slug(db.session, "spring").state = "closed"
        db.session.commit()
    mira = browse("mira")
    assert mira.get("/review/texts").says("No round is sealed yet")
    mira.get(TEXTS, 409)
