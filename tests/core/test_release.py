import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.policy import Policy
from survey.core.release import (
    percent,
    release,
    turnout_in_tens,
)
from survey.core.release.items import released_counts
from survey.core.release.rules import (
    edge,
    hidden,
    nearest,
    nearest_share,
    outward,
    second,
    step,
)
from tests.core.ballots import FOUR, ONE, ballots_of, mixed, scores_of

POLICY = Policy()
close = pytest.approx


def released(ballots, columns=FOUR, *, audience="mass", exact=False, **how):
    return release(scores_of(ballots, columns, audience=audience, **how), POLICY, exact=exact)


def test_a_mass_evaluation_of_fewer_than_ten_ballots_is_withheld():
    few, enough = released(mixed(9)), released(mixed(10))
    assert few.source is None
    assert set(few.dimensions.values()) == {None}
    assert {item.value for item in few.items} == {None}
    assert {item.counts for item in few.items} == {None}
    assert (few.shares.good, few.share_texts) == (None, {})
    assert set(few.poor_at.values()) == {None}
    assert "Fewer than 10 ballots" in str(few.withheld["source"])
    assert (few.received, few.valid) == (9, 9)
    assert enough.source.text == "82"
    assert set(enough.withheld) == {f"items.{position}" for position in range(10)}
    assert set(released(mixed(30)).withheld) == {"counts.3"}


def test_a_self_evaluation_of_fewer_than_five_ballots_is_withheld():
    assert released(mixed(4), audience="self").source is None
    assert released(mixed(5), audience="self").source.value % 5 == 0
    assert released(mixed(9), audience="self").source.value % 5 == 0
    assert released(mixed(9), audience="self").shares.good is None


@pytest.mark.parametrize(
    ("n", "size"),
    [(10, 2), (19, 2), (20, 1), (49, 1), (50, 0.5), (199, 0.5), (200, 0.1), (1000, 0.1)],
)
@pytest.mark.parametrize("audience", ["mass", "self"])
def test_scores_are_rounded_by_the_number_of_ballots(n, size, audience):
    ballots = mixed(n)
    exact = scores_of(ballots, audience=audience)
    shown = released(ballots, audience=audience)
    figures = [
        (exact.source, shown.source),
        *(
            (score, shown.dimensions[name])
            for name, score in exact.dimensions.items()
            if len(FOUR[name]) > 2  # fewer answers are rounded to more
        ),
    ]
    for before, after in figures:
        assert abs(before.value - after.value) <= size / 2 + 1e-9
        assert after.value / size == close(round(after.value / size), abs=1e-6)
    assert shown.source.low <= exact.source.low + size
    for limit in (shown.source.low, shown.source.high):
        assert limit / size == close(round(limit / size), abs=1e-6)


def test_scores_near_an_end_read_as_a_bound():
    top, bottom = released([[0] * 10] * 30), released([[3] * 10] * 30)
    assert (top.source.text, bottom.source.text) == ("≥ 98", "≤ 42")
    assert {item.text for item in top.items} == {"≥ 94", None}
    assert {item.text for item in bottom.items} == {"≤ 46", None}
    assert (top.source.value, top.source.high) == (98, 100)
    assert (bottom.source.value, bottom.source.low) == (42, 40)
    assert released([[0] * 10] * 27 + [[1] * 10] * 3).source.text == "98"


@pytest.mark.parametrize("exact", [False, True])
def test_nothing_tells_all_good_from_nearly_all_good(exact):
    """Not the score, not its interval, probability or dispersion, not a count, not a share."""
    everybody = released([[0] * 10] * 30, eligible=100, exact=exact)
    nearly = released([[0] * 10] * 29 + [[0] * 9 + [1]], eligible=100, exact=exact)
    for name in ("value", "low", "high", "free_low", "free_high", "variance", "bound", "text"):
        assert getattr(everybody.source, name) == getattr(nearly.source, name), name
    assert everybody.shares == nearly.shares
    assert everybody.items == nearly.items
    assert everybody.poor_at == nearly.poor_at
    for least in (80, 90, 95):
        assert everybody.source.probability_at_least(least) == (
            nearly.source.probability_at_least(least)
        )


def test_the_dispersion_does_not_tell_that_all_said_the_same():
    everybody, nearly = released([[1] * 10] * 30), released([[1] * 10] * 29 + [[1] * 9 + [0]])
    assert everybody.source == nearly.source
    assert everybody.source.phi > scores_of([[1] * 10] * 30).source.phi


def test_a_bound_has_no_what_if():
    assert set(released([[0] * 10] * 30).poor_at.values()) == {None}
    assert None not in released(mixed(30)).poor_at.values()


def test_limits_and_probability_are_those_of_the_rounded_score():
    ballots = [[0] * 10, [1] * 10, [3, *[2] * 9], [0] * 10] * 10
    exact, shown = scores_of(ballots, eligible=300), released(ballots, eligible=300)
    phi = round(exact.source.phi_v, 2)
    again = replace(exact.source, value=shown.source.value, phi=phi)
    assert shown.source.probability_at_least(82) == again.probability_at_least(82)
    assert shown.source.phi == again.phi
    assert shown.source.variance is None
    assert shown.source.parts == ()
    assert shown.source.flips(75).about


def test_counts_are_shown_in_fives_from_twenty_ballots_on():
    assert {item.counts for item in released(mixed(19)).items} == {None}
    shown = released(mixed(23))
    assert [item.position for item in shown.items if item.counts is None] == [3]
    assert {item.n for item in shown.items} == {20}
    counted = [item.counts for item in shown.items if item.counts]
    assert all(count % 5 == 0 for counts in counted for count in counts)
    assert shown.items[0].count_texts == tuple(str(count) for count in shown.items[0].counts)


def test_a_score_beside_counts_is_the_score_of_these_counts():
    item = released(mixed(30)).items[0]
    assert item.counts == (10, 10, 10, 0, 0, 0)
    assert item.text == "80"
    assert scores_of(mixed(30)).items[0].value == close(81.3333, abs=1e-4)


def test_counts_that_the_scores_above_them_would_tell_are_not_shown():
    """All items of 50 ballots alike, rounded up in each grade but one: the total leaves room."""
    grades = [0] * 41 + [1] * 3 + [2] * 3 + [3] * 3
    ballots = [[grade] * 10 for grade in grades]
    item = scores_of(ballots).items[0]
    assert released_counts(item, 50, 0) == (40, 5, 5, 5, 0, 0)
    assert None in {one.counts for one in released(ballots).items if one.position != 3}


def test_counts_that_their_total_would_tell_are_not_shown():
    """3 + 3 + 3 + 13 of 22: in fives 5, 5, 5, 15, and only these add up to no more than 22."""
    grades = [0] * 3 + [1] * 3 + [2] * 3 + [3] * 13
    item = released([[grade] * 10 for grade in grades]).items[0]
    assert (item.counts, item.text) == (None, None)


@pytest.mark.parametrize(
    ("n", "items", "size", "near"),
    [(10, 1, 10, 6), (20, 1, 5, 3), (10, 3, 2, 2), (20, 3, 1, 2), (50, 3, 0.5, 2), (5, 3, 5, 4)],
)
def test_three_answers_more_or_less_are_never_seen(n, items, size, near):
    least = hidden(20, n * items)
    assert step(n, least) == size
    assert edge(least) == near


def test_a_score_of_one_item_takes_the_common_dispersion():
    shown = released(mixed(30)).dimensions["measures"]
    assert shown.phi_v == shown.phi_pool == 0.4


def test_below_the_least_number_nothing_hangs_on_the_answers():
    """Not even which items nobody answered."""
    said, silent = released(mixed(4)), released([[0] * 9 + [-1]] * 4)
    assert said == silent
    assert {item.n for item in said.items} == {None}
    assert said.left_out == ()


def test_an_item_that_nearly_all_graded_alike_says_only_that():
    ballots = [[0] * 10] * 27 + [[3] * 10] * 3
    item = released(ballots).items[0]
    assert item.majority == "good"
    assert item.count_texts == ("≥ 90%", None, None, None, "0", "0")
    assert item.counts == (None, None, None, None, 0, 0)
    assert released([[0] * 10] * 26 + [[3] * 10] * 4).items[0].majority is None


def test_a_share_of_nine_tenths_says_only_that():
    shown = released([[0] * 10] * 19 + [[2] * 10])
    assert (shown.share_texts["good"], shown.shares.good) == ("≥ 90%", 0.9)
    assert shown.share_texts["unknown"] == "0%"


@given(st.floats(0, 1), st.sampled_from([0.1, 0.05, 0.01]))
def test_a_rounded_share_stays_on_its_side_of_every_turning_point(share, size):
    turns = [(1 / 3, True), (0.5, False), (0.9, True)]
    shown = nearest_share(share, size, turns)
    assert abs(shown - share) <= size + 1e-9
    assert (shown >= 1 / 3) == (share >= 1 / 3)
    assert (shown > 0.5) == (share > 0.5)
    assert (shown >= 0.9) == (share >= 0.9)


def test_a_condition_above_nine_tenths_still_reads_from_the_released_share():
    strict = Policy(good_needs_positive_share=0.95)
    ballots = [[0] * 10] * 48 + [[2] * 10] * 2
    assert release(scores_of(ballots), strict).shares.positive == 0.95
    assert release(scores_of(ballots), POLICY).shares.positive == 0.9


def with_few_in(dimension_item, n=30, few=8):
    """Ballots of which only *few* grade item *dimension_item*."""
    return [
        [-1 if item == dimension_item and place >= few else grade for item, grade in enumerate(one)]
        for place, one in enumerate(mixed(n))
    ]


def test_a_second_dimension_is_withheld_where_the_source_would_give_one_away():
    ballots = with_few_in(3)
    ballots[0][4] = ballots[0][5] = -1
    shown = released(ballots)
    assert shown.source is not None
    assert [name for name, score in shown.dimensions.items() if score is None] == [
        "measures",
        "effects",
    ]
    assert "Fewer than 10" in str(shown.withheld["measures"])
    assert "could be worked out" in str(shown.withheld["effects"])
    for item in shown.items:
        if item.dimension in ("measures", "effects"):
            assert (item.value, item.counts, item.count_texts) == (None, None, None)


def test_a_second_item_is_withheld_where_the_dimension_would_give_one_away():
    shown = released(with_few_in(7))
    assert None not in shown.dimensions.values()
    hidden = [item.position for item in shown.items if f"items.{item.position}" in shown.withheld]
    assert len(hidden) == 2
    assert 7 in hidden
    assert shown.items[next(one for one in hidden if one != 7)].dimension == "responsibility"


def test_two_withheld_cells_need_no_third():
    assert second({"a": 30, "b": 20, "c": 9}, ["c"]) == "b"
    assert second({"a": 30, "b": 20, "c": 9}, ["b", "c"]) is None
    assert second({"a": 30}, []) is None
    assert second({"c": 9}, ["c"]) is None


@pytest.mark.parametrize("exact", [False, True])
@given(ballots=ballots_of(10, most=30), eligible=st.integers(0, 90) | st.none())
def test_no_withheld_figure_can_be_worked_out(exact, ballots, eligible):
    shown = released(ballots, eligible=eligible, exact=exact)
    hidden = [name for name, score in shown.dimensions.items() if score is None]
    if shown.source is not None:
        assert len(hidden) != 1
    for name, score in shown.dimensions.items():
        answered = {item.position for item in scores_of(ballots).items if item.n}
        items = [one for one in shown.items if one.dimension == name and one.position in answered]
        unseen = [item for item in items if f"items.{item.position}" in shown.withheld]
        if score is None:
            assert unseen == items
        else:
            assert len(unseen) != 1 or len(items) == 1
    for item in shown.items:
        assert item.n is None or item.n >= 10
        if f"items.{item.position}" in shown.withheld:
            assert (item.n, item.value, item.counts) == (None, None, None)


def test_exact_is_rounded_less_and_withholds_no_less():
    usual, shown = released(mixed(40)), released(mixed(40), exact=True)
    assert (usual.source.text, shown.source.text) == ("81", "80.5")
    assert (shown.source.variance, shown.source.parts) == (None, ())
    assert (shown.items, shown.shares) == (usual.items, usual.shares)
    assert released(mixed(9), exact=True).source is None
    assert released([[0] * 10] * 30, exact=True).source.text == "≥ 98"


def test_before_the_seal_used_tickets_are_shown_in_full_tens():
    assert [turnout_in_tens(used) for used in (0, 9, 10, 119)] == [0, 0, 10, 110]


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0, "0%"), (1, "100%"), (0.004, "< 1%"), (0.996, "> 99%"), (0.5, "50%"), (0.95, "95%")],
)
def test_a_probability_is_never_written_as_a_certainty_that_is_none(chance, text):
    assert percent(chance) == text


@given(st.floats(40, 100), st.sampled_from([5.0, 2.0, 1.0, 0.5, 0.1]))
def test_rounding_takes_the_nearest_step_and_limits_go_outward(value, size):
    assert abs(nearest(value, size) - value) <= size / 2 + 1e-6
    low, high = outward(value, value, size)
    assert low - 1e-6 <= value <= high + 1e-6
    assert high - low <= size + 1e-6
    assert math.isfinite(low)


def test_one_dimension_alone_is_released_like_any():
    assert released(mixed(30, 3), ONE).dimensions["effects"].text == "81"
