"""A reminder says how far a village is, and presses nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core import reminder
from survey.core.reminder import Reminder

REMINDER = Reminder(
    village="Clear Water",
    answered=40,
    eligible=412,
    deadline="Friday 1 May, 18:00",
    help_on="Monday 27 April",
    help_place="the square",
    phone="0000-1234",
    access="both",
)


def said(one: Reminder) -> str:
    return "\n".join(map(str, (reminder.heading(one), *reminder.sentences(one))))


def test_it_says_how_far_until_when_and_where_help_is() -> None:
    text = said(REMINDER)
    for part in ("Clear Water", "40 or more of 412", "Friday 1 May, 18:00", "Monday 27 April"):
        assert part in text
    assert "the square" in text
    assert "0000-1234" in text


def test_it_leaves_everybody_their_choice() -> None:
    for one in (REMINDER, replace(REMINDER, village=""), replace(REMINDER, answered=0)):
        assert "your own choice" in said(one)
        assert not {"must", "should", "please", "late", "behind"} & set(said(one).lower().split())


def test_few_answers_are_no_number() -> None:
    text = said(replace(REMINDER, answered=0))
    assert "fewer than 10 of 412" in text
    assert "Thank you" not in text


@pytest.mark.parametrize("one", [replace(REMINDER, village=""), replace(REMINDER, eligible=None)])
def test_for_all_villages_and_where_nothing_is_known_it_tells_no_figure(one: Reminder) -> None:
    assert "40" not in said(one)
    assert "412" not in said(one)


def test_help_that_is_over_is_not_offered() -> None:
    text = said(replace(REMINDER, help_on=""))
    assert "the square" not in text
    assert "help you fill it in: call 0000-1234" in text


@pytest.mark.parametrize(
    ("access", "has", "lacks"),
    [("ticket", "slip", "poster"), ("poster", "poster", "slip"), ("both", "poster", "no way")],
)
def test_it_says_the_way_that_there_is(access: str, has: str, lacks: str) -> None:
    text = said(replace(REMINDER, access=access))
    assert has in text
    assert lacks not in text
