"""Composite, suggestion and cap in sentences that can be said aloud."""

import re
from dataclasses import replace

import pytest

from survey.core import plain_words
from survey.core.rating import Cap
from tests.core.test_workings import draw, released


def said(sentences):
    return " ".join(str(one) for one in sentences)


def test_a_score_is_told_with_its_n_and_its_range():
    score = released(draw(60), draw(12)).mass.dimensions["effects"]
    words = str(plain_words.of_score(score))
    assert f"{score.text} points from 60 ballots" in words
    assert f"between {score.low_text} and {score.high_text}" in words


def test_a_score_of_everybody_has_no_range():
    score = released(draw(60), draw(12), eligible=60).mass.dimensions["effects"]
    words = str(plain_words.of_score(score))
    assert "everybody entitled has answered" in words
    assert "between" not in words


def test_a_composite_says_that_only_the_mass_evaluation_is_a_sample():
    composite = released(draw(60), draw(12)).composite
    words = said(plain_words.of_composite("Clear Water", composite))
    assert f"give Clear Water {composite.text} points" in words
    assert f"between {composite.low_text} and {composite.high_text}" in words
    assert "two other voices are taken as they are" in words


def test_without_a_composite_it_says_what_is_missing():
    composite = released(draw(60), []).composite
    assert "no self-evaluation score" in said(plain_words.of_composite("Clear Water", composite))


@pytest.mark.parametrize(
    ("strength", "words"),
    [("clear", "eight or more"), ("borderline", "five to eight"), ("undecided", "fewer than five")],
)
def test_each_strength_is_explained(strength, words):
    suggestion = replace(released(draw(60), draw(12)).suggestion, strength=strength)
    told = said(plain_words.of_chances(suggestion))
    assert words in told
    assert "sure of “fairly good”" in told
    assert "nothing else" in told


def test_where_nothing_is_suggested_no_chance_is_told():
    assert plain_words.of_chances(released(draw(20), draw(12)).suggestion) == ()
    assert plain_words.of_robustness(released(draw(20), draw(12)).suggestion) == ()


@pytest.mark.parametrize(
    ("same", "poor_at", "words"),
    [
        (8, {0: "fairly_good", 30: "fairly_good"}, ("8 of 8", "does not hang", "Even if")),
        (6, {0: "average", 30: "fairly_good"}, ("6 of 8", "hangs on the weights", "could be")),
        (8, {0: None, 30: None}, ("8 of 8",)),
    ],
)
def test_it_says_whether_the_band_hangs_on_what_the_city_chose(same, poor_at, words):
    suggestion = released(draw(60), draw(12)).suggestion
    found = replace(suggestion.robustness, same=same, poor_at=poor_at)
    told = said(plain_words.of_robustness(replace(suggestion, robustness=found)))
    assert all(word in told for word in words)
    assert ("0 or 30" in told) == (poor_at[0] is not None)


NAMES = {"a": "Clear Water", "b": "Stone Bridge", "c": "Long Meadow"}


def test_a_cap_that_does_not_bind_is_a_ceiling_and_no_more():
    told = said(plain_words.of_cap(Cap(8, ("a", "b"), binds=False), 41, NAMES))
    assert "Of 41 villages at most 8" in told
    assert "for 2" in told
    assert "ceiling" in told
    assert "last in" not in told


def test_a_cap_that_binds_names_both_and_how_sure_it_is():
    cap = Cap(2, ("a", "b", "c"), True, last_in="b", first_out="c", probability=0.62)
    told = said(plain_words.of_cap(cap, 10, NAMES))
    assert "Stone Bridge would be the last in and Long Meadow the first out" in told
    assert "62%" in told


def test_a_cap_of_nobody_has_no_last_in():
    cap = Cap(0, ("a",), True, first_out="a")
    assert "last in" not in said(plain_words.of_cap(cap, 3, NAMES))


def test_no_sentence_has_an_unfilled_place():
    village = released(draw(60), draw(12))
    everything = said(
        [
            *plain_words.of_composite("Clear Water", village.composite),
            *plain_words.of_chances(village.suggestion),
            *plain_words.of_robustness(village.suggestion),
        ]
    )
    assert not re.search(r"%\(|\d\.\d{3}|None|nan", everything)
