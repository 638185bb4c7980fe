"""The font, cut to what is printed: the same outlines, in a thousandth of the bytes."""

import pytest

from survey.printing import typeface
from survey.printing.paper import Paper
from tests.printing.reading import boxes_of, open_pages, text_of
from tests.printing.test_paper import RARE

WORDS = f"前柳屯村 Village (1): {RARE}"


def page(face=None):
    paper = Paper("Test", "zh", typeface=face)
    paper.add_page()
    for number, start in enumerate(range(0, len(WORDS), 20)):
        paper.print(20, 30 + number * 15, WORDS[start : start + 20], 24)
    (found,) = open_pages(paper.finish())
    return found


def test_a_cut_font_prints_the_same_picture():
    whole, cut = page(), page(typeface.cut([WORDS]))
    assert text_of(cut) == text_of(whole)
    assert list(boxes_of(cut)) == list(boxes_of(whole))
    assert cut.render(scale=2).to_numpy().tobytes() == whole.render(scale=2).to_numpy().tobytes()


def test_a_cut_font_is_small():
    assert len(typeface.cut([WORDS]).program) < typeface.font_path().stat().st_size / 200


def test_a_sign_that_the_whole_font_lacks_is_shown_as_missing():
    face = typeface.cut(["前\ue123村"])
    paper = Paper("Test", "zh", typeface=face)
    assert paper.shown("前\ue123村") == f"前{typeface.MISSING_CHARACTER}村"


def test_a_sign_that_it_was_not_cut_for_is_a_fault():
    paper = Paper("Test", "zh", typeface=typeface.cut(["前"]))
    with pytest.raises(ValueError, match="not cut"):
        paper.shown("村")


def test_signs_that_are_put_together_are_cut_as_they_are_printed():
    face = typeface.cut(["Cafe\N{COMBINING ACUTE ACCENT}"])
    paper = Paper("Test", "zh", typeface=face)
    assert paper.shown("Cafe\N{COMBINING ACUTE ACCENT}") == "Café"
