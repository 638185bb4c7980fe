"""What the screens say, on the pages of a group: where a score is shown, and in plain words."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from survey.core.screening import Flags
from survey.storage import accounts, evaluations, rounds, screens
from survey.storage.db import db
from tests import scene

VILLAGE = "/review/spring/990101100201"
FEW = "/review/spring/990102100201"
SAYS = {
    "same_window": "Within the same quarter of an hour",
    "burst": "The ballots of the busiest moments",
    "repeated": "The same mixed answers come back",
    "all_good": "More ballots say good to everything",
}
LIMIT = "All-good ballots put in over several days"


@pytest.fixture
def city(app):
    """A sealed round with a consensus: one flagged village, one that is quiet, one with few."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for village, number in zip(made.villages, (112, 60, 8), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12)
        flags = (Flags(same_window=True, all_good=True), Flags(), Flags(burst=True))
        screens.keep(
            db.session,
            made.round_,
            {
                (village.village_id, audience): one if audience == "mass" else Flags()
                for village, one in zip(made.villages, flags, strict=True)
                for audience in ("mass", "self")
            },
        )
        evaluations.hand_in(db.session, made.round_, made.village, made.lead, scene.evaluation())
        alone = scene.consensus(statement="the others are away")
        evaluations.agree(db.session, made.round_, made.village, made.lead, alone)
        db.session.commit()


def raised(browser):
    return [name for name, words in SAYS.items() if browser.says(words)]


def test_a_flag_is_explained_with_what_it_does_not_mean(browse):
    lead = browse("lead").get(VILLAGE)
    assert raised(lead) == ["same_window", "all_good"]
    assert lead.says("it does not mean that anybody cheated", "about one in 41", LIMIT)
    assert lead.says("A flag never changes a score")
    assert lead.says("The screens found nothing unusual in the ballots.")


def test_a_quiet_village_is_called_quiet_and_the_limit_is_told(browse):
    administrator = browse("admin").get("/review/spring/990101100202")
    assert raised(administrator) == []
    assert administrator.says("The screens found nothing unusual in the ballots.", LIMIT)
    assert not administrator.says("about one in 41")


def test_below_the_least_number_nothing_is_said(browse):
    administrator = browse("admin").get(FEW)
    assert raised(administrator) == []
    sections = administrator.page.xpath("//h2[@id='screens']/following-sibling::div[1]//h3")
    assert [" ".join(each.text_content().split()) for each in sections] == ["Self-evaluation"]


def test_the_desk_marks_a_flagged_village_and_links_to_the_reason(browse):
    lead = browse("lead").get("/review/")
    links = lead.page.xpath("//td//a[@class='flag']")
    assert [link.get("href") for link in links] == [f"{VILLAGE}#screens"]
    assert lead.says("a flag never changes a score")


@pytest.mark.parametrize("path", ["/review/", "/review/ledger/spring"])
def test_flags_of_many_villages_are_hidden_with_the_scores(app, browse, path):
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        second = rounds.villages(db.session, round_)[1]
        row = db.session.get(screens.ScreenRow, (round_.id, second.village_id, "mass"))
        row.burst = True
        db.session.commit()
    assert len(browse("lead").get(path).page.xpath("//a[@class='flag']")) == 1
    assert len(browse("admin").get(path).page.xpath("//a[@class='flag']")) == 2


def test_a_round_sealed_before_there_were_screens_says_nothing_of_them(app, browse):
    with app.app_context():
        db.session.query(screens.ScreenRow).delete()
        db.session.commit()
    lead = browse("lead").get(VILLAGE)
    assert lead.says("Suggested rating")
    assert not lead.says("screens")
    assert not lead.page.xpath("//a[@href='#screens']")


def test_the_ledger_page_names_the_screens_and_links_to_the_reason(browse):
    ledger = browse("admin").get("/review/ledger/spring")
    assert [link.get("href") for link in ledger.page.xpath("//a[@class='flag']")] == [
        f"{VILLAGE}#screens"
    ]
    first, second, few = (row[0] for row in ledger.rows())
    words = "Mass evaluation: alike within a quarter of an hour; many all-good ballots"
    assert first.endswith(f"please check {words}")
    assert "check" not in second + few
    assert ledger.says("a flag never changes a score")


def test_a_ledger_without_flags_does_not_speak_of_them(app, browse):
    with app.app_context():
        db.session.query(screens.ScreenRow).delete()
        db.session.commit()
    assert not browse("admin").get("/review/ledger/spring").says("check")


def test_the_workbook_names_the_screens(browse):
    file = browse("admin").get("/review/ledger/spring").download("Download as .xlsx")
    sheet = load_workbook(BytesIO(file.get_data())).worksheets[0]
    names = [cell.value for cell in sheet[2]]
    column = names.index("Screens that raised a flag")
    cells = [sheet.cell(row, column + 1).value for row in (3, 4, 5)]
    first = "Mass evaluation: alike within a quarter of an hour; many all-good ballots"
    assert cells == [first, "", ""]


def test_the_command_line_names_the_screens(app, city):
    lines = app.test_cli_runner().invoke(args=["scores", "spring"]).output.splitlines()
    assert [line.split("\t")[-1] for line in lines] == ["mass: same_window, all_good", "—", "—"]
