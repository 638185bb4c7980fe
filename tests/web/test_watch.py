"""The wall, reminders and the weekly report in a browser."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from survey.storage.tables import RoundVillageRow, SnapshotRow, VillageRow
from survey.web.admin import reminders
from tests.storage.round import Office, fill
from tests.web.browser import Browser
from tests.web.conftest import SignIn

WALL = "/admin/rounds/spring/wall"
LATE = timedelta(days=30)


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator."""
    return sign_in()


@pytest.fixture
def nearly_over(place: Office) -> Office:
    """An open round whose time has nearly passed: half of each village is expected."""
    place.round_.opens_at -= LATE
    place.round_.closes_at -= timedelta(days=2, hours=23)
    place.session.commit()
    return place


def villages_of(browser: Browser) -> dict[str, str]:
    """What the wall says of each village, by its name."""
    rows = browser.page.xpath("//div[@class='wall-columns']//li")
    return {
        " ".join(row.xpath("string(.//*[@class='wall-name'])").split()): " ".join(
            row.text_content().split()
        )
        for row in rows
    }


def add_villages(place: Office, number: int) -> None:
    """Add villages of ten townships to the register and the open round."""
    for count in range(number):
        listed = VillageRow(
            code=f"9902{count:08}",
            township=f"Town {count // 40:02}",
            name=f"Hamlet {count}",
            eligible=400,
            party_members=9,
        )
        place.session.add(listed)
        place.session.flush()
        place.session.add(
            RoundVillageRow(
                round_id=place.round_.id,
                village_id=listed.id,
                code=listed.code,
                township=listed.township,
                name=listed.name,
                eligible=400,
                party_members=9,
            )
        )
    place.session.commit()


def test_the_wall_tells_full_tens_and_who_is_late(nearly_over: Office, anna: Browser) -> None:
    first, second = nearly_over.village_ids()
    fill(nearly_over, first, 53)
    fill(nearly_over, second, 39)
    fill(nearly_over, second, 5, "self")
    anna.get("/admin/rounds/spring").follow("Watch on the wall")
    told = villages_of(anna)
    assert told["Village 1"] == "Village 1 self … 50+ / 100"
    assert told["Village 2"] == "Village 2 ▲ late self ✓ 30+ / 100"
    assert anna.says("80+", "/ 200", "40%", "50% of those eligible × 99% of the time")
    assert not {"53", "39", "92"} & set(anna.text.split())


def test_what_is_expected_can_be_typed(nearly_over: Office, anna: Browser) -> None:
    fill(nearly_over, nearly_over.village_ids()[0], 21)
    anna.get(WALL)
    assert "▲" in villages_of(anna)["Village 1"]
    anna.press("Show", expected="20")
    assert "▲" not in villages_of(anna)["Village 1"]
    assert anna.says("20% of those eligible")
    assert anna.get(f"{WALL}?expected=x", 400).says("a whole number from 1 to 100")


def test_a_large_round_is_paged_by_township(place: Office, anna: Browser) -> None:
    add_villages(place, 200)
    seen: list[str] = []
    anna.get(WALL)
    while True:
        told = villages_of(anna)
        assert 0 < len(told) <= 34
        seen += told
        if not anna.page.xpath("//a[@rel='next']"):
            break
        anna.follow("Next page")
    assert len(seen) == len(set(seen)) == 202
    anna.press("Show", township="Town 02")
    assert set(anna.page.xpath("//section/h2/span[1]/text()")) == {"Town 02"}
    assert anna.get(f"{WALL}?township=nowhere", 404).says("not in the round")
    assert anna.get(f"{WALL}?page=99").says("Page 11 of 11")
    assert anna.get(f"{WALL}?page=x").says("Page 1 of 11")


def test_a_projected_wall_turns_its_pages_by_itself(place: Office, anna: Browser) -> None:
    add_villages(place, 70)
    assert "Refresh" not in anna.get(WALL).response.headers
    anna.follow("30")
    turned = []
    for _ in range(4):
        seconds, _, address = anna.response.headers["Refresh"].partition("; url=")
        assert seconds == "30"
        turned.append(anna.text.split("Page ")[1][0])
        anna.get(address)
    assert turned == ["1", "2", "3", "4"]
    assert anna.says("Page 1 of 4") or anna.says("Page 5 of")
    assert not anna.page.xpath("//nav")
    assert "Refresh" not in anna.follow("Stop turning").response.headers


@pytest.mark.parametrize("every", ["1", "0", "-1", "x", "99999"])
def test_no_other_time_is_taken(place: Office, anna: Browser, every: str) -> None:
    assert "Refresh" not in anna.get(f"{WALL}?every={every}").response.headers


def test_the_workbook_has_the_same_villages(nearly_over: Office, anna: Browser) -> None:
    fill(nearly_over, nearly_over.village_ids()[0], 12)
    answer = anna.get(f"{WALL}?expected=30").download("Download as .xlsx")
    assert "spring-wall.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=6, values_only=True))
    assert [(row[2], row[4], row[7]) for row in rows] == [
        ("Village 1", 10, 20),
        ("Village 2", "fewer than 10", 20),
    ]


def test_after_the_seal_the_wall_tells_how_many_answered(place: Office, anna: Browser) -> None:
    fill(place, place.village_ids()[0], 13)
    place.close_and_seal()
    anna.get("/admin/rounds/spring").follow("Watch on the wall")
    assert villages_of(anna)["Village 1"] == "Village 1 ▲ below self … 13 / 100"
    assert anna.says("Answers closed")
    assert not anna.says("Reminders")


def test_a_round_that_is_not_open_yet_has_no_wall(place: Office, anna: Browser) -> None:
    place.round_.state = "draft"
    place.session.commit()
    for page in ("wall", "wall.xlsx", "weekly", "reminders"):
        anna.get(f"/admin/rounds/spring/{page}", 409)


def test_reminders_are_for_who_is_late(nearly_over: Office, anna: Browser) -> None:
    fill(nearly_over, nearly_over.village_ids()[0], 53)
    anna.get(WALL).follow("Reminders")
    assert anna.says("1 village is below", "Village 2: the evaluation is still open")
    assert not anna.says("Village 1: the evaluation")
    assert anna.says("The evaluation of your village is still open")
    answer = anna.download("Cards to cut")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    anna.press("Show", language="zh")
    assert anna.says("Village 2：测评还在进行", "答不答随您")


def test_where_nobody_is_late_there_is_nobody_to_remind(place: Office, anna: Browser) -> None:
    anna.get("/admin/rounds/spring/reminders")
    assert anna.says("0 villages are below")
    assert not anna.says("Cards to cut")
    anna.get("/admin/rounds/spring/reminders.pdf", 409).says("nobody to remind")


def test_many_reminders_are_paged(
    nearly_over: Office, anna: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "VILLAGES_TO_A_PAGE", 1)
    anna.get("/admin/rounds/spring/reminders")
    assert anna.says("Village 1:")
    anna.follow("Next page")
    assert anna.says("Village 2:", "Page 2 of 2")
    assert not anna.says("Village 1:")


def test_nobody_is_reminded_once_the_round_is_closed(place: Office, anna: Browser) -> None:
    place.round_.state = "closed"
    place.session.commit()
    assert anna.get("/admin/rounds/spring/reminders", 409).says("nobody can answer now")


def test_a_report_is_made_kept_and_fetched(place: Office, anna: Browser) -> None:
    village = place.village_ids()[0]
    fill(place, village, 13)
    anna.get(WALL).follow("Weekly report")
    assert anna.says("No report has been made")
    anna.get("/admin/rounds/spring/weekly.docx", 404)
    anna.get("/admin/rounds/spring/weekly").press("Make today's report")
    assert anna.says("Today's report is there", "none: it is the first")
    assert "Make today's report" not in anna.buttons()
    fill(place, village, 20)
    answer = anna.download("English")
    assert Document(BytesIO(answer.data)).tables[0].rows[1].cells[2].text == "10"


def test_the_next_report_says_what_is_new_since_the_last(place: Office, anna: Browser) -> None:
    village = place.village_ids()[0]
    fill(place, village, 10)
    anna.get("/admin/rounds/spring/weekly").press("Make today's report")
    place.session.rollback()
    for row in place.session.query(SnapshotRow):
        row.day -= timedelta(days=7)
    place.session.commit()
    before = place.session.query(SnapshotRow.day).first()[0]
    fill(place, village, 25)
    anna.get("/admin/rounds/spring/weekly").press("Make today's report")
    report = Document(BytesIO(anna.download("English").data))
    assert any(f"since the report of {before}" in line.text for line in report.paragraphs)
    assert report.tables[0].rows[1].cells[2].text == "30 (+20)"
    earlier = f"/admin/rounds/spring/weekly.docx?day={before}&language=zh"
    answer = anna.client.get(earlier)
    assert Document(BytesIO(answer.data)).paragraphs[0].text == "周报"


@pytest.mark.parametrize("day", ["2020-01-01", "x", "2026-02-31"])
def test_a_day_without_a_report_is_not_there(place: Office, anna: Browser, day: str) -> None:
    anna.get(f"/admin/rounds/spring/weekly.docx?day={day}", 404)


def test_a_report_made_twice_at_once_is_kept_once(place: Office, anna: Browser) -> None:
    anna.get("/admin/rounds/spring/weekly")
    other = anna.page.xpath("//form//input[@name='csrf_token']/@value")[0]
    for _ in range(2):
        answer = anna.client.post("/admin/rounds/spring/weekly", data={"csrf_token": other})
        assert answer.status_code == 302
    place.session.rollback()
    assert place.session.query(SnapshotRow.day).distinct().count() == 1
