"""What looks personal is pointed out; what an office writes every day is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import personal_data
from survey.core.personal_data import is_card_number, is_identity_number

IDENTITY = "11010519491231002X"
"""The example of GB 11643-1999, annex: nobody's."""


def with_luhn(digits: str) -> str:
    """Return *digits* and the one that makes a card number of them."""
    return next(digits + last for last in "0123456789" if by_hand(digits + last))


def by_hand(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("电话13800138000，晚上打", "phone", "13800138000"),
        ("电话 138-0013-8000", "phone", "138-0013-8000"),
        ("＋８６１３８００１３８０００", "phone", "＋８６１３８００１３８０００"),
        ("座机0318-2345678。", "phone", "0318-2345678"),
        ("座机010-62345678", "phone", "010-62345678"),
        (f"证号{IDENTITY}", "identity", IDENTITY),
        (f"证号{IDENTITY.lower()}号", "identity", IDENTITY.lower()),
        ("110105 19491231 002X", "identity", "110105 19491231 002X"),
        ("卡号" + with_luhn("622202123456789012"), "bank_card", with_luhn("622202123456789012")),
        ("是王某某反映的", "name", "王某某"),
        ("李某说", "name", "李某"),
        ("找王书记谈过", "name", "王书记"),
        ("欧阳明同志负责", "name", "欧阳明同志"),
        ("由赵铁柱主任落实", "name", "赵铁柱主任"),
    ],
)
def test_what_looks_personal_is_named_as_it_stands(text: str, kind: str, part: str) -> None:
    assert [(found.kind, found.text) for found in personal_data.find(text)] == [(kind, part)]


@pytest.mark.parametrize(
    "text",
    [
        "村支部书记和村委会主任",
        "第一书记每周到村",
        "镇党委书记包村，副书记协助",
        "前王村书记一肩挑",
        "李家庄支书",
        "村编码990101100201",
        "2026-11-24前完成，投入120000元",
        "合同号2026112400012345",
        "张贴公示，马上整改，石桥修好",
        "金额1234567890123元",
        "镇农业农村办公室、县民政局",
        "",
    ],
)
def test_what_offices_write_every_day_is_left_alone(text: str) -> None:
    assert personal_data.find(text) == ()


def test_a_text_with_several_is_told_of_each_once_and_in_order() -> None:
    found = personal_data.find_in(["13800138000 找张某", "张某", "13800138000"])
    assert [(one.kind, one.text) for one in found] == [("phone", "13800138000"), ("name", "张某")]
    assert "looks like a telephone number" in str(found[0].sentence)


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_character_is_no_identity_number(place: int) -> None:
    assert is_identity_number(IDENTITY)
    wrong = str((int(IDENTITY[place].replace("X", "9")) + 1) % 10)
    assert not is_identity_number(IDENTITY[:place] + wrong + IDENTITY[place + 1 :])


@given(st.text("0123456789", min_size=16, max_size=19))
def test_a_card_number_is_told_by_its_check_digit(digits: str) -> None:
    assert is_card_number(digits) == by_hand(digits)


@given(st.text())
def test_any_text_is_read_and_what_is_found_stands_in_it(text: str) -> None:
    assert all(found.text in text for found in personal_data.find(text))
