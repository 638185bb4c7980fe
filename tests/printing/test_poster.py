from dataclasses import replace
from datetime import date, datetime

import pytest

from survey.printing.poster import MARGIN, PosterText, posters
from tests.printing.reading import (
    A4,
    Box,
    boxes_of,
    chinese,
    codes_of,
    collisions,
    english,
    open_pages,
    side_of,
    text_of,
)

POSTER = PosterText(
    village="前柳屯村",
    township="青柳镇",
    title="群众测评",
    address="https://pingyi.example.cn/v/7KQ2M9DX4T",
    office="市委组织部",
    phone="0990-1234567",
    deadline=datetime(2026, 12, 8, 18),
    help_on=date(2026, 12, 1),
    help_place="村委会院里",
    results_on=date(2026, 12, 15),
    results_place="村务公开栏",
    key_holding="halves",
    access="both",
)
LONG = replace(
    POSTER,
    village="圐圙旮旯村" * 6,
    township="垚堃㙍崾岘镇" * 5,
    title="群众测评" * 8,
    office="市委组织部基层组织建设科" * 3,
    phone="0990-1234567转8001",
    help_place="村委会院里第三间办公室大槐树底下" * 3,
    results_place="村务公开栏和小卖部门口" * 3,
    address="https://pingyi-of-the-whole-city.long-name.example.com.cn/v/7KQ2M9DX4T",
    mark="演练",
)
VARIANTS = [
    replace(POSTER, key_holding=key_holding, access=access)
    for key_holding in ("halves", "server")
    for access in ("poster", "ticket", "both")
]


def printed(text, language="zh", translate=chinese):
    return text_of(open_pages(posters([text], language, translate))[0])


def test_a_poster_says_every_line_in_its_order():
    lines = [
        "市委组织部",
        "青柳镇",
        "前柳屯村的事，请您说句公道话",
        "微信扫一扫，两分钟，不用写名字",
        "扫不开就输：https://pingyi.example.cn/v/7KQ2M9DX4T",
        "谁也查不到是您答的：不问姓名电话；截止以后才打开，先打乱，只算全村的",
        "不收钱，不要身份证、银行卡、验证码，不用下载、不用加关注；"
        "网址开头不是pingyi.example.cn就别填",
        "不放心？打0990-1234567核实",
        "没手机、不识字：12月1日（星期二）村委会院里有外乡镇的人帮您，不许村干部代填",
        "有人逼您填、替您填：打0990-1234567",
        "12月8日（星期二）18:00截止，结果12月15日（星期二）贴在村务公开栏",
        "微信打不开就用手机自带的浏览器",
    ]
    text = printed(replace(POSTER, access="poster"))
    places = [text.find(line) for line in lines]
    assert -1 not in places, lines[places.index(-1)]
    assert places == sorted(places)


def test_a_poster_speaks_english_on_request():
    text = printed(POSTER, "en", english)
    for sentence in (
        "Please say a fair word about the affairs of this village",
        "Scan with WeChat: two minutes, no name",
        "Closes Tuesday 8 December, 18:00; results hang at",
        "If the address does not begin with pingyi.example.cn, leave it.",
    ):
        assert "".join(sentence.split()) in text


def test_a_round_whose_key_the_server_holds_promises_less():
    text = printed(replace(POSTER, key_holding="server"))
    assert "管机器的人有钥匙" in text
    assert "谁也查不到" not in text


def test_slips_are_spoken_of_only_where_there_are_slips():
    assert "票" not in printed(replace(POSTER, access="poster"))
    assert "收您的票" in printed(replace(POSTER, access="both"))
    assert "算分以票为准" in printed(replace(POSTER, access="both"))
    assert "微信扫一扫您票上的码" in printed(replace(POSTER, access="ticket"))


@pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])
def test_every_code_reads_back_to_its_address(language, translate):
    texts = [*VARIANTS, LONG, replace(POSTER, address="http://127.0.0.1:8000/v/ABCDEFGH23")]
    pages = open_pages(posters(texts, language, translate))
    assert len(pages) == len(texts)
    for page, text in zip(pages, texts, strict=True):
        (code,) = codes_of(page)
        assert code.text.casefold() == text.address.casefold()
        assert side_of(code) >= 70


@pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])
@pytest.mark.parametrize("text", [POSTER, LONG], ids=["short", "long"])
def test_nothing_leaves_the_margins_or_touches_the_code(text, language, translate):
    (page,) = open_pages(posters([text], language, translate))
    (code,) = codes_of(page)
    left, top = (
        value / 2.5 / (72 / 25.4) for value in (code.position.top_left.x, code.position.top_left.y)
    )
    side = side_of(code)
    quiet = 4 * side / 29
    kept_white = Box(left - quiet, top - quiet, left + side + quiet, top + side + quiet)
    for box in boxes_of(page):
        assert box.left >= MARGIN - 0.5
        assert box.right <= A4[0] - MARGIN + 0.5
        assert 3.5 <= box.top < box.bottom <= A4[1] - 10
        assert not box.touches(kept_white)
    assert not collisions(list(boxes_of(page)))


def test_the_name_of_the_village_is_the_largest_text():
    (page,) = open_pages(posters([POSTER], "zh", chinese))
    text = page.get_textpage()
    signs = text.get_text_range()
    heights = {}
    for position, sign in enumerate(signs):
        _, bottom, _, top = text.get_charbox(position, loose=True)
        heights[sign] = max(heights.get(sign, 0), top - bottom)
    assert max(heights, key=heights.__getitem__) in POSTER.village
