"""Who is behind, reckoned from full tens and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import watch
from survey.core.errors import Invalid
from survey.core.policy import Policy
from survey.core.turnout import tens
from survey.core.watch import Kept, Pace, Watched

OPENS = datetime(2026, 3, 1, 8, tzinfo=UTC)


def village(answered: int | None = 20, eligible: int | None = 200, **other: object) -> Watched:
    fields = {
        "village_id": 1,
        "code": "1",
        "township": "East",
        "name": "Clear Water",
        "group": "Group 1",
        "answered": answered,
        "eligible": eligible,
        "enough": True,
    }
    return Watched(**fields | other)


@pytest.mark.parametrize(
    ("days", "share"), [(-1, 0.0), (0, 0.0), (1, 0.1), (5, 0.5), (10, 1.0), (30, 1.0)]
)
def test_the_time_passed_is_a_share_of_the_time_between_opening_and_deadline(
    days: int, share: float
) -> None:
    now = OPENS + timedelta(days=days)
    assert watch.passed(OPENS, OPENS + timedelta(days=10), now) == pytest.approx(share)


@pytest.mark.parametrize(
    ("eligible", "expected"), [(200, 50), (239, 50), (240, 60), (39, 0), (0, 0), (None, None)]
)
def test_what_is_expected_by_now_is_in_full_tens(eligible: int | None, expected: int) -> None:
    assert Pace(0.5, 0.5).by_now(eligible) == expected


@pytest.mark.parametrize(
    ("answered", "eligible", "late"),
    [(40, 200, True), (50, 200, False), (50, 239, False), (50, 240, True), (0, 39, False)],
)
def test_late_is_who_has_fewer_full_tens_than_expected(
    answered: int, eligible: int, late: bool
) -> None:
    assert Pace(0.5, 0.5).is_late(village(answered, eligible)) is late


def test_where_nothing_is_known_nobody_is_late() -> None:
    pace = Pace(1.0, 1.0)
    assert not pace.is_late(village(0, None))
    assert not pace.is_late(village(None, 200))
    assert (village(0, None).share, village(None, 200).share) == (None, None)
    assert pace.mark(village(0, 0)) is None


@given(
    st.integers(0, 3000),
    st.integers(0, 9),
    st.integers(1, 3000),
    st.floats(0.01, 1),
    st.floats(0, 1),
)
def test_nobody_becomes_late_or_not_by_an_answer_between_two_full_tens(
    full: int, more: int, eligible: int, expected: float, passed: float
) -> None:
    """Whatever may be seen is that of the full ten, and a village with all that is expected is not
    late for a part of ten."""
    pace = Pace(expected, passed)
    exact = full * 10 + more
    shown = village(tens(exact), eligible)
    assert shown == village(full * 10, eligible)
    if exact >= expected * passed * eligible:
        assert not pace.is_late(shown)


def test_a_share_is_never_more_than_all_and_rounded_down() -> None:
    assert village(30, 200).share == 15
    assert village(20, 201).share == 9
    assert village(210, 200).share == 100


def test_the_expected_share_is_typed_or_the_policy_s_or_half() -> None:
    assert watch.expected_share("35", Policy()) == 0.35
    assert watch.expected_share(None, Policy(minimum_turnout=0.4)) == 0.4
    assert watch.expected_share("", Policy()) == 0.5


@pytest.mark.parametrize("typed", ["0", "101", "-5", "x", "5.5", "٥", "²"])
def test_no_other_share_is_taken(typed: str) -> None:
    with pytest.raises(Invalid):
        watch.expected_share(typed, Policy())


def test_how_it_is_reckoned_is_told_with_its_numbers() -> None:
    assert "50% of those eligible × 28% of the time" in str(Pace(0.5, 0.289).told)


def test_totals_add_up_what_is_shown() -> None:
    found = [village(20, 200), village(0, None, enough=False), village(100, 100, evaluated=True)]
    whole = watch.total("all", found, Pace(0.5, 1.0))
    assert (whole.villages, whole.answered, whole.eligible) == (3, 120, 300)
    assert (whole.late, whole.enough, whole.evaluated, whole.share) == (1, 2, 1, 40)


def test_an_audience_that_is_not_asked_has_no_total() -> None:
    whole = watch.total("all", [village(None, None, enough=None)], Pace(0.5, 1.0))
    assert (whole.answered, whole.eligible, whole.enough, whole.late) == (None, None, None, 0)


def test_totals_are_by_township_or_group_in_the_order_of_villages() -> None:
    found = [village(10, township="B"), village(20, township="A"), village(30, township="B")]
    told = watch.totals(found, watch.township_of, Pace(0.5, 1.0))
    assert [(one.name, one.answered) for one in told] == [("B", 40), ("A", 20)]


@given(st.lists(st.integers(0, 12), max_size=60), st.integers(3, 40))
def test_pages_hold_every_village_once_and_no_more_than_fits(places: list[int], lines: int) -> None:
    found = [
        village(township=f"T{place:02}", code=str(n)) for n, place in enumerate(sorted(places))
    ]
    pages = watch.pages(found, lines)
    shown = [one for page in pages for _, part in page for one in part]
    assert shown == found
    assert all(sum(len(part) + 1 for _, part in page) <= lines for page in pages)
    assert pages


def test_a_township_that_fits_on_a_page_is_not_cut() -> None:
    found = [village(township=name) for name in "AABBBCC"]
    pages = watch.pages(found, 6)
    assert [[name for name, _ in page] for page in pages] == [["A"], ["B"], ["C"]]
    assert [[name for name, _ in page] for page in watch.pages(found, 7)] == [["A", "B"], ["C"]]


def test_progress_is_what_is_more_than_in_the_report_before() -> None:
    found = [village(50), village(20, village_id=2, evaluated=True)]
    now = watch.total("all", found, Pace(0.5, 1.0))
    before = {1: Kept(answered=30, enough=False, evaluated=False)}
    more = watch.progress(now, found, before)
    assert (more.answered, more.enough, more.evaluated) == (40, 2, 1)
    first = watch.progress(now, found, None)
    assert (first.answered, first.enough, first.evaluated) == (None, None, None)
