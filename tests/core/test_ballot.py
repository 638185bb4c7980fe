"""The raw form becomes a ballot, whatever a phone or an attacker sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import ballot
from survey.core.ballot import BLANK, UNKNOWN, Ballot
from survey.core.cleaning import clean
from survey.core.errors import Invalid
from survey.core.questionnaire import CHOICES
from survey.storage.questionnaires import defaults

MASS = defaults()["mass"]
KEYS = [item.key for item in MASS.items]


def test_grades_become_numbers_best_first():
    form = dict(zip(KEYS, ["good", "fairly_good", "average", "poor", "unknown"], strict=False))
    cast = ballot.check(form, MASS)
    assert cast.answers == (0, 1, 2, 3, UNKNOWN) + (BLANK,) * (len(KEYS) - 5)


def test_blanks_are_named_in_their_order():
    cast = ballot.check({KEYS[1]: "good"}, MASS)
    assert ballot.blanks(cast, MASS) == (KEYS[0], *KEYS[2:])


@given(st.sampled_from(KEYS), st.text().filter(lambda text: text not in (*CHOICES, "")))
def test_what_is_no_grade_is_refused(key, text):
    with pytest.raises(Invalid):
        ballot.check({key: text}, MASS)


@given(st.text(max_size=3000))
def test_any_comment_becomes_one_clean_line_that_fits(text):
    comment = ballot.check({"comment": text}, MASS).comment
    assert len(comment) <= MASS.comment.maximum
    assert comment == clean(comment)
    assert comment.isprintable() or not comment
    comment.encode()


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\ud800", "\u200b", "\ufeff"])
def test_marks_that_hide_or_turn_text_are_taken_out(mark):
    assert clean(f"路{mark}灯") == "路灯"


def test_a_questionnaire_without_comment_keeps_none():
    silent = MASS.model_copy(update={"comment": None})
    assert ballot.check({"comment": "路灯"}, silent).comment == ""


@given(st.lists(st.integers(BLANK, 3), max_size=40).map(tuple))
def test_answers_are_written_and_read_back(answers):
    assert ballot.from_text(ballot.to_text(answers)) == answers


def test_stored_answers_that_cannot_be_read_are_refused():
    with pytest.raises(Invalid):
        ballot.from_text("01x")


@pytest.mark.parametrize(("graded", "valid"), [(0, False), (5, False), (6, True), (12, True)])
def test_half_of_the_items_make_a_ballot_valid(graded, valid):
    cast = Ballot((0,) * graded + (UNKNOWN,) * (12 - graded))
    assert ballot.is_valid(cast.answers) is valid
