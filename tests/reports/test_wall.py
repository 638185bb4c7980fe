"""The workbook of the wall is read back as a spreadsheet program reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from survey.core.watch import Pace, Watched
from survey.reports.wall import WallAbout, wall
from tests.reports.watched import VILLAGE

ABOUT = WallAbout(
    title="2026年测评",
    office="市委组织部",
    day=date(2026, 3, 10),
    closes_at=datetime(2026, 3, 20, 18),
    pace=Pace(0.5, 0.5),
    tens=True,
)
FEW = replace(
    VILLAGE, village_id=2, name="后柳屯村", group="", answered=0, eligible=None, enough=None,
    evaluated=False,
)  # fmt: skip


def same(message: str) -> str:
    return message


def read(*villages: Watched, about: WallAbout = ABOUT) -> Any:
    return openpyxl.load_workbook(BytesIO(wall(villages, about, same)))


def row_of(book: Any, sheet: str, number: int) -> dict[str, Any]:
    names = [cell.value for cell in book[sheet][5]]
    return dict(zip(names, book[sheet][5 + number], strict=True))


def test_a_village_stands_with_what_may_be_shown_of_it() -> None:
    cells = row_of(read(VILLAGE, FEW), "Villages", 1)
    assert cells["Village code"].value == "990101100201"
    assert cells["Answered, full tens"].value == 40
    assert (cells["Share"].value, cells["Share"].number_format) == (0.16, "0%")
    assert (cells["Expected by now"].value, cells["Late"].value) == (60, "late")
    assert (cells["Self-evaluation"].value, cells["Evaluated by the group"].value) == (
        "enough",
        "yes",
    )


def test_what_is_not_there_is_a_dash_and_few_are_no_nought() -> None:
    cells = row_of(read(VILLAGE, FEW), "Villages", 2)
    assert cells["Answered, full tens"].value == "fewer than 10"
    for name in ("Eligible villagers", "Share", "Expected by now", "Self-evaluation"):
        assert cells[name].value == "—", name
    assert not cells["Late"].value


def test_after_the_seal_the_figures_are_no_longer_called_tens() -> None:
    cells = row_of(
        read(replace(VILLAGE, answered=0), about=replace(ABOUT, tens=False)), "Villages", 1
    )
    assert cells["Answered"].value == 0


def test_townships_are_taken_together() -> None:
    book = read(VILLAGE, replace(VILLAGE, answered=120), replace(VILLAGE, township="柏林乡"))
    cells = row_of(book, "Townships", 1)
    assert [cells[name].value for name in ("Township", "Villages", "Answered, full tens")] == [
        "青柳镇",
        2,
        160,
    ]
    assert cells["Villages below what is expected"].value == 1
    assert row_of(book, "Townships", 2)["Township"].value == "柏林乡"


def test_it_says_of_which_day_it_is_and_how_late_is_reckoned() -> None:
    sheet = read(VILLAGE)["Villages"]
    assert sheet["A2"].value == "As of 2026-03-10. Answers until 2026-03-20 18:00."
    assert "50% of those eligible × 50% of the time" in sheet["A3"].value


def test_it_prints_on_wide_pages_with_its_header() -> None:
    for sheet in read(VILLAGE):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$5:$5"


@pytest.mark.parametrize("bait", ["=1+1", "@SUM(A1)", "http://evil.example/"])
def test_no_text_becomes_a_formula_or_a_link(bait: str) -> None:
    baited = replace(VILLAGE, township=bait, name=bait, group=bait, code=bait)
    book = read(baited, about=replace(ABOUT, title=bait, office=bait))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert sum(cell.value == bait for cell in cells) == 7
    assert not any(cell.hyperlink or cell.data_type == "f" for cell in cells)


def test_a_later_deadline_stands_beside_its_village_and_no_column_without_one() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    about = replace(ABOUT, closes_at=datetime(2026, 3, 20, 18, tzinfo=zone))
    later = replace(FEW, later=datetime(2026, 3, 25, 10, tzinfo=UTC))
    book = read(VILLAGE, later, about=about)
    told = [row_of(book, "Villages", number)["Answers until"].value for number in (1, 2)]
    assert told == ["2026-03-20 18:00", "2026-03-25 18:00"]
    assert "Answers until" not in row_of(read(VILLAGE, about=about), "Villages", 1)
