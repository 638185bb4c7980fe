"""What is cut from a text is not in it any more, and nothing else is missing."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from survey.core.errors import Invalid
from survey.core.moderation import MARK, REASONS, cut, require_reason

TEXT = "王大明说账目没公开，他的电话是13800138000。王大明很急。"


def test_every_place_where_a_part_stands_is_cut():
    left = cut(TEXT, ["王大明", "13800138000"])
    assert left == f"{MARK}说账目没公开，他的电话是{MARK}。{MARK}很急。"


def test_parts_that_overlap_or_touch_leave_one_mark():
    assert cut("abcdef g", ["bcd", "cde", "f"]) == f"a{MARK} g"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([], "mark what is to be cut"),
        (["  "], "mark what is to be cut"),
        (["李四"], "李四"),
        ([TEXT], "Nothing would be left"),
        ([TEXT[:-1]], "Nothing would be left"),
    ],
)
def test_what_cannot_be_cut_is_refused(parts, told):
    with pytest.raises(Invalid) as refused:
        cut(TEXT, parts)
    assert told in str(refused.value)


@given(st.data())
def test_no_part_is_left_and_all_else_is(data):
    signs = st.characters(whitelist_categories=("Lo", "Nd", "Po"))
    text = data.draw(st.text(signs, min_size=2, max_size=30))
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))].strip()
    assume(part)
    try:
        left = cut(text, [part])
    except Invalid:
        assume(False)
    assert all(part not in piece for piece in left.split(MARK))
    remaining = iter(text)
    assert all(sign in remaining for sign in left.replace(MARK, ""))


def test_a_reason_is_one_of_the_list():
    assert require_reason("insult") == "insult"
    for reason in ("", "because", "released"):
        assert reason not in REASONS
        with pytest.raises(Invalid):
            require_reason(reason)
