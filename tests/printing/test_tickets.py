from dataclasses import replace
from datetime import datetime

import pytest

from survey.core.codes import group_ticket_code, make_ticket_code
from survey.printing.tickets import LAYOUTS, PER_PAGE, QUIET, TicketText, cut_typeface, sheet
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
EVERY_LAYOUT = pytest.mark.parametrize("per_page", PER_PAGE)
LANGUAGES = pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])


def make_codes(count):
    return [make_ticket_code() for _ in range(count)]


@EVERY_LAYOUT
@LANGUAGES
@pytest.mark.parametrize("text", [TICKET, LONG], ids=["short", "long"])
def test_every_code_reads_back_to_its_address(text, language, translate, per_page):
    codes = make_codes(2 * per_page + 3)
    pages = open_pages(sheet(text, codes, language, translate, per_page=per_page))
    assert len(pages) == 3
    found = [code for page in pages for code in codes_of(page)]
    assert sorted(code.text.casefold() for code in found) == sorted(
        f"{text.address}{code}".casefold() for code in codes
    )
    assert min(side_of(code) for code in found) >= 27.9


@EVERY_LAYOUT
@pytest.mark.parametrize("dots_per_inch", [150, 300])
def test_a_scanned_page_reads_back_at_any_usual_resolution(per_page, dots_per_inch):
    codes = make_codes(per_page)
    (page,) = open_pages(sheet(LONG, codes, "zh", chinese, per_page=per_page))
    found = codes_of(page, dots_per_inch / 72)
    assert sorted(code.text[-16:] for code in found) == sorted(codes)


@EVERY_LAYOUT
def test_a_code_is_large_enough_and_keeps_white_around_it(per_page):
    layout = LAYOUTS[per_page]
    assert layout.columns * layout.rows == per_page
    assert layout.qr >= 28
    white = QUIET * layout.qr
    assert layout.beside - layout.pad - layout.qr >= white
    to_the_next_code = layout.height - layout.qr
    assert to_the_next_code >= white
    assert min(layout.pad, layout.height - layout.pad - layout.qr) >= 3 / 29 * layout.qr


@EVERY_LAYOUT
@LANGUAGES
def test_village_audience_and_number_are_on_every_slip(language, translate, per_page):
    codes = make_codes(per_page)
    (page,) = open_pages(sheet(TICKET, codes, language, translate, per_page=per_page))
    text = text_of(page)
    assert text.count("青柳镇·群众测评") == per_page
    assert text.count("前柳屯村") == per_page + 1
    for code in codes:
        assert text.count("".join(group_ticket_code(code).split())) == 1


def test_a_short_slip_still_says_what_nobody_can_do_without():
    text = text_of(open_pages(sheet(TICKET, make_codes(1), "zh", chinese, per_page=24))[0])
    for line in (
        "扫不开就输：https://pingyi.example.cn/t/再输号",
        "答一次，用完撕掉；12月8日18:00截止",
        "有人逼您：打0990-1234567",
    ):
        assert line in text
    weak = sheet(LONG, make_codes(1), "zh", chinese, per_page=24)
    assert "管机器的人有钥匙" in text_of(open_pages(weak)[0])


def test_one_font_cut_for_many_villages_prints_what_each_would_print_alone():
    texts = [TICKET, replace(LONG, village="垚堃㙍村"), replace(TICKET, village="A\ue123村")]
    codes = make_codes(2)
    for language, translate in (("zh", chinese), ("en", english)):
        face = cut_typeface(texts, language, translate)
        for text in texts:
            (together,) = open_pages(sheet(text, codes, language, translate, face=face))
            (alone,) = open_pages(sheet(text, codes, language, translate))
            assert text_of(together) == text_of(alone)
            assert list(boxes_of(together)) == list(boxes_of(alone))


def test_a_font_that_was_cut_for_another_village_is_noticed():
    face = cut_typeface([TICKET], "zh", chinese)
    with pytest.raises(ValueError, match="not cut"):
        sheet(replace(TICKET, village="垚堃村"), make_codes(1), "zh", chinese, face=face)


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


@EVERY_LAYOUT
@LANGUAGES
@pytest.mark.parametrize("text", [TICKET, LONG], ids=["short", "long"])
def test_no_text_leaves_its_slip(text, language, translate, per_page):
    layout = LAYOUTS[per_page]
    (page,) = open_pages(sheet(text, make_codes(per_page), language, translate, per_page=per_page))
    for box in boxes_of(page):
        assert 5 <= box.left < box.right <= A4[0] - 5
        assert 3.5 <= box.top < box.bottom <= A4[1] - 3.5
        if layout.top < box.top < A4[1] - layout.bottom:
            column = (box.left - layout.side) // layout.width
            row = (box.top - layout.top) // layout.height
            left, top = layout.corner(int(row) * layout.columns + int(column))
            assert left + 2 < box.left < box.right < left + layout.width - 2
            assert top < box.top < box.bottom < top + layout.height - 0.3


@EVERY_LAYOUT
@LANGUAGES
@pytest.mark.parametrize("text", [TICKET, LONG], ids=["short", "long"])
def test_no_text_of_a_slip_lies_on_another(text, language, translate, per_page):
    (page,) = open_pages(sheet(text, make_codes(1), language, translate, per_page=per_page))
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
