"""The acceptance group's desk: alone first, then agreed, then scores, then two signatures."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from survey.storage import accounts, ratings, results, rounds
from survey.storage.db import db
from survey.storage.tables import HamletRow, VillageRow
from tests import scene

VILLAGE = "/review/spring/990101100201"
OTHERS = "/review/spring/990102100201"
POINTS = {
    f"points.{dimension}": "86"
    for dimension in ("investigation", "measures", "effects", "responsibility")
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


def the_round():
    return rounds.by_slug(db.session, "spring")


def hand_in(browser, **typed):
    return browser.get(VILLAGE).press("Hand in", **(POINTS | typed))


def agree(browse, statement="The others are away."):
    """Bring the village to its consensus and return the lead's browser."""
    lead = hand_in(browse("lead"))
    return lead.press("Enter the consensus", **POINTS, statement=statement)


def sign(lead, decision="fairly_good", reason="The group is of one mind.", status=200):
    return lead.press("Sign", status, decision=decision, reason=reason)


def seen_of_scores(browser):
    return [word for word in ("Suggested rating", "ballots were received") if browser.says(word)]


# Who sees what


@pytest.mark.parametrize("path", ["/review/", "/review/spring/", VILLAGE, "/review/ledger/spring"])
def test_a_visitor_is_asked_to_sign_in(visitor, city, path):
    assert visitor.get(path).heading == "Sign in"


def test_the_desk_has_the_villages_of_ones_own_group(browse):
    lead = browse("lead").get("/review/")
    assert [row[0] for row in lead.rows()] == ["Clear Water East Hill", "Stone Bridge East Hill"]
    assert lead.says("2 villages wait for you.")


def test_another_groups_village_is_not_there(browse):
    lead = browse("lead")
    for path in (OTHERS, f"{OTHERS}/dots.svg", f"{OTHERS}/distribution-mass.svg"):
        assert lead.client.get(path).status_code == 404
    lead.get(VILLAGE)
    token = lead.page.xpath("//input[@name='csrf_token']/@value")[0]
    for act in ("evaluation", "recusal", "consensus", "signature", "countersignature"):
        answer = lead.client.post(f"{OTHERS}/{act}", data=POINTS | {"csrf_token": token})
        assert answer.status_code == 404, act


def test_an_unknown_village_or_round_is_not_there(browse):
    lead = browse("lead")
    lead.get("/review/spring/000000000000", 404)
    lead.get("/review/autumn/", 404)


def test_a_round_that_is_not_open_yet_is_not_there(app, city, browse):
    with app.app_context():
        the_round().state = "draft"
        db.session.commit()
    lead = browse("lead")
    lead.get("/review/spring/", 404)
    assert lead.get("/review/").says("There is no round to review yet.")


def test_an_administrator_sees_all_villages_and_changes_none(browse):
    administrator = browse("admin").get("/review/")
    assert len(administrator.rows()) == 3
    administrator.get(VILLAGE)
    assert seen_of_scores(administrator)
    assert administrator.buttons() == ["Sign out"]


# One's own evaluation


def test_scores_are_hidden_before_the_consensus(browse):
    lead = browse("lead").get(VILLAGE)
    assert not seen_of_scores(lead)
    assert lead.client.get(f"{VILLAGE}/dots.svg").status_code == 404
    assert lead.client.get(f"{VILLAGE}/distribution-mass.svg").status_code == 404
    hand_in(lead)
    assert not seen_of_scores(lead)
    assert lead.get("/review/").rows()[0][2] == "—"


def test_a_draft_is_kept_and_shown_to_nobody_else(browse):
    lead = browse("lead").get(VILLAGE)
    lead.press("Save the draft", **{"points.effects": "70", "note.effects": "roads are mended"})
    assert lead.page.xpath("//*[@name='points.effects']/@value") == ["70"]
    member = hand_in(browse("member"))
    assert not member.says("roads are mended")
    assert member.says("has not handed in yet")


def test_wrong_points_are_pointed_out_and_nothing_typed_is_lost(browse):
    lead = browse("lead").get(VILLAGE)
    typed = POINTS | {"points.effects": "101", "said.villager": "the road is done"}
    lead.press("Hand in", 400, **typed)
    assert lead.says("“101” is no whole number from 40 to 100.")
    assert lead.page.xpath("//*[@name='points.measures']/@value") == ["86"]
    assert lead.says("the road is done")


def test_missing_points_are_pointed_out_only_when_handing_in(browse):
    lead = browse("lead").get(VILLAGE)
    lead.press("Save the draft", **{"points.effects": "80"})
    assert lead.says("Draft saved.")
    lead.press("Hand in", 400)
    assert len(lead.page.xpath("//*[contains(@class, 'fault')]")) == 3


def test_what_others_wrote_is_shown_after_handing_in(browse):
    hand_in(browse("member"), **{"note.effects": "much calmer now", "number.villager": "9"})
    lead = browse("lead").get(VILLAGE)
    assert not lead.says("much calmer now")
    hand_in(lead)
    assert lead.says("much calmer now")
    assert ["Member", "86", "86", "86", "86", "86.0", "9", "0"] in lead.rows()


def test_what_is_handed_in_cannot_be_sent_again(browse):
    lead = browse("lead").get(VILLAGE)
    token = lead.page.xpath("//input[@name='csrf_token']/@value")[0]
    hand_in(lead)
    again = lead.client.post(
        f"{VILLAGE}/evaluation", data=POINTS | {"csrf_token": token, "act": "hand_in"}
    )
    assert again.status_code == 409


def test_a_member_who_stands_back_sees_nothing_more(browse):
    member = browse("member").get(VILLAGE)
    member.press("Stand back", reason="my own unit")
    agree(browse)
    assert [row[0] for row in member.get("/review/").rows()] == ["Stone Bridge East Hill"]
    assert not member.get("/review/ledger/spring").says("Clear Water")
    for path in ("", "/dots.svg", "/distribution-mass.svg", "/computed"):
        assert member.client.get(f"{VILLAGE}{path}").status_code == 404, path


def test_the_others_are_told_who_stands_back_and_why(browse):
    browse("member").get(VILLAGE).press("Stand back", reason="my own unit")
    lead = browse("lead").get(VILLAGE)
    assert lead.says("Member: my own unit")
    assert lead.says("entered by Member")


def test_standing_back_needs_a_reason(browse):
    member = browse("member").get(VILLAGE).press("Stand back", 400, reason=" ")
    assert member.says("Please write why")


# Consensus and scores


def test_the_lead_waits_for_all_or_says_why_not(browse):
    lead = hand_in(browse("lead"))
    lead.press("Enter the consensus", 400, **POINTS)
    assert lead.says("Not yet handed in: Member, Third.")
    lead.press("Enter the consensus", **POINTS, statement="They are away.")
    assert lead.says("The consensus is entered.", "They are away.")


def test_scores_come_with_n_interval_and_plain_words(browse):
    lead = agree(browse)
    assert lead.says(
        "Suggested rating",
        "The mass evaluation of Clear Water is",
        "given by 112 villagers",
        "about nineteen times in twenty",
        "112 ballots were received from 400 people entitled (28%)",
        "n = 112",
        "What would change the rating?",
    )


def test_the_figures_shown_are_the_released_ones_alone(app, browse):
    lead = agree(browse)
    with app.app_context():
        exact = results.counted(db.session, the_round()).mass[0]
        found = [score.value for score in exact.dimensions.values() if score]
    for value in found:
        assert f"{value:.2f}" not in lead.text
    counts = {int(cell) for row in lead.rows(1) for cell in row[3:] if cell.isdecimal()}
    assert counts
    assert all(count % 5 == 0 for count in counts)


def test_the_page_is_in_the_readers_language(browse):
    lead = agree(browse)
    lead.get(f"{VILLAGE}?lang=zh")
    assert lead.page.get("lang") == "zh-Hans"
    assert lead.says("工作组听大家说话，听得怎么样？")


def test_charts_are_pictures_in_light_and_dark_wide_and_narrow(browse):
    lead = agree(browse)
    addresses = lead.page.xpath("//picture//@srcset | //picture//@src")
    assert len(addresses) == 8
    seen = set()
    for address in addresses:
        picture = lead.client.get(address)
        assert picture.mimetype == "image/svg+xml"
        seen.add(picture.get_data())
    assert len(seen) == 8


def test_a_change_after_the_scores_needs_a_reason_and_is_listed(browse):
    lead = agree(browse)
    changed = POINTS | {"points.effects": "90"}
    lead.press("Enter the consensus", 400, **changed)
    assert lead.says("a change needs a written reason")
    lead.press("Enter the consensus", **changed, reason="A file turned up.")
    (was, now) = lead.rows(-1)
    assert "before the scores were seen" in was[0]
    assert was[1:] == ["86", "86", "86", "86", "86.0", "—"]
    assert now[1:] == ["86", "86", "90 changed", "86", "87.0", "A file turned up."]


def test_a_round_before_its_seal_takes_evaluations_and_shows_no_scores(app, city, browse):
    with app.app_context():
        round_ = the_round()
        round_.state, round_.sealed_at = "closed", None
        db.session.commit()
    lead = agree(browse)
    assert lead.says("Scores come once the round is sealed.")
    assert not seen_of_scores(lead)
    lead.get("/review/ledger/spring", 409)
    assert not seen_of_scores(browse("admin").get(VILLAGE))


# Decision


def test_lead_signs_member_countersigns_and_it_is_locked(browse):
    lead = sign(agree(browse))
    assert lead.says("Signed. Another member of the group now countersigns.")
    assert "Countersign and lock" not in lead.buttons()
    member = browse("member").get(VILLAGE)
    member.press("Countersign and lock")
    assert member.says("The rating is locked.", "Head of the audit log")
    assert lead.get(VILLAGE).buttons() == ["Sign out"]


def test_a_decision_that_differs_asks_for_its_reason_and_keeps_what_was_chosen(browse):
    lead = agree(browse)
    sign(lead, "poor", "", status=400)
    assert lead.says("The decision differs from the suggestion.")
    assert lead.page.xpath("//input[@name='decision'][@checked]/@value") == ["poor"]
    sign(lead, "poor", "We saw the files.")
    assert lead.says("We saw the files.")


def test_a_member_has_no_form_to_sign(browse):
    agree(browse)
    member = browse("member").get(VILLAGE)
    assert "Sign" not in member.buttons()
    assert member.says("The lead signs what the group decides")


def test_a_rating_signed_anew_meanwhile_is_read_again(browse):
    lead = sign(agree(browse))
    member = browse("member").get(VILLAGE)
    sign(lead, "average", "Second thoughts.")
    member.press("Countersign and lock", 400)
    assert member.says("The rating was signed anew meanwhile.")
    assert "Countersign and lock" in member.buttons()


def test_the_desk_says_who_has_to_act(browse):
    lead = agree(browse)
    assert lead.get("/review/").rows()[0][-1] == "Decide and sign (the lead). Lead"
    sign(lead.get(VILLAGE))
    member = browse("member").get("/review/")
    assert member.rows()[0][-1] == "Countersign (another member). Member, Third"
    assert member.page.xpath("//td[@class='mine']")


# Ledger


def decide(app, browse):
    sign(agree(browse))
    browse("member").get(VILLAGE).press("Countersign and lock")


def test_the_ledger_has_all_villages_and_counts_decisions(app, browse):
    decide(app, browse)
    administrator = browse("admin").get("/review/ledger/spring")
    assert administrator.says("All villages of the round.", "not yet decided 2", "Fairly good 1")
    assert len(administrator.rows()) == 3
    assert administrator.rows()[0][-2:] == [
        "Fairly good",
        "Lead Member Reason: The group is of one mind.",
    ]


def test_a_lead_sees_the_ledger_of_their_group_and_no_score_before_its_consensus(app, browse):
    decide(app, browse)
    lead = browse("lead").get("/review/ledger/spring")
    assert [row[0] for row in lead.rows()] == ["Clear Water East Hill", "Stone Bridge East Hill"]
    assert lead.rows()[1][2:9] == ["—"] * 7


def test_the_workbook_has_the_rows_of_the_page(app, browse):
    decide(app, browse)
    administrator = browse("admin").get("/review/ledger/spring")
    file = administrator.download("Download as .xlsx")
    assert file.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(BytesIO(file.get_data()))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    line = next(row for row in cells if "990101100201" in row)
    assert "Fairly good" in line
    assert "Lead" in line
    lead = browse("lead").get("/review/ledger/spring").download("Download as .xlsx")
    own = load_workbook(BytesIO(lead.get_data())).worksheets[0]
    assert not any("990102100201" in [cell.value for cell in row] for row in own.iter_rows())


def test_a_decision_signed_once_is_not_in_the_ledger(browse):
    sign(agree(browse))
    assert browse("admin").get("/review/ledger/spring").rows()[0][-2] == "—"


def test_evidence_kept_with_a_rating_has_no_exact_figure(app, browse):
    sign(agree(browse))
    with app.app_context():
        round_ = the_round()
        village = rounds.villages(db.session, round_)[0]
        kept = ratings.of_village(db.session, round_, village)[0].evidence
    assert kept["exact"] is False
    assert kept["villages"][0]["code"] == "990101100201"


def test_a_disabled_members_evaluation_stays_on_the_page(app, browse):
    hand_in(browse("member"), **{"note.effects": "much calmer now"})
    with app.app_context():
        accounts.by_username(db.session, "member").disabled = True
        db.session.commit()
    assert hand_in(browse("lead")).says("much calmer now")


def test_a_village_of_merged_hamlets_names_them(app, city, browse):
    with app.app_context():
        village = db.session.query(VillageRow).filter_by(code="990101100201").one()
        for code, name in (("990101100211", "East Bay"), ("990101100212", "West Bay")):
            part = VillageRow(code=code, township="East Hill", name=name, eligible=8)
            db.session.add(part)
            db.session.flush()
            db.session.add(HamletRow(village_id=part.id, unit_id=village.id, since=scene.MOMENT))
        db.session.commit()
    assert browse("lead").get(VILLAGE).says("Merged from", "East Bay (8), West Bay (8)")
