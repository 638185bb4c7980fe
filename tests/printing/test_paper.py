import pytest

from survey.printing import qr
from survey.printing.paper import Paper
from survey.printing.typeface import MISSING_CHARACTER
from tests.printing.reading import boxes_of, open_pages, text_of

RARE = (
    "垚堃㙍㘵圪垯崾岘塬峁墚堽堌埇浉畈坨坂㳇鿍圐圙崮峧㟃䢺䴙磏硚嶅峪垟垵厝塅㵲㴔㕔湴寮埒嶴㘭墈𠙶𬒈𬴃"
)


@pytest.fixture
def paper():
    paper = Paper("Test", "zh")
    paper.add_page()
    yield paper
    paper.finish()


def test_rare_signs_of_place_names_are_in_the_font(paper):
    assert paper.shown(RARE) == RARE


def test_a_sign_that_the_font_lacks_is_shown_as_missing_and_nothing_else_happens(paper, caplog):
    paper.print(20, 20, "前\N{ZERO WIDTH SPACE}\ue123柳\U0002ffff屯\n村", 20)
    (page,) = open_pages(paper.finish())
    assert text_of(page) == f"前{MISSING_CHARACTER}柳{MISSING_CHARACTER}屯村"
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_what_was_recorded_prints_the_same_on_another_page(paper):
    paper.print(20, 20, "前", 12)
    record = paper.record(lambda: paper.print(20, 40, "柳", 12))
    paper.add_page()
    paper.print(20, 20, "前", 30)
    paper.draw_raw(record)
    first, second = (list(boxes_of(page)) for page in open_pages(paper.finish()))
    assert first[0] != second[0]
    assert first[1] == second[1]


def test_no_line_begins_with_a_closing_sign_or_is_too_wide(paper):
    text = "截止以后，先打乱，只算全村的（谁也不知道）。网址：pingyi.example.cn，别填。" * 3
    for width in range(15, 90, 3):
        lines = paper.fold(text, width, 12)
        assert "".join(lines) == text
        assert all(paper.width(line, 12) <= width for line in lines)
        assert not any(line[0] in "，。：）" or line[-1] in "（" for line in lines)


def test_english_is_folded_between_words_and_addresses_after_a_slash(paper):
    assert paper.fold("one two three", paper.width("one two ", 12), 12) == ["one two", "three"]
    folded = paper.fold("https://pingyi.example.cn/v/7KQ2M9DX4T", 65, 12)
    assert folded == ["https://pingyi.example.cn/v/", "7KQ2M9DX4T"]


def test_no_sign_stands_alone_on_the_last_line(paper):
    assert paper.fold("先打乱只算全村的", paper.width("先打乱只算全村", 12), 12) == [
        "先打乱只算全",
        "村的",
    ]


def test_the_largest_size_that_fits_is_taken_and_else_the_smallest(paper):
    assert paper.fitting(["村"], 100, 100, range(40, 5, -1)) == 40
    assert paper.fitting(["村" * 30], 100, 6, range(40, 5, -1)) < 10
    assert paper.fitting(["村" * 3000], 100, 6, range(40, 5, -1)) == 6


@pytest.mark.parametrize(
    ("address", "coded"),
    [
        ("https://a.example.cn/v/7KQ2M9DX4T", "HTTPS://A.EXAMPLE.CN/V/7KQ2M9DX4T"),
        ("http://127.0.0.1:8000/t/", "HTTP://127.0.0.1:8000/T/"),
        ("https://a.example.cn/Survey/v/7KQ2", "https://a.example.cn/Survey/v/7KQ2"),
        ("https://a.example.cn/v/7KQ2?lang=en", "https://a.example.cn/v/7KQ2?lang=en"),
    ],
)
def test_upper_case_is_used_only_where_it_changes_nothing(address, coded):
    assert qr.coded(address) == coded


def test_an_ordinary_address_fits_version_3():
    strokes, modules = qr.path(qr.coded("https://pingyi.city-of-x.example.cn/t/1234567890123456"))
    assert modules == 29
    assert strokes.endswith("re")
