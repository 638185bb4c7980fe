"""A page made once and spliced for each visitor: whole, escaped, and the same compressed."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.web.collect.press import Marks, Pressed

mark = Marks()
PAGE = (
    f"<title>{mark.village}</title><h1>{mark.village}</h1>"
    f'<input value="{mark["once"]}"><p>前柳屯村</p>'
)
NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)


@given(NAMES, NAMES)
def test_it_is_the_same_page_plain_and_compressed(village: str, once: str) -> None:
    said = "<p>好 较好 一般 差</p>"
    pressed = Pressed(f"<!doctype html>{said}{PAGE}{said * 200}")
    values = {"village": village, "once": once}
    assert gzip.decompress(pressed.compressed(values)) == pressed.plain(values)


def test_what_differs_is_spliced_in_and_escaped() -> None:
    page = Pressed(PAGE).plain({"village": '<b>"&', "once": "'1'"}).decode()
    assert page == (
        "<title>&lt;b&gt;&#34;&amp;</title><h1>&lt;b&gt;&#34;&amp;</h1>"
        '<input value="&#39;1&#39;"><p>前柳屯村</p>'
    )


def test_a_value_that_looks_like_a_mark_stays_as_it_is() -> None:
    page = Pressed(PAGE).plain({"village": mark.once, "once": "secret"}).decode()
    assert page.count("secret") == 1
    assert page.count(mark.once) == 2


def test_a_value_that_is_missing_is_no_page() -> None:
    with pytest.raises(KeyError):
        Pressed(PAGE).plain({"village": "前柳屯村"})


def test_many_visits_are_hardly_larger_than_one_stream() -> None:
    pressed = Pressed("".join(f"<p>{i} 好</p>" for i in range(300)) + PAGE + "<p>较好</p>" * 90)
    values = {"village": "前柳屯村", "once": "0" * 32}
    whole = gzip.compress(pressed.plain(values), 9)
    assert len(pressed.compressed(values)) < len(whole) + 150
