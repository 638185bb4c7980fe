"""A what-if knows released figures only: nothing withheld or exact comes out of any of them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.policy import Policy
from survey.core.release import OUTCOMES, moves, outcome, release_round, what_if
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count
from tests.core.ballots import FOUR, mixed, scores_of
from tests.core.test_release_round import a_round

FROZEN = Policy()
close = pytest.approx


def tried(villages, handed_out=None, **changes):
    return what_if(villages, FROZEN, Policy(**(FROZEN.model_dump() | changes)), handed_out)


def test_the_frozen_constants_suggest_what_they_did():
    slips = {"b": {"mass": 3}}
    villages = a_round(handed_out=slips)
    found = tried(villages, slips)
    assert found == {code: village.suggestion for code, village in villages.items()}
    assert moves(villages, found) == ()


def test_other_bands_and_weights_move_the_rating():
    villages = a_round()
    before = villages["a"].suggestion
    lower = tried(villages, band_good=85, good_needs_positive_share=0.5)["a"]
    assert (before.rating, lower.band) == ("fairly_good", "good")
    alone = tried(villages, weight_self=0, weight_mass=0, weight_organisational=1)["a"]
    assert alone.composite.value == 88.0
    after = tried(villages, band_good=80, band_fairly_good=70, good_needs_positive_share=0.5)
    (moved,) = moves(villages, after)[:1]
    assert (moved.code, outcome(moved.before)) == ("a", "fairly_good")
    assert outcome(moved.after) in OUTCOMES


def test_asking_for_fewer_ballots_brings_nothing_out_that_is_withheld():
    villages = a_round(n=9)
    found = tried(villages, minimum_mass_ballots=1, value_poor=0)["a"]
    assert (found.composite.value, found.composite.mass, found.probabilities) == (None, None, {})
    assert found.mass_needed == {}


def test_rounds_that_read_the_same_when_released_read_the_same_in_every_what_if():
    """The attack: many what-ifs side by side, to tell two rounds apart whose figures are equal."""
    first, second = twins()
    assert first["a"].mass.source == second["a"].mass.source
    for poor, good, share, least in product(
        (0, 17, 33.3, 39.99, 55), (86, 89.9, 93), (0.8, 0.9), (1, 200)
    ):
        constants = {
            "value_poor": poor,
            "band_good": good,
            "good_needs_positive_share": share,
            "minimum_mass_ballots": least,
        }
        assert tried(first, **constants) == tried(second, **constants)


def twins():
    """Two rounds whose exact scores differ, by less than their release shows."""
    found = []
    for last in (1, 2):
        ballots = mixed(120)
        ballots[0] = [*ballots[0][:-1], last]
        scores = scores_of(ballots, code="a", eligible=500)
        own = scores_of([[1] * 10] * 8, audience="self", code="a", eligible=40)
        found.append(
            (scores.source.value, release_round([scores], [own], FROZEN, organisational={"a": 88}))
        )
    assert found[0][0] != found[1][0]
    return found[0][1], found[1][1]


def exactly(ballots, policy):
    """The exact score of *ballots* under *policy*."""
    tally = VillageTally("a", 500, count(ballots, FOUR, policy.values))
    return score_round([tally], policy.values)[0].source.value


@given(st.integers(0, 59), st.integers(20, 150))
def test_another_value_of_poor_agrees_with_scoring_anew_as_far_as_it_is_rounded(poor, n):
    ballots = mixed(n)
    policy = Policy(**(FROZEN.model_dump() | {"value_poor": poor}))
    village = release_round([scores_of(ballots, code="a", eligible=500)], [], FROZEN)
    found = what_if(village, FROZEN, policy)["a"].composite.mass
    assert found.value == close(exactly(ballots, policy), abs=1.1)
    assert found.lowest == poor
    assert found.low <= found.value <= found.high


@given(
    st.lists(st.sampled_from((0, 0, 0, 0, 0, 0, 0, 0, 1, 3)), min_size=10, max_size=10),
    st.integers(0, 59),
)
def test_a_bound_stays_a_bound(row, poor):
    ballots = [row, *[[0] * 10] * 59]
    scores = scores_of(ballots, code="a", eligible=500)
    policy = Policy(**(FROZEN.model_dump() | {"value_poor": poor}))
    found = what_if(release_round([scores], [], FROZEN), FROZEN, policy)["a"].composite.mass
    assert found.bound == "≥"
    assert found.value <= exactly(ballots, policy) + 1e-9
