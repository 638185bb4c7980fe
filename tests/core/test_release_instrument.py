"""What may be shown of how good the questions are: from 400 ballots, rounded, with what to do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.factor import Coefficient
from survey.core.release import release_instrument
from survey.core.reliability import WHOLE, Instrument, ItemQuality, Scale, measure
from survey.core.tallies import count
from tests.core.ballots import ONE, VALUES

WEAK = "It hardly goes with the other questions"
ALL_GOOD = "more than 85 in 100 say good"
UNKNOWN = "More than a third do not know"


def item(received, good, unknown=0, *, r=0.5, n=None):
    """An item that *good* of *received* call good; the others, but for *unknown*, average."""
    rest = received - good - unknown
    return ItemQuality(
        position=0,
        dimension="effects",
        n=received if n is None else n,
        r=Coefficient(r),
        counts=(good, 0, rest, 0, unknown, 0),
    )


def released(one, received):
    figure = Scale(
        name=WHOLE, items=3, n=received, alpha=Coefficient(0.7149), omega=Coefficient(0.7251)
    )
    found = Instrument(received=received, valid=received, scales=(figure,), items=(one,))
    return release_instrument(found, {WHOLE: (0.68, 0.75)})


def warnings(one, received):
    return " ".join(map(str, released(one, received).items[0].warnings))


def test_figures_are_there_from_400_ballots_on_and_below_it_says_so():
    few, enough = released(item(399, 200), 399), released(item(400, 200), 400)
    assert "There are 399 ballots" in str(few.few)
    assert few.scales == ()
    assert (few.items[0].r.value, few.items[0].good, few.items[0].unknown) == (None, None, None)
    assert enough.few is None
    assert enough.scales[0].alpha.value == 0.71
    assert enough.scales[0].omega.value == 0.73
    assert enough.scales[0].limits == (0.68, 0.75)
    assert enough.items[0].r.value == 0.5


def test_a_coefficient_needs_400_ballots_for_each_two_of_its_questions():
    found = released(item(900, 500, n=399), 900).items[0]
    assert found.r.value is None
    assert "Fewer than 400 ballots" in str(found.r.why_not)
    assert found.good_text == "55%"


@pytest.mark.parametrize(("r", "warned"), [(0.294, True), (0.296, False), (-0.4, True)])
def test_an_item_that_goes_with_no_other_is_named_by_what_is_shown(r, warned):
    assert (WEAK in warnings(item(500, 200, r=r), 500)) is warned


@pytest.mark.parametrize(("good", "warned"), [(420, False), (430, True), (500, True)])
def test_an_item_that_nearly_all_call_good_is_named(good, warned):
    assert (ALL_GOOD in warnings(item(500, good), 500)) is warned


@pytest.mark.parametrize(
    ("received", "unknown", "warned"),
    [(19, 19, False), (30, 15, True), (30, 9, False), (600, 195, False), (600, 205, True)],
)
def test_an_item_that_many_cannot_answer_is_named_after_a_rehearsal_too(received, unknown, warned):
    assert (UNKNOWN in warnings(item(received, 0, unknown), received)) is warned


def test_a_share_of_nine_tenths_reads_as_a_bound():
    assert released(item(2000, 1950), 2000).items[0].good_text == "≥ 90%"
    assert released(item(2000, 1790), 2000).items[0].good_text == "89%"


@given(st.integers(400, 5000), st.floats(0.05, 0.85))
def test_no_share_tells_much_of_a_withheld_village_in_it(received, part):
    """A village is withheld below ten ballots: any of 0 to 9 of them may be good."""
    good = int(part * received)
    shown = released(item(received, good), received).items[0].good
    alike = [
        count
        for count in range(max(good - 25, 0), good + 26)
        if released(item(received, count), received).items[0].good == shown
    ]
    assert max(alike) - min(alike) >= 9


@given(st.integers(0, 80), st.integers(-2, 2), st.integers(-2, 2))
def test_a_round_of_one_village_tells_no_more_than_the_village_s_counts_in_fives(fives, one, other):
    """Counts that read the same on the village's page lead to the same warnings and shares."""
    counts = [max(5 * fives + away, 0) for away in (one, other)]
    left, right = (released(item(500, count, 50), 500).items[0] for count in counts)
    assert (left.good, left.unknown) == (right.good, right.unknown)
    assert left.warnings == right.warnings


def test_it_is_all_measured_from_a_tally():
    draw = np.random.default_rng(7)
    ballots = np.clip(draw.normal(size=(500, 1)) + draw.normal(size=(500, 3)), 0, 3).astype(int)
    found = release_instrument(measure(count(ballots, ONE, VALUES)), {})
    assert [one.name for one in found.scales] == ["effects", WHOLE]
    assert all(one.limits is None and one.alpha.value for one in found.scales)
