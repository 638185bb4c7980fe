"""Acceptance groups side by side: means, differences, overrides; nothing is adjusted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.groups import Judged, compare, deviations

close = pytest.approx


def judged(group="A", organisational=85.0, mass=80.0, **more):
    return Judged(group=group, organisational=organisational, mass=mass, **more)


def test_each_group_has_its_means_over_the_villages_with_both_scores():
    found = compare(
        [
            judged(organisational=90.0, mass=84.0),
            judged(organisational=80.0, mass=78.0),
            judged(organisational=70.0, mass=None),
            judged(organisational=None, mass=60.0),
            judged("B", organisational=75.0, mass=82.5),
        ]
    )
    first, second = found
    assert (first.group, first.villages, first.compared) == ("A", 4, 2)
    assert (first.organisational, first.mass, first.difference) == (85, 81, 4)
    assert (first.mass_text, first.difference_text) == ("81.0", "+4.0")
    assert (second.difference, second.difference_text) == (-7.5, "-7.5")


def test_a_group_without_any_village_to_compare_has_no_figure():
    (found,) = compare([judged(mass=None)])
    assert (found.organisational, found.mass, found.difference) == (None, None, None)
    assert (found.mass_text, found.difference_text) == ("", "")


@pytest.mark.parametrize(
    ("bounds", "mass", "difference"),
    [
        (("≥", ""), "≥ 98.0", "≤ -13.0"),
        (("≤", "≤"), "≤ 98.0", "≥ -13.0"),
        (("≥", "≤"), "≈ 98.0", "≈ -13.0"),
    ],
)
def test_bounds_stay_bounds_in_the_mean(bounds, mass, difference):
    (found,) = compare([judged(mass=98.0, bound=bound) for bound in bounds])
    assert (found.mass_text, found.difference_text) == (mass, difference)


def test_only_decisions_against_a_suggestion_are_overrides():
    (found,) = compare(
        [
            judged(suggestion="good", decision="good"),
            judged(suggestion="good", decision="fairly_good"),
            judged(suggestion=None, decision="average"),
            judged(suggestion="good", decision=None),
        ]
    )
    assert (found.decided, found.overridden, found.unsuggested) == (2, 1, 1)


POINTS = {
    "A": {"1": 80.0, "2": 90.0, "3": 70.0, "4": 60.0},
    "B": {"1": 86.0, "2": 93.0, "3": 73.0},
}


def test_calibration_villages_tell_how_far_a_group_is_from_the_mean_of_all():
    assert deviations(POINTS) == {"A": close(-2), "B": close(2)}


@pytest.mark.parametrize(
    "points",
    [{}, {"A": POINTS["A"]}, {"A": POINTS["A"], "B": {"1": 86.0, "2": 93.0, "9": 50.0}}],
)
def test_fewer_than_three_villages_of_two_groups_calibrate_nothing(points):
    assert deviations(points) == {}


@given(
    st.dictionaries(
        st.sampled_from("ABCDEFG"),
        st.fixed_dictionaries({code: st.floats(40, 100) for code in "123"}),
        min_size=2,
    )
)
def test_deviations_add_up_to_nothing(points):
    found = deviations(points)
    assert set(found) == set(points)
    assert math.fsum(found.values()) == close(0, abs=1e-9)


def test_an_adjusted_mean_is_a_second_line_and_changes_nothing_else():
    villages = [judged("A"), judged("B", organisational=99.0)]
    plain, adjusted = compare(villages), compare(villages, {"A": -2.0, "B": -4.0})
    assert [one.adjusted for one in plain] == [None, None]
    assert [one.adjusted for one in adjusted] == [87, 100]
    for before, after in zip(plain, adjusted, strict=True):
        assert (before.organisational, before.difference) == (
            after.organisational,
            after.difference,
        )


@pytest.mark.parametrize(
    ("deviation", "text"), [(2.04, "+2.0"), (-0.26, "-0.3"), (-0.04, "+0.0"), (None, "")]
)
def test_a_deviation_is_written_with_its_sign(deviation, text):
    (found,) = compare([judged()], {} if deviation is None else {"A": deviation})
    assert found.deviation_text == text
