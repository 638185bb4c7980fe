"""Ranges that overlap: the same as comparing each with each."""

from hypothesis import given
from hypothesis import strategies as st

from survey.core.overlap import overlapping

POINTS = st.integers(40, 100)
RANGES = st.lists(st.none() | st.tuples(POINTS, POINTS).map(lambda ends: tuple(sorted(ends))))


@given(RANGES)
def test_it_is_what_comparing_each_with_each_gives(ranges):
    def alike(one, other):
        return one[0] <= other[1] and other[0] <= one[1]

    known = [one for one in ranges if one is not None]
    assert overlapping(ranges) == [
        None if one is None else sum(alike(one, other) for other in known) - 1 for one in ranges
    ]


def test_ranges_that_touch_overlap():
    assert overlapping([(80, 82), (82, 84), (84.1, 90), None]) == [1, 1, 0, None]
