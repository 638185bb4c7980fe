import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.gaps import Sides, adjust, difference, gap, gaps_of_round, power_note
from survey.core.interval import interval
from tests.core.ballots import (
    FOUR,
    ONE,
    VECTORS,
    WORKED,
    ballots_of,
    scores_of,
    worked_mass,
)

close = pytest.approx


def worked_self():
    return scores_of(WORKED["gap"]["self_ballots"], ONE, audience="self").source


def test_the_worked_gap_holds_to_nine_digits():
    wanted, own = WORKED["gap"], worked_self()
    assert own.value == close(wanted["Ds"], abs=1e-9)
    assert own.phi == close(wanted["phi"], abs=1e-9)
    assert own.df == wanted["df"]
    assert (own.low, own.high) == close(wanted["ci"], abs=1e-9)
    found = gap(own, worked_mass())
    assert (found.value, found.low, found.high) == close(wanted["gap"], abs=1e-9)
    assert found.p == close(wanted["p"], abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "limits"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
    ],
)
def test_with_phi_one_and_normal_quantiles_it_is_the_hybrid_interval_of_newcombe(
    first, second, limits
):
    """Newcombe 1998, Stat Med 17:873-890, Table II, method 10."""
    sides = [
        Sides(*(np.array([cell], float) for cell in (hits / n, n, 1, 0, math.inf, 0, 1)))
        for hits, n in (first, second)
    ]
    low, high, _ = difference(*sides)
    assert (low[0], high[0]) == close(limits, abs=5e-5)


@given(ballots_of(3, least=1, most=9), ballots_of(3, least=1, most=30))
def test_p_is_the_level_at_which_the_limit_reaches_nothing(own_ballots, mass_ballots):
    own, mass = scores_of(own_ballots, ONE).source, scores_of(mass_ballots, ONE, eligible=80).source
    if own is None or mass is None:
        return
    found = gap(own, mass)
    assert 0 <= found.p <= 1
    assert found.low <= found.value <= found.high
    if found.value == 0:
        assert found.p == 1
        return
    if found.p < 1e-12:
        return
    upper, lower = (own, mass) if found.value > 0 else (mass, own)
    below = upper.value - limits_at(upper, found.p)[0]
    above = limits_at(lower, found.p)[1] - lower.value
    assert math.hypot(below, above) == close(abs(found.value), abs=1e-8)
    assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def limits_at(score, p):
    return interval(
        score.value, score.n, score.phi, score.f, score.df, score.lowest, score.highest, 1 - p
    )


def test_swapping_the_sides_turns_the_gap_around():
    one, other = gap(worked_self(), worked_mass()), gap(worked_mass(), worked_self())
    assert (other.value, other.low, other.high) == close((-one.value, -one.high, -one.low))
    assert other.p == close(one.p, abs=1e-12)


def test_two_censuses_that_differ_do_so_for_certain():
    own, mass = (replace(one, f=1.0) for one in (worked_self(), worked_mass()))
    found = gap(own, mass)
    assert found.p == 0
    assert found.low == found.value == found.high
    assert gap(mass, mass).p == 1


def test_a_gap_beyond_all_doubt_has_a_p_that_is_as_good_as_nothing():
    many = replace(worked_mass(), n=10**9, df=10**9, f=0.0)
    found = gap(replace(many, value=90.0), replace(many, value=50.0))
    assert found.p < 1e-15


@settings(max_examples=20)
@given(st.lists(st.tuples(ballots_of(10, most=8), ballots_of(10, most=20)), max_size=6))
def test_p_of_a_gap_does_not_hang_on_the_gaps_beside_it(villages):
    own = {str(place): scores_of(ballots) for place, (ballots, _) in enumerate(villages)}
    mass = {str(place): scores_of(ballots) for place, (_, ballots) in enumerate(villages)}
    for code, gaps in gaps_of_round(own, mass, 5).items():
        for dimension, found in gaps.items():
            sides = own[code].dimensions[dimension], mass[code].dimensions[dimension]
            if found is not None:
                assert found.p == close(gap(*sides).p, abs=1e-9)


def test_benjamini_and_hochberg_as_in_their_paper():
    vector = next(one for one in VECTORS["external"] if one["id"] == "V5")
    assert adjust(vector["inputs"]) == close(vector["expected"], abs=vector["tol"])
    assert adjust([]) == []


@given(st.lists(st.floats(0, 1), max_size=20), st.randoms(use_true_random=False))
def test_adjusting_keeps_order_and_never_lowers(p, random):
    adjusted = adjust(p)
    assert all(
        before <= after + 1e-15 <= 1 + 1e-12 for before, after in zip(p, adjusted, strict=True)
    )
    order = random.sample(range(len(p)), len(p))
    assert adjust([p[place] for place in order]) == close([adjusted[place] for place in order])


def test_gaps_of_a_round_are_adjusted_over_all_villages_and_dimensions():
    calm, proud = [[1] * 10, [2] * 10] * 20, [[0] * 10] * 12
    mass = {code: scores_of(calm, code=code) for code in "abc"}
    own = {"a": scores_of(proud, code="a"), "b": scores_of(calm[:12], code="b")}
    found = gaps_of_round(own, mass, 5)
    assert list(found) == ["a", "b", "c"]
    assert all(one.notable for one in found["a"].values())
    assert not any(one.notable for one in found["b"].values())
    assert set(found["c"].values()) == {None}
    everything = [*found["a"].values(), *found["b"].values()]
    assert [one.adjusted for one in everything] == close(adjust([one.p for one in everything]))


def test_a_small_gap_is_not_notable_however_certain():
    mass = {"a": scores_of([[1] * 10, [1] * 10] * 3000)}
    own = {"a": scores_of(([[1] * 10] * 9 + [[0] * 10]) * 600)}
    found = gaps_of_round(own, mass, 5)["a"]["effects"]
    assert found.adjusted < 0.05
    assert not found.notable
    assert gaps_of_round(own, mass, 1)["a"]["effects"].notable


def test_a_large_gap_that_may_be_chance_is_not_notable():
    mass = {"a": scores_of([[0] * 10, [2] * 10] * 3)}
    own = {"a": scores_of([[0] * 10] * 3)}
    found = gaps_of_round(own, mass, 5)["a"]["effects"]
    assert found.value == 20
    assert found.adjusted > 0.05
    assert not found.notable


def test_a_dimension_without_score_has_no_gap():
    mass = {"a": scores_of([[0, 0, 0, -1, 0, 0, 0, 0, 0, 0]] * 4)}
    own = {"a": scores_of([[1] * 10] * 4)}
    found = gaps_of_round(own, mass, 5)["a"]
    assert list(found) == list(FOUR)
    assert [name for name, one in found.items() if one is None] == ["measures"]


def test_few_self_evaluation_ballots_are_said_to_show_little():
    assert "Only 5 self-evaluation ballots" in str(power_note(5))
    assert power_note(10) is None


def test_a_gap_from_a_bound_is_a_bound_itself():
    own, mass = worked_self(), worked_mass()
    assert gap(replace(own, bound="≥"), mass).text == "≥ +12.2"
    assert gap(own, replace(mass, bound="≥")).bound == "≤"
    assert gap(replace(own, bound="≥"), replace(mass, bound="≥")).bound == "≈"
