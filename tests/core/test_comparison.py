"""A village beside its last round: only where the same was asked, and never louder than chance."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.comparison import Asked, compare, explain
from survey.core.gaps import gap
from survey.core.policy import Policy
from survey.core.release import release
from tests.core.ballots import FOUR, scores_of

ITEMS = 10


def score(good, n=60, seed=0):
    """A released mass score: *good* of *n* ballots all good, the others all average."""
    ballots = [[0] * ITEMS] * good + [[2] * ITEMS] * (n - good)
    return release(scores_of(ballots, FOUR, eligible=400), Policy()).source


def asked(found, **changes):
    values = Policy().values
    return replace(Asked(questionnaire="q", values=values, by_ticket=True, score=found), **changes)


def told(now, before):
    return str(explain(compare(now, before), "Spring"))


def test_a_difference_is_that_of_two_independent_samples():
    now, before = score(40), score(30)
    found = compare(asked(now), asked(before))
    assert found.change == gap(now, before)
    assert found.change.value == pytest.approx(now.value - before.value)


def test_a_small_difference_can_be_chance_and_a_large_one_hardly():
    small = told(asked(score(32)), asked(score(30)))
    assert "Compared with “Spring”: 1.5 points more" in small
    assert small.endswith("That can be chance.")
    large = told(asked(score(15)), asked(score(45)))
    assert "points less" in large
    assert large.endswith("more than chance alone would usually make.")


def test_the_same_score_is_told_as_the_same():
    assert "the same (most likely between" in told(asked(score(30)), asked(score(30)))


def test_a_bound_is_told_as_a_bound():
    words = told(asked(score(60)), asked(score(30)))
    assert "≥ +18.0 points" in words
    assert "near the end of the scale" in words


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"questionnaire": "another"}, "the questions are not the same"),
        ({"values": (100, 75, 50, 25)}, "worth other points"),
        ({"by_ticket": False}, "open poster"),
        ({"score": None}, "is not shown"),
    ],
)
def test_what_is_not_alike_is_not_compared_and_it_says_why(changes, reason):
    here, other = asked(score(40)), asked(score(40), **changes)
    for now, before in ((here, other), (other, here)):
        found = compare(now, before)
        assert found.change is None
        assert not found.beyond_chance
        assert reason in str(explain(found, "Spring"))


def test_an_audience_that_was_not_asked_then_is_not_compared():
    assert "did not ask this" in told(asked(score(40)), None)


@given(st.integers(0, 60), st.integers(0, 60))
def test_comparing_the_other_way_round_turns_the_sign_and_nothing_else(one, other):
    there = compare(asked(score(one)), asked(score(other)))
    back = compare(asked(score(other)), asked(score(one)))
    assert there.change.value == pytest.approx(-back.change.value)
    assert (there.change.low, there.change.high) == pytest.approx(
        (-back.change.high, -back.change.low)
    )
    assert there.beyond_chance == back.beyond_chance
    assert there.beyond_chance == (there.change.p < 0.05)
