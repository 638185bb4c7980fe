"""The weekly report is read back as a word processor reads it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.oxml.ns import qn

from survey.core.watch import Kept, Pace, Watched
from survey.reports.weekly import MOST_LATE, WeeklyAbout, weekly
from tests.reports.watched import VILLAGE

ABOUT = WeeklyAbout(
    title="2026年测评",
    office="市委组织部",
    day=date(2026, 3, 15),
    before=date(2026, 3, 8),
    deadline=datetime(2026, 3, 20, 18),
    open=True,
    help_on=date(2026, 3, 18),
    help_place="村文化广场",
    results_on=date(2026, 4, 1),
    results_place="村务公开栏",
    pace=Pace(0.5, 0.5),
)
ONE = VILLAGE
TWO = replace(
    ONE, village_id=2, name="后柳屯村", group="", answered=70, enough=False, evaluated=False
)
THREE = replace(ONE, village_id=3, township="柏林乡", name="长青村", answered=0, evaluated=False)
VILLAGES = (ONE, TWO, THREE)
EARLIER = {
    1: Kept(answered=10, enough=False, evaluated=False),
    2: Kept(answered=70, enough=False, evaluated=False),
    3: Kept(answered=0, enough=True, evaluated=False),
}


def same(message: str) -> str:
    return message


def read(
    villages: tuple[Watched, ...] = VILLAGES,
    earlier: dict[int, Kept] | None = None,
    about: WeeklyAbout = ABOUT,
) -> Any:
    return Document(BytesIO(weekly(villages, earlier, about, same)))


def text_of(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def rows_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_by_township_and_by_group_it_says_what_is_new() -> None:
    townships, groups, late = read(earlier=EARLIER).tables
    assert rows_of(townships)[1:] == [
        ["青柳镇", "2", "110 (+30)", "480", "22%", "1", "1 (+1)", "1 (+1)"],
        ["柏林乡", "1", "0", "240", "0%", "1", "1", "0"],
    ]
    assert [row[0] for row in rows_of(groups)[1:]] == ["第1验收组", "no group"]
    assert rows_of(groups)[1][2] == "40 (+30)"
    assert [row[1] for row in rows_of(late)[1:]] == ["前柳屯村", "长青村"]
    assert rows_of(late)[2][3:] == ["fewer than 10", "240", "60"]


def test_it_says_since_when() -> None:
    assert "New since the report of 2026-03-08." in text_of(read(earlier=EARLIER))
    first = text_of(read(about=replace(ABOUT, before=None)))
    assert "the first report" in first
    assert "(+" not in first


def test_it_tells_the_dates_and_how_many_days_are_left() -> None:
    text = text_of(read())
    assert "Answers until 2026-03-20 18:00; days left: 5." in text
    assert "2026-04-01, 村务公开栏" in text
    closed = text_of(read(about=replace(ABOUT, open=False)))
    assert "Answers were taken until 2026-03-20 18:00." in closed


def test_where_all_are_as_expected_it_says_so() -> None:
    document = read((replace(ONE, answered=200),))
    assert len(document.tables) == 2
    assert "None." in text_of(document)


def test_of_thousands_that_are_late_only_the_number_is_told() -> None:
    many = tuple(replace(ONE, village_id=number) for number in range(MOST_LATE + 7))
    document = read(many)
    assert len(document.tables[2].rows) == MOST_LATE + 1
    assert "And 7 more" in text_of(document)


def test_every_style_names_fonts_for_chinese_and_no_theme_chooses_them() -> None:
    data = weekly(VILLAGES, EARLIER, ABOUT, same)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for part in ("word/styles.xml", "word/document.xml"):
            assert b"Theme=" not in archive.read(part).replace(b"themeColor", b""), part
    styles = Document(BytesIO(data)).styles
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei", name


def test_a_table_s_head_is_printed_again_on_every_page() -> None:
    for table in read().tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("bait", ["<w:p/>&lt;", "前柳\u0001屯", "]]>"])
def test_markup_in_a_name_stays_text(bait: str) -> None:
    clean = bait.replace("\u0001", "")
    document = read((replace(ONE, name=bait, township=bait),))
    assert clean in [row[1] for row in rows_of(document.tables[2])]


def test_a_postponed_meeting_stands_among_the_dates() -> None:
    about = replace(ABOUT, deadline=datetime(2026, 3, 20, 18, tzinfo=ZoneInfo("Asia/Shanghai")))
    later = replace(TWO, later=datetime(2026, 3, 25, 10, tzinfo=UTC))
    told = text_of(read((ONE, later), about=about))
    assert f"{TWO.township} {TWO.name}, answers until 2026-03-25 18:00" in told
    assert "Meeting postponed" not in text_of(read((ONE,)))
