"""A locked rating is contested, answered and reopened; every version stays readable."""

import pytest

from survey.storage import accounts, appeals, ratings, rounds
from survey.storage.db import db
from tests import scene

VILLAGE = "/review/spring/990101100201"
POINTS = {f"points.{dimension}": "86" for dimension in scene.DIMENSIONS}
LIST = "/admin/rounds/spring/appeals"
CAME = {
    "appeal-appellant": "committee",
    "appeal-way": "letter",
    "appeal-received_on": "2026-03-20",
    "appeal-contested": "The road was finished in May.",
}


@pytest.fixture
def city(app):
    """A sealed round with ballots, whose staff can sign in."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village, number in zip(made.villages, (112, 60, 40), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12)
        db.session.commit()


@pytest.fixture
def locked(browse):
    """The first village has a rating that is signed twice."""
    lead = browse("lead").get(VILLAGE).press("Hand in", **POINTS)
    lead.press("Enter the consensus", **POINTS, statement="The others are away.")
    sign(lead)
    browse("member").get(VILLAGE).press("Countersign and lock")


def sign(lead, reason="The group is of one mind.", status=200):
    return lead.press("Sign", status, decision="fairly_good", reason=reason)


def page(browse):
    return browse("admin").get(LIST).follow("Record or reopen")


def appeal(browse, **typed):
    return page(browse).press("Record the appeal", **CAME | typed)


def reopen(browse, reason="A list was left out."):
    return page(browse).press("Reopen the rating", **{"reopen-reason": reason})


@pytest.mark.usefixtures("locked")
def test_a_reopened_rating_is_open_on_page_desk_and_ledger(browse):
    assert reopen(browse).says("The rating is open again.")
    lead = browse("lead").get("/review/")
    assert lead.says("Clear Water: the rating was reopened; the group decides and signs anew.")
    assert lead.rows()[0][-1] == "Decide and sign (the lead). Lead"
    ledger = browse("admin").get("/review/ledger/spring")
    assert ledger.rows()[0][-2:] == ["—", ""]
    assert ledger.says("not yet decided 3")
    lead.get(VILLAGE)
    assert lead.says("This rating was reopened", "A list was left out.", "Head of the audit log")
    assert "Sign" in lead.buttons()
    assert "Countersign and lock" not in browse("third").get(VILLAGE).buttons()


@pytest.mark.usefixtures("locked")
def test_the_new_version_is_signed_twice_and_the_old_one_stays_readable(browse):
    reopen(browse)
    sign(browse("lead").get(VILLAGE), "With the list.")
    third = browse("third").get(VILLAGE).press("Countersign and lock")
    assert third.says("The rating is locked.", "With the list.", "Version 1: Fairly good")
    assert third.says("The group is of one mind.", "Member,", "A list was left out.")
    assert browse("admin").get("/review/ledger/spring").rows()[0][-2] == "Fairly good"


@pytest.mark.usefixtures("locked")
def test_a_countersignature_under_way_when_it_is_reopened_is_refused_kindly(browse):
    reopen(browse)
    sign(browse("lead").get(VILLAGE))
    third = browse("third").get(VILLAGE)
    browse("member").get(VILLAGE).press("Countersign and lock")
    reopen(browse, "Once more.")
    third.press("Countersign and lock", 400)
    assert third.says("This rating was reopened meanwhile.")


@pytest.mark.usefixtures("locked")
def test_a_decision_form_sent_twice_signs_once(app, browse):
    reopen(browse)
    first, second = browse("lead").get(VILLAGE), browse("lead").get(VILLAGE)
    sign(first)
    sign(second, status=400)
    assert second.says("signed anew meanwhile")
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        village = rounds.villages(db.session, round_)[0]
        assert len(ratings.of_village(db.session, round_, village)) == 2


@pytest.mark.usefixtures("locked")
def test_reopening_without_a_reason_is_pointed_out(browse):
    administrator = page(browse).press("Reopen the rating", 422, **{"reopen-reason": " "})
    assert administrator.says("Please fill this in.")
    assert "Reopen the rating" in administrator.buttons()


@pytest.mark.usefixtures("locked")
def test_an_appeal_is_recorded_shown_and_answered(browse):
    administrator = appeal(browse, **{"appeal-answer_by": "2026-03-27"})
    assert administrator.says(
        "The appeal is recorded.",
        "villagers’ committee, in writing, 2026-03-20",
        "The road was finished in May.",
        "due by 2026-03-27",
    )
    for reader in ("lead", "admin"):
        desk = browse(reader).get("/review/spring/")
        assert desk.says("an appeal waits for its answer. It was due by 2026-03-27.")
        assert browse(reader).get(VILLAGE).says("Appeal 1", "The road was finished in May.")
    assert browse("admin").get(LIST).rows()[0][2:4] == [
        "1 without an answer",
        "2026-03-27 the day has passed",
    ]
    administrator.press(
        "Keep the answer",
        **{"answer-1-outcome": "not_upheld", "answer-1-text": "It ends at the bridge."},
    )
    assert administrator.says("not upheld", "It ends at the bridge.")
    member = browse("member").get(VILLAGE)
    assert member.says("The rating is locked.", "It ends at the bridge.")
    assert not browse("lead").get("/review/spring/").says("an appeal waits")


@pytest.mark.usefixtures("locked")
def test_an_appeal_that_is_upheld_opens_the_rating_and_is_linked(browse):
    administrator = appeal(browse)
    administrator.press(
        "Keep the answer", **{"answer-1-outcome": "upheld", "answer-1-text": "We saw the road."}
    )
    lead = browse("lead").get(VILLAGE)
    assert lead.says("This rating was reopened", "Because of Appeal 1", "upheld")
    assert lead.page.xpath("//a[@href='#appeal-1']")
    assert lead.page.xpath("//*[@id='appeal-1']")
    assert "Record the appeal" not in administrator.buttons()


@pytest.mark.usefixtures("locked")
def test_an_answer_lacking_something_keeps_what_was_typed(browse):
    administrator = appeal(browse)
    administrator.press("Keep the answer", 422, **{"answer-1-text": "We saw it."})
    assert administrator.says("Please choose one.", "We saw it.")
    administrator.press("Record the appeal", 422, **CAME | {"appeal-received_on": "2999-01-01"})
    assert administrator.says("An appeal cannot have come later than today.")


@pytest.mark.usefixtures("locked")
def test_an_appeal_sent_twice_is_recorded_once(app, browse):
    first, second = page(browse), page(browse)
    first.press("Record the appeal", **CAME)
    second.press("Record the appeal", 422, **CAME)
    assert second.says("was recorded meanwhile")
    with app.app_context():
        found = appeals.of_round(db.session, rounds.by_slug(db.session, "spring"))
    assert [len(rows) for rows in found.values()] == [1]


def test_what_is_not_locked_has_nothing_to_contest(browse):
    administrator = browse("admin").get(f"{LIST}/1")
    assert administrator.says("there is nothing to contest or to reopen")
    assert administrator.buttons() == ["Sign out"]
    token = administrator.page.xpath("//input[@name='csrf_token']/@value")[0]
    body = {"appeal-seen": "0"} | CAME
    answer = administrator.client.post(f"{LIST}/1", data=body | {"csrf_token": token})
    assert answer.status_code == 422
    administrator.get(f"{LIST}/99", 404)


@pytest.mark.usefixtures("locked")
def test_the_log_page_has_words_for_each_act(browse):
    administrator = appeal(browse)
    administrator.press(
        "Keep the answer", **{"answer-1-outcome": "upheld", "answer-1-text": "We saw the road."}
    )
    log = administrator.get("/admin/audit")
    assert log.says("appeal recorded", "appeal answered", "rating reopened")
