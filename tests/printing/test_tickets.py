from dataclasses import replace
from datetime import datetime

import pytest

from survey.core.codes import group_ticket_code, make_ticket_code
from survey.printing.tickets import TicketText, sheet
from tests.printing.reading import (
    A4,
    boxes_of,
    chinese,
    codes_of,
    collisions,
    english,
    open_pages,
    side_of,
    text_of,
)

TICKET = TicketText(
    village="前柳屯村",
    township="青柳镇",
    title="群众测评",
    address="https://pingyi.example.cn/t/",
    phone="0990-1234567",
    deadline=datetime(2026, 12, 8, 18),
    key_holding="halves",
)
LONG = replace(
    TICKET,
    village="圐圙旮旯村" * 6,
    township="垚堃㙍崾岘镇" * 4,
    address="https://pingyi-of-the-whole-city.long-name.example.com.cn/t/",
    key_holding="server",
    two_person=False,
    mark="演练",
)
LANGUAGES = pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])


def make_codes(count):
    return [make_ticket_code() for _ in range(count)]


@LANGUAGES
@pytest.mark.parametrize("text", [TICKET, LONG], ids=["short", "long"])
def test_every_code_reads_back_to_its_address(text, language, translate):
    codes = make_codes(23)
    pages = open_pages(sheet(text, codes, language, translate))
    assert len(pages) == 3
    found = [code for page in pages for code in codes_of(page)]
    assert sorted(code.text.casefold() for code in found) == sorted(
        f"{text.address}{code}".casefold() for code in codes
    )
    assert min(side_of(code) for code in found) >= 28


def test_every_slip_carries_its_code_in_groups_and_what_to_do():
    codes = make_codes(10)
    (page,) = open_pages(sheet(TICKET, codes, "zh", chinese))
    text = text_of(page)
    for code in codes:
        assert text.count("".join(group_ticket_code(code).split())) == 1
    for line in (
        "青柳镇·群众测评",
        "微信扫一扫，两分钟，不用写名字",
        "扫不开就输：https://pingyi.example.cn/t/再输上面的号",
        "一张票答一次，用完撕掉；12月8日（星期二）18:00截止",
        "有人逼您填、替您填、收您的票：打0990-1234567",
    ):
        assert text.count(line) == 10
    assert text.count("前柳屯村") == 11
    assert "管机器的人有钥匙" not in text


def test_slips_speak_english_on_request():
    (page,) = open_pages(sheet(TICKET, make_codes(1), "en", english))
    assert "Oneslip,oneanswer;tearitupafteruse." in text_of(page)
    assert "Sheet1,page1of1" in text_of(page)


def test_a_sheet_says_what_weakens_the_round():
    (page,) = open_pages(sheet(LONG, make_codes(1), "zh", chinese))
    text = text_of(page)
    assert "管机器的人有钥匙" in text
    assert "本系统设为一人操作" in text
    assert "演练" in text


@LANGUAGES
@pytest.mark.parametrize("text", [TICKET, LONG], ids=["short", "long"])
def test_no_text_leaves_its_slip(text, language, translate):
    (page,) = open_pages(sheet(text, make_codes(10), language, translate))
    for box in boxes_of(page):
        assert 5 <= box.left < box.right <= A4[0] - 5
        assert 3.5 <= box.top < box.bottom <= A4[1] - 3.5
        if 17 < box.top < A4[1] - 13:
            assert (box.left > A4[0] / 2 + 2) or (box.right < A4[0] / 2 - 2)
            row = (box.top - 17) // 53.4
            assert box.bottom <= 17 + (row + 1) * 53.4 - 0.3


@LANGUAGES
@pytest.mark.parametrize("text", [TICKET, LONG], ids=["short", "long"])
def test_no_text_of_a_slip_lies_on_another(text, language, translate):
    (page,) = open_pages(sheet(text, make_codes(1), language, translate))
    assert not collisions(list(boxes_of(page)))


def test_every_page_is_set_like_the_first():
    codes = make_codes(10)
    first, second = open_pages(sheet(TICKET, codes * 2, "zh", chinese))
    assert [box for box in boxes_of(second) if box.top > 17] == [
        box for box in boxes_of(first) if box.top > 17
    ]


def test_five_thousand_slips_fill_five_hundred_pages():
    codes = make_codes(5000)
    pages = open_pages(sheet(TICKET, codes, "zh", chinese))
    assert len(pages) == 500
    assert "第500页，共500页" in text_of(pages[-1])
    assert {code.text[-16:] for code in codes_of(pages[-1])} == set(codes[-10:])
