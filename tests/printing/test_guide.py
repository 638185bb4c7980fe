"""The guide for helpers: one page, whole, with the link that they scan."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from survey.printing.guide import GuideText, guide
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

GUIDE = GuideText(
    round_title="2026年整顿测评",
    office="市委组织部",
    phone="0990-1234567",
    address="https://survey.example.org/h/ABCDEFGH234567AB",
    deadline=datetime(2026, 12, 8, 18),
    help_on=date(2026, 12, 3),
    help_place="村委会大院门口",
    results_on=date(2026, 12, 20),
    results_place="村务公开栏",
)
LONG = "圐圙旮旯" * 15
LONGEST = replace(
    GUIDE,
    round_title=LONG,
    office=LONG,
    phone="0990-1234567 转 8901234567890123456789",
    address="https://a-very-long-name-of-a-county.survey.example.org:8443/h/ABCDEFGH234567AB",
    help_place=LONG,
    results_place=LONG,
    mark="演示",
)


def test_the_guide_says_who_what_where_and_whom_to_call():
    (page,) = open_pages(guide(GUIDE, "zh", chinese))
    text = text_of(page)
    for fact in (
        "帮填须知",
        "2026年整顿测评",
        "市委组织部",
        GUIDE.address,
        "外乡镇的人",
        "不让村支书或旁人看见手机屏幕",
        "让他自己撕掉",
        "停下，打0990-1234567",
        "帮填：12月3日（星期四），村委会大院门口。12月8日（星期二）18:00截止。",
        "结果12月20日（星期日）贴在村务公开栏",
    ):
        assert fact in text, fact
    assert "演示" not in text


def test_the_guide_is_there_in_english():
    (page,) = open_pages(guide(GUIDE, "en", english))
    text = text_of(page)
    assert "NeverholdthephonesothatthesecretaryoranybodyelsecanseeIt".lower() in text.lower()
    assert "%(" not in text


@pytest.mark.parametrize("text", [GUIDE, LONGEST], ids=["usual", "longest"])
@pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])
def test_the_guide_fits_one_page_and_nothing_lies_on_anything(text, language, translate):
    (page,) = open_pages(guide(text, language, translate))
    boxes = list(boxes_of(page))
    assert not collisions(boxes)
    assert min(box.left for box in boxes) >= 17
    assert max(box.right for box in boxes) <= A4[0] - 17
    assert max(box.bottom for box in boxes) <= A4[1] - 10


@pytest.mark.parametrize("text", [GUIDE, LONGEST], ids=["usual", "longest"])
def test_the_link_is_scanned_from_the_guide(text):
    (page,) = open_pages(guide(text, "zh", chinese))
    (code,) = codes_of(page)
    assert code.text == text.address.upper()
    assert side_of(code) > 35


def test_a_demonstration_is_called_one():
    (page,) = open_pages(guide(replace(GUIDE, mark="演示"), "zh", chinese))
    assert "演示" in text_of(page)
