"""Questions that are not graded, after the seal: what is shown, what is kept back, what is told."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import extras
from survey.core.extras import ExtraTally
from survey.core.release import release_extra, rules
from tests import beside

ROAD, MISSING, VISITS, FIRST, WISH = beside.questionnaire().extras
TWO = ROAD.model_copy(update={"options": ROAD.options[:2]})
TWO_OF = MISSING.model_copy(update={"options": MISSING.options[:2]})


def tally(extra, counts, received=None, answered=None):
    keys = [option.key for option in extra.options]
    answered = sum(counts) if answered is None else answered
    return ExtraTally(received or answered, answered, dict(zip(keys, counts, strict=True)))


def numbers(found):
    return extras.count(found, VISITS)


def shown(released):
    return [(one.option.key, one.count, one.share) for one in released.options]


def test_counts_are_in_fives_and_shares_are_made_of_them():
    released = release_extra(tally(ROAD, (23, 12, 6), received=50), ROAD)
    assert shown(released) == [("east", 25, "62%"), ("west", 10, "25%"), ("none", 5, "12%")]
    assert (released.n, released.blank, released.withheld) == (40, 10, None)


def test_several_may_be_ticked_and_shares_are_of_who_answered():
    released = release_extra(tally(MISSING, (31, 22, 8), received=52, answered=42), MISSING)
    assert shown(released) == [("lamps", 30, "75%"), ("water", 20, "50%"), ("bus", 10, "25%")]
    assert (released.n, released.blank) == (40, 10)


@pytest.mark.parametrize("extra", [ROAD, MISSING])
def test_below_twenty_answers_nothing_is_shown_whatever_they_are(extra):
    for counts in [(19, 0, 0), (7, 6, 6), (0, 0, 19)]:
        released = release_extra(tally(extra, counts, received=300, answered=19), extra)
        assert released.options == ()
        assert released.n is released.blank is None
        assert "20" in str(released.withheld)
    assert release_extra(numbers([3] * 19 + [None] * 9), VISITS).quartiles is None
    assert release_extra(numbers([3] * 20), VISITS).quartiles == (3, 3, 3)


def test_where_nearly_all_chose_one_only_that_is_told():
    released = release_extra(tally(ROAD, (37, 2, 1), received=50), ROAD)
    assert shown(released) == [("east", None, "≥ 90%"), ("west", None, None), ("none", None, None)]
    several = release_extra(tally(MISSING, (40, 22, 8), received=50, answered=40), MISSING)
    assert shown(several) == [("lamps", None, "≥ 90%"), ("water", 20, "50%"), ("bus", 10, "25%")]


def test_nearly_all_and_all_look_the_same():
    nearly, all_ = (tally(ROAD, counts, received=50) for counts in [(37, 2, 1), (40, 0, 0)])
    assert release_extra(nearly, ROAD) == release_extra(all_, ROAD)


def test_counts_that_the_number_of_ballots_tells_are_kept_back():
    assert release_extra(tally(TWO, (13, 13)), TWO).withheld is not None
    assert release_extra(tally(TWO, (12, 12)), TWO).withheld is None


def test_written_answers_are_not_shown_however_many_there_are():
    for extra in (FIRST, WISH):
        released = release_extra(extras.count(["x"] * 500, extra), extra)
        assert released.withheld is not None
        assert released.n is None


def test_most_questions_are_shown():
    draw = random.Random(3)
    kept_back = 0
    for _ in range(400):
        received = draw.randint(40, 200)
        answered = draw.randint(received // 2, received)
        cuts = sorted(draw.sample(range(1, answered), 2))
        counts = (cuts[0], cuts[1] - cuts[0], answered - cuts[1])
        kept_back += release_extra(tally(ROAD, counts, received), ROAD).withheld is not None
    assert kept_back < 80


# What a reader can work out: all tallies that would look the same.


def answered_by(extra, counts):
    """The numbers of people whose answers can add up to *counts*."""
    if extra.kind == "choice":
        return [sum(counts)]
    return range(max(counts, default=0), sum(counts) + 1)


def look_alikes(extra, received):
    """Every tally of *received* ballots, in classes of what is shown of them."""
    classes = {}
    for counts in product(range(received + 1), repeat=2):
        for answered in answered_by(extra, counts):
            if answered > received:
                continue
            one = tally(extra, counts, received, answered)
            classes.setdefault(repr(release_extra(one, extra)), []).append((*counts, answered))
    return classes.values()


@pytest.mark.parametrize("received", [20, 21, 22, 24, 27, 31])
@pytest.mark.parametrize("extra", [TWO, TWO_OF], ids=["one of two", "any of two"])
def test_no_count_is_told_to_less_than_three_numbers(extra, received):
    for alike in look_alikes(extra, received):
        for column in list(zip(*alike, strict=True))[:2]:
            wide = max(column) - min(column) >= rules.LEAST_SPAN
            assert wide or min(column) == 0, (received, alike)


@given(st.lists(st.integers(0, 50), min_size=20, max_size=60), st.data())
def test_the_three_lowest_and_the_three_highest_numbers_may_be_anything(found, data):
    found.sort()
    low = data.draw(st.lists(st.integers(0, found[3]), min_size=3, max_size=3))
    high = data.draw(st.lists(st.integers(found[-4], 50), min_size=3, max_size=3))
    other = low + found[3:-3] + high
    assert release_extra(numbers(found), VISITS) == release_extra(numbers(other), VISITS)


@given(st.lists(st.integers(0, 50), min_size=20, max_size=200))
def test_quartiles_are_near_the_true_ones_and_in_order(found):
    lower, middle, upper = release_extra(numbers(found), VISITS).quartiles
    assert 0 <= lower <= middle <= upper <= 50
    ranked, half = sorted(found), len(found) // 2
    assert ranked[half - 3] - 1 <= middle <= ranked[min(half + 3, len(found) - 1)] + 1


def test_numbers_of_a_wide_range_are_rounded_to_about_a_hundredth_of_it():
    wide = VISITS.model_copy(update={"least": 0, "most": 100_000})
    released = release_extra(extras.count([48_731] * 30, wide), wide)
    assert released.quartiles == (49_000, 49_000, 49_000)


@pytest.mark.parametrize(
    ("least", "most", "size"),
    [(0, 1, 1), (0, 100, 1), (0, 101, 2), (-50, 200, 5), (-1_000_000, 1_000_000, 20_000)],
)
def test_the_step_of_a_number_hangs_on_what_was_asked_alone(least, most, size):
    assert rules.number_step(least, most) == size
