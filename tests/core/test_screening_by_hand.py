"""Each screen on cases that a pencil can check: counts, curves, and the edges of both."""

import numpy as np
import pytest
from scipy.stats import poisson

from survey.core.screening import allgood, patterns, windows


@pytest.mark.parametrize("others", [[1, 2, 3, 4, 5, 6], [1] * 6])
@pytest.mark.parametrize(("level", "rare"), [(0.09, True), (0.06, False)])
def test_gathering_has_the_probability_that_counting_gives(level, rare, others):
    """Four alike in a window of 4, none in one of 6: 1 + C(6, 4) of C(10, 4) deals do as much.

    How the ballots that are not counted answer does not matter.
    """
    times = np.array([1] * 4 + [2] * 6)
    counted = times == 1
    random = np.random.default_rng(1)
    found = windows.gathered(np.array([0] * 4 + others), times, counted, level, random)
    assert found is rare  # 16/210 = .076; four standard errors of 9,999 deals are .011


def test_ballots_that_are_not_counted_gather_unseen():
    times = np.array([1] * 5 + list(range(2, 30)))
    alike = np.array([0] * 5 + list(range(1, 29)))
    counted = np.ones(len(times), dtype=bool)
    assert windows.gathered(alike, times, counted, 0.01, np.random.default_rng(1))
    counted[:2] = False
    assert not windows.gathered(alike, times, counted, 0.01, np.random.default_rng(1))


def burst(inside, outside, in_bucket=1):
    points = np.array([*inside, *outside], dtype=float)
    buckets = np.array([7] * (len(inside) // in_bucket * in_bucket) + [0] * len(outside))
    buckets[len(inside) :] = np.arange(100, 100 + len(outside))
    return windows.burst(points, buckets, np.random.default_rng(1))


def test_a_burst_differs_upwards_and_downwards():
    """2 of C(16, 8) = 12,870 deals are as far apart."""
    assert burst([100] * 8, [60] * 8)
    assert burst([60] * 8, [100] * 8)


def test_no_burst_is_seen_in_seven_ballots_or_in_less_than_five_points_or_without_a_rest():
    assert not burst([100] * 7, [40] * 30)
    assert not burst([100] * 8, [95.1] * 30)
    assert burst([100] * 8, [95] * 30)
    assert not burst([100] * 8, [])


def test_two_others_are_too_few_to_tell_a_burst():
    """1 of C(10, 2) = 45 deals is as far apart."""
    assert not burst([100] * 8, [40] * 2)


def test_only_the_three_busiest_buckets_make_the_burst_and_ties_all_of_them():
    sizes = {10: 12, 20: 11, 30: 10, 40: 9}
    buckets = np.repeat(list(sizes), list(sizes.values()))
    assert set(buckets[windows._in_burst(buckets)]) == {10, 20, 30}
    tied = np.repeat([10, 20, 30, 40, 50], [12, 11, 10, 10, 7])
    assert set(tied[windows._in_burst(tied)]) == {10, 20, 30, 40}


def repeating(*copies, mixed=10):
    """The patterns of a village: so many copies of one, of the next …, the rest all different."""
    places = np.repeat(np.arange(len(copies)), copies)
    return [*places, *range(1000, 1000 + mixed - len(places))]


def repeated(*villages):
    places = np.repeat(np.arange(len(villages)), [len(each) for each in villages])
    codes = np.concatenate([np.asarray(each) + 2000 * at for at, each in enumerate(villages)])
    return patterns.repeated(places, codes, np.full(len(villages), 80.0)).tolist()


def test_repeated_patterns_against_what_other_villages_have():
    """One identical pair of 45 elsewhere: λ = 1, so 13 pairs are flagged and 12 are not."""
    others = [repeating(2)] * 5
    assert repeated(repeating(5, 3), *others) == [True] + [False] * 5
    assert repeated(repeating(5, 2, 2), *others) == [False] * 6


def test_ten_pairs_and_three_times_what_is_expected_are_no_chance():
    """So the Poisson tail, below .001, need not be asked for as well."""
    expected = np.linspace(0.001, 2000, 50_000)
    assert poisson.sf(np.ceil(10 + 3 * expected) - 1, expected).max() < 0.001


def test_nothing_repeated_elsewhere_leaves_ten_pairs():
    others = [repeating()] * 5
    assert repeated(repeating(5), *others)[0]
    assert not repeated(repeating(4, 3), *others)[0]


def test_repetition_is_not_judged_by_fewer_than_five_other_villages():
    assert repeated(repeating(9), *[repeating()] * 4) == [False] * 5


def test_one_stuffed_neighbour_does_not_hide_another():
    others = [repeating()] * 8
    assert repeated(repeating(9), repeating(8), *others) == [True, True] + [False] * 8


def test_a_ballot_of_one_grade_or_of_none_is_straight():
    ballots = [[0, 0, 0], [1, -1, 1], [-1, -2, -1], [3, -2, -2], [0, 1, 0], [-1, 2, 3]]
    straight = patterns.is_straight(np.array(ballots, dtype=np.int8))
    assert straight.tolist() == [True, True, True, True, False, False]


def curve(levels):
    """A height for each level: a parabola over arcsin √level."""
    angles = np.arcsin(np.sqrt(levels))
    return 0.1 + 0.2 * angles + 0.3 * angles**2


def all_good(heights, levels):
    shares = np.sin(heights) ** 2
    return np.flatnonzero(allgood.all_good(shares, levels, np.full(len(levels), 50))).tolist()


def test_a_village_far_above_the_curve_has_too_many_all_good_ballots():
    levels = np.linspace(0.3, 0.9, 30)
    noise = np.random.default_rng(3).uniform(-0.03, 0.03, 30)
    heights = curve(levels) + noise
    assert all_good(heights, levels) == []
    heights[11] += 0.3
    heights[20] -= 0.3
    assert all_good(heights, levels) == [11]


def test_where_all_others_lie_on_the_curve_nothing_can_be_said():
    levels = np.linspace(0.3, 0.9, 30)
    heights = curve(levels)
    heights[11] += 0.3
    assert all_good(heights, levels) == []
    assert all_good(np.full(30, 0.4), np.full(30, 0.7)) == []


def test_where_nearly_everybody_says_good_the_curve_is_not_left():
    """Mean and share reach their ends together: no suspicion, although a plain parabola misses."""
    levels = np.array([*np.linspace(0.5, 0.85, 36), 0.98, 0.985, 0.99, 0.995, 1])
    shares = levels**3
    noise = np.random.default_rng(3).uniform(-0.02, 0.02, 41)
    shares = np.sin(np.clip(np.arcsin(np.sqrt(shares)) + noise, 0, np.pi / 2)) ** 2
    assert not allgood.all_good(shares, levels, np.full(41, 50)).any()


@pytest.mark.parametrize(("villages", "deviations"), [(20, 3.80), (41, 3.33), (465, 3.03)])
def test_the_fewer_villages_drew_the_curve_the_farther_off_it_counts_as_far(villages, deviations):
    """Student's quantile of the tail beyond 3 normal deviations, from tables, × √(V/(V − 3))."""
    assert allgood._far(villages) == pytest.approx(deviations, abs=0.005)


def test_too_few_villages_or_ballots_make_no_curve():
    levels = np.linspace(0.3, 0.9, 19)
    heights = curve(levels) + np.random.default_rng(3).uniform(-0.03, 0.03, 19)
    heights[11] += 0.5
    assert all_good(heights, levels) == []
    levels = np.linspace(0.3, 0.9, 30)
    heights = curve(levels) + np.random.default_rng(3).uniform(-0.03, 0.03, 30)
    heights[11] += 0.5
    sizes = np.full(30, 10)
    assert allgood.all_good(np.sin(heights) ** 2, levels, sizes)[11]
    sizes[11] = 9
    assert not allgood.all_good(np.sin(heights) ** 2, levels, sizes).any()


def test_the_regression_is_that_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    random = np.random.default_rng(9)
    levels = random.uniform(0.3, 0.98, 60)
    heights = curve(levels) + random.standard_t(2, 60) * 0.05
    design = allgood._curve(allgood._angle(levels))
    theirs = sm.RLM(heights, design, M=sm.robust.norms.HuberT(1.345)).fit(
        maxiter=500, tol=1e-12, scale_est=sm.robust.scale.mad
    )
    ours = allgood._fitted(design, heights)
    assert np.abs(ours - theirs.fittedvalues).max() < 1e-3
