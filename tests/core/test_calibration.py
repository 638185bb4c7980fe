"""The sheet of calibration villages: what is typed, what is wrong with it, and what it tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.calibration import (
    NAME_MAXIMUM,
    PLACES,
    Change,
    Sheet,
    changes,
    kept_meanwhile,
    read,
    to_form,
)
from survey.core.evaluation import Scale
from survey.core.groups import calibrate

SCALE = Scale((100.0, 80.0, 60.0, 40.0))
GROUPS = (3, 5)
ROUND = [("990101100201", "East Hill", "Clear Water"), ("990101100202", "East Hill", "Stone")]
NAMED = {"name.1": "File A", "name.2": "File B", "name.4": "File C"}


ASKED = (GROUPS, SCALE, ROUND)


def typed(**fields):
    return read(NAMED | {name.replace("_", "."): text for name, text in fields.items()}, *ASKED)


def test_nothing_typed_is_no_village_and_no_fault():
    assert read({}, *ASKED) == (Sheet(), {})


@given(
    st.sets(st.sampled_from(PLACES), min_size=3),
    st.dictionaries(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(GROUPS)),
        st.integers(4000, 10000).map(lambda hundredths: hundredths / 100),
    ),
)
def test_a_sheet_is_read_as_it_was_written(places, points):
    names = {place: f"File {place}" for place in sorted(places)}
    sheet = Sheet(names, {cell: one for cell, one in points.items() if cell[0] in names})
    assert read(to_form(sheet), *ASKED) == (sheet, {})


@pytest.mark.parametrize(
    ("text", "points"), [("85", 85), (" 82.75 ", 82.75), ("８５", 85), ("40", 40), ("100.00", 100)]
)
def test_points_are_read_however_they_are_typed(text, points):
    assert typed(points_1_3=text) == (Sheet(typed()[0].names, {(1, 3): points}), {})


@pytest.mark.parametrize(
    "text", ["39.99", "100.5", "-1", "8O", "80.125", "1e2", "NaN", "٨٠", "9" * 40]
)
def test_other_points_are_a_fault_beside_their_cell(text):
    sheet, faults = typed(points_1_3=text, points_2_5="80")
    assert faults.keys() == {"points.1.3"}
    assert str(faults["points.1.3"]) == "Please give 40 to 100, with two decimals at most."
    assert sheet.points == {(2, 5): 80}


def test_points_of_a_group_that_is_not_asked_are_not_read():
    assert typed(points_1_9="80")[0].points == {}


@pytest.mark.parametrize(("number", "fault_at"), [(1, "name.2"), (2, "name.3")])
def test_one_or_two_villages_are_too_few(number, fault_at):
    _, faults = read({f"name.{place}": f"File {place}" for place in PLACES[:number]}, *ASKED)
    assert faults.keys() == {fault_at}
    assert "at least 3 villages, or none" in str(faults[fault_at])


def test_points_without_a_name_are_not_lost_in_silence():
    _, faults = typed(points_3_5="80")
    assert str(faults["name.3"]) == "Please name this village, or clear its points."


@pytest.mark.parametrize(
    "name",
    [
        "Clear Water",
        "clear  water",
        "East Hill Clear Water",
        "East HillClear Water",
        "990101100202",
        "file 990101100201 of last year",
        "９９０１０１１００２０２",
    ],
)
def test_a_village_of_the_round_calibrates_nothing(name):
    _, faults = typed(name_2=name)
    assert faults.keys() == {"name.2"}
    assert "a village of the round itself" in str(faults["name.2"])


def test_a_village_elsewhere_may_have_the_same_name():
    assert typed(name_2="Clear Water, West County")[1] == {}
    assert typed(name_2="990101100299")[1] == {}


def test_the_same_village_twice_is_a_fault_at_the_second():
    assert typed(name_4="file b")[1].keys() == {"name.4"}


def test_a_name_may_be_long_and_not_endless():
    assert typed(name_2="村" * NAME_MAXIMUM)[1] == {}
    assert "201 characters" in str(typed(name_2="村" * (NAME_MAXIMUM + 1))[1]["name.2"])


def test_changes_name_what_differs_and_nothing_else():
    old = Sheet({1: "A", 2: "B"}, {(1, 3): 80.0, (2, 3): 70.5, (2, 5): 60.0})
    new = Sheet({1: "A", 2: "C", 3: "D"}, {(1, 3): 80.0, (2, 3): 71.0, (3, 5): 90.0})
    assert changes(old, new) == [
        Change(2, None, "B", "C"),
        Change(3, None, "", "D"),
        Change(2, 3, "70.5", "71"),
        Change(2, 5, "60", ""),
        Change(3, 5, "", "90"),
    ]
    assert changes(old, old) == []


def test_each_sheet_has_a_stamp_of_its_own():
    sheets = [
        Sheet(),
        Sheet({1: "A"}),
        Sheet({2: "A"}),
        Sheet({1: "A"}, {(1, 3): 80.0}),
        Sheet({1: "A"}, {(1, 3): 80.01}),
        Sheet({1: "A"}, {(1, 5): 80.0}),
    ]
    assert len({sheet.stamp for sheet in sheets}) == len(sheets)
    assert Sheet({2: "B", 1: "A"}).stamp == Sheet({1: "A", 2: "B"}).stamp


def test_what_was_kept_meanwhile_stands_beside_what_differs():
    kept = Sheet({1: "File A", 2: "File X"}, {(1, 3): 80.0, (1, 5): 70.0})
    form = {"name.1": "File A", "name.2": "File B", "points.1.3": "80", "points.2.3": "60"}
    found = {name: str(said) for name, said in kept_meanwhile(form, kept, GROUPS).items()}
    assert found == {
        "name.2": "Kept now: File X",
        "points.1.5": "Kept now: 70",
        "points.2.3": "Kept now: nothing",
    }


# What the sheet tells of the groups


SHEET = Sheet(
    {1: "A", 2: "B", 3: "C", 4: "D"},
    {(place, 3): 80.0 for place in (1, 2, 3, 4)} | {(place, 5): 86.0 for place in (1, 2, 3)},
)


def told(sheet, groups):
    found = calibrate(list(sheet.names.values()), sheet.of_groups(groups))
    return found.deviations, [str(one) for one in found.told]


def test_it_says_which_villages_counted_and_which_did_not():
    deviations, said = told(SHEET, {3: "Group 1", 5: "Group 2"})
    assert deviations == {"Group 1": -3, "Group 2": 3}
    assert said == [
        "Calibration villages that counted: A; B; C.",
        "Not counted, because not every group has scored it: D.",
    ]


@pytest.mark.parametrize(
    ("sheet", "groups", "said"),
    [
        (Sheet(), {3: "Group 1", 5: "Group 2"}, ["No calibration villages are named."]),
        (SHEET, {3: "Group 1"}, ["Fewer than two groups: there is nothing to compare."]),
        (SHEET, {}, ["Fewer than two groups: there is nothing to compare."]),
        (
            SHEET,
            {3: "Group 1", 5: "Group 2", 7: "Group 3"},
            [
                "Calibration villages with points of every group: 0. Nothing is compared below 3.",
                "Points are still missing from: Group 2; Group 3.",
            ],
        ),
    ],
)
def test_it_says_why_nothing_is_shown(sheet, groups, said):
    assert told(sheet, groups) == ({}, said)
