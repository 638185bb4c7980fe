"""What goes with posters and slips: covers, accounting forms, the test page, A3."""

from dataclasses import replace

import pytest

from survey.printing.bag_form import Bag, BagText, bag_forms
from survey.printing.cover import Bundled, CoverText
from survey.printing.poster import cut_typeface, posters
from survey.printing.trial_page import trial_page
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
from tests.printing.test_poster import LONG as LONG_POSTER
from tests.printing.test_poster import POSTER

LANGUAGES = pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])
LONG = "圐圙旮旯" * 10
COVER = CoverText(
    township="青柳镇",
    round_title="2026年整顿测评",
    office="市委组织部",
    phone="0990-1234567",
    number=2,
    bundles=7,
    villages=(
        Bundled("990101100201", "前柳屯村", 2, 122),
        Bundled("990101100202", "后柳屯村", 2, 0),
    ),
)
LONG_COVER = replace(
    COVER,
    township=LONG,
    round_title=LONG,
    office=LONG,
    villages=(Bundled("990101100201", LONG, 2, 20_000),) * 70,
    mark="演练",
)
BAG = BagText(
    code="990101100201",
    village="前柳屯村",
    township="青柳镇",
    round_title="2026年整顿测评",
    office="市委组织部",
    phone="0990-1234567",
    bags=(Bag("群众测评", 122, 6, (1, 3)), Bag("基层自评", 0, 0, ())),
)
LONG_BAG = replace(
    BAG,
    village=LONG,
    township=LONG,
    round_title=LONG,
    office=LONG,
    bags=(Bag(LONG, 20_000, 1_000, tuple(range(1, 40))),) * 2,
    two_person=False,
    mark="演练",
)


def size_of(page):
    return tuple(round(length * 25.4 / 72) for length in page.get_size())


def test_a3_is_the_same_poster_larger():
    (small,) = open_pages(posters([POSTER], "zh", chinese))
    (large,) = open_pages(posters([POSTER], "zh", chinese, size="A3"))
    assert (size_of(small), size_of(large)) == ((210, 297), (297, 420))
    assert text_of(small) == text_of(large)
    codes = [codes_of(page)[0] for page in (small, large)]
    assert codes[0].text == codes[1].text
    assert side_of(codes[1]) == pytest.approx(1.414 * side_of(codes[0]), abs=0.5)


def test_a_cover_stands_before_the_posters_of_its_township():
    cover, poster = open_pages(posters([COVER, POSTER], "zh", chinese))
    text = text_of(cover)
    for said in (
        "青柳镇",
        "第2捆，共7捆",
        "990101100201前柳屯村2122",
        "990101100202后柳屯村2—",
        "交出人",
        "接收人",
        "第1页，共1页",
    ):
        assert said in text
    assert not codes_of(cover)
    assert len(codes_of(poster)) == 1


def test_a_long_cover_goes_on_overleaf_and_counts_its_own_pages():
    pages = open_pages(posters([COVER, POSTER, LONG_COVER], "zh", chinese))
    texts = [text_of(page) for page in pages]
    assert "第1页，共1页" in texts[0]
    assert len(texts) > 4
    for number, text in enumerate(texts[2:], 1):
        assert f"第{number}页，共{len(texts) - 2}页" in text
    assert sum(text.count("990101100201") for text in texts[2:]) == 70


@LANGUAGES
def test_one_font_cut_for_all_townships_prints_what_each_would_print_alone(language, translate):
    texts = [COVER, POSTER, LONG_COVER, LONG_POSTER]
    face = cut_typeface(texts, language, translate)
    for text in texts:
        together = open_pages(posters([text], language, translate, face=face))
        alone = open_pages(posters([text], language, translate))
        assert [text_of(page) for page in together] == [text_of(page) for page in alone]


def test_posters_of_one_round_share_what_they_say_and_keep_their_own_names():
    texts = [POSTER, replace(POSTER, village="后柳屯村"), replace(POSTER, phone="0990-7654321")]
    pages = [text_of(page) for page in open_pages(posters(texts, "zh", chinese))]
    alone = [text_of(open_pages(posters([text], "zh", chinese))[0]) for text in texts]
    assert pages == alone


def test_an_accounting_form_leaves_room_for_what_is_counted_and_who_saw_it():
    (page,) = open_pages(bag_forms([BAG], "zh", chinese))
    text = text_of(page)
    for said in ("青柳镇·前柳屯村", "990101100201", "第1,3份；其中备用6张", "还没有印测评码"):
        assert said in text
    for label in ("打印", "发出", "交回没用的", "袋里剩下的", "作废", "第一见证人，姓名、签字"):
        assert text.count(label) >= 2
    for label in ("第二见证人，姓名、签字", "日期、时间", "地点"):
        assert text.count(label) == 2
    assert text.index("群众测评") < text.index("122") < text.index("基层自评")
    assert "本系统设为一人操作" not in text


def test_each_village_has_a_form_of_its_own():
    pages = open_pages(bag_forms([BAG, replace(BAG, village="后柳屯村")], "en", english))
    texts = [text_of(page) for page in pages]
    assert ["前柳屯村" in text for text in texts] == [True, False]
    assert ["后柳屯村" in text for text in texts] == [False, True]
    assert all("Page1of1" in text for text in texts)


def test_a_form_says_when_one_person_acts_alone():
    text = "".join(text_of(page) for page in open_pages(bag_forms([LONG_BAG], "zh", chinese)))
    assert "本系统设为一人操作" in text
    assert "演练" in text


@LANGUAGES
@pytest.mark.parametrize(
    "make",
    [
        lambda *how: posters([LONG_COVER], *how),
        lambda *how: bag_forms([LONG_BAG], *how),
        lambda *how: bag_forms([BAG], *how),
        lambda *how: trial_page("https://pingyi.example.cn", *how),
    ],
    ids=["cover", "long form", "form", "test page"],
)
def test_long_names_stay_on_the_sheet(make, language, translate):
    for page in open_pages(make(language, translate)):
        boxes = list(boxes_of(page))
        for box in boxes:
            assert 15 <= box.left < box.right <= A4[0] - 15
            assert 3.5 <= box.top < box.bottom <= A4[1] - 5
        assert not collisions(boxes)


@pytest.mark.parametrize("size", ["A4", "A3"])
def test_the_test_page_has_a_code_of_each_size_and_no_slip_of_anybody(size):
    (page,) = open_pages(trial_page("https://pingyi.example.cn", "zh", chinese, size))
    found = codes_of(page)
    assert {code.text.casefold() for code in found} == {f"https://pingyi.example.cn/t/{'0' * 16}"}
    larger = 1 if size == "A4" else 2**0.5
    sides = sorted(side_of(code) / larger for code in found)
    assert sides == pytest.approx([28, 30, 82], abs=0.4)


def test_the_test_page_tells_what_to_check():
    text = text_of(open_pages(trial_page("https://pingyi.example.cn", "zh", chinese))[0])
    for said in ("离纸边5毫米", "离纸边10毫米", "0.1mm", "100%", "A4", "没有印掉边"):
        assert said in text
