"""What is seen of a rehearsal: a bit for each question from five answers on, no number."""

from __future__ import annotations

import dataclasses

import pytest

from survey.core import reliability, tallies
from survey.core.release import ReleasedRehearsal, release_rehearsal
from survey.storage.questionnaires import defaults

COLUMNS = defaults()["mass"].dimension_columns


def released(ballots: list[tuple[int, ...]]) -> ReleasedRehearsal:
    tally = tallies.count(ballots, COLUMNS, (100, 80, 60, 40))
    return release_rehearsal(reliability.measure(tally))


def ballots(unsure: int, sure: int) -> list[tuple[int, ...]]:
    return [(0, -1, *[0] * 10)] * unsure + [(0,) * 12] * sure


@pytest.mark.parametrize(
    ("unsure", "sure", "positions"),
    [(2, 4, ()), (3, 6, ()), (2, 3, (1,)), (4, 7, (1,)), (0, 9, ())],
)
def test_more_than_a_third_are_too_many(unsure: int, sure: int, positions: tuple[int, ...]) -> None:
    assert released(ballots(unsure, sure)).positions == positions


def test_of_fewer_than_five_nothing_is_said() -> None:
    found = released(ballots(4, 0))
    assert (found.few, found.positions) == (True, ())


def test_it_holds_no_number_of_answers() -> None:
    names = {field.name for field in dataclasses.fields(ReleasedRehearsal)}
    assert names == {"few", "positions"}
    assert released(ballots(2, 3)) == released(ballots(20, 20))
