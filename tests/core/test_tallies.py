import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.errors import Damaged, Invalid
from survey.core.tallies import add, count, from_dict
from tests.core.ballots import FOUR, ONE, VALUES, ballots_of


def test_a_ballot_with_fewer_than_half_of_its_items_graded_is_received_but_invalid():
    tally = count([[0, -1, -2, -1], [0, 3, -1, -2], [-1, -1, -1, -1]], {"a": (0, 1, 2, 3)}, VALUES)
    assert (tally.received, tally.invalid, tally.valid) == (3, 2, 1)
    assert tally.counts_all.tolist()[0] == [2, 0, 0, 0, 1, 0]
    assert tally.counts.tolist()[0] == [1, 0, 0, 0, 0, 0]


def test_cross_products_are_over_ballots_that_grade_both_items():
    tally = count([[0, 1, 2], [3, -1, 0], [1, 1, -2]], ONE, VALUES)
    assert tally.pair_n.tolist() == [[3, 2, 2], [2, 2, 1], [2, 1, 2]]
    assert tally.pair_sum.tolist() == [[220, 180, 140], [160, 160, 80], [160, 60, 160]]
    assert tally.pair_product.tolist()[0] == [10000 + 1600 + 6400, 14400, 10000]
    assert tally.dimension_n == {"effects": 3}


def test_whole_values_give_whole_numbers_and_others_are_kept_as_they_are():
    whole = count([[0], [1]], {"a": (0,)}, VALUES)
    broken = count([[0], [1]], {"a": (0,)}, (100, 66.5, 33, 0))
    assert whole.to_dict()["pair_sum"] == [[180]]
    assert isinstance(whole.to_dict()["pair_sum"][0][0], int)
    assert broken.to_dict()["pair_sum"] == [[166.5]]


@given(ballots_of(10))
def test_a_tally_survives_json(ballots):
    tally = count(ballots, FOUR, VALUES)
    again = from_dict(json.loads(json.dumps(tally.to_dict())))
    assert again.to_dict() == tally.to_dict()


@given(st.lists(ballots_of(10, most=6), min_size=1, max_size=4))
def test_adding_tallies_is_tallying_all_ballots(parts):
    together = count([ballot for part in parts for ballot in part], FOUR, VALUES)
    assert add([count(part, FOUR, VALUES) for part in parts]).to_dict() == together.to_dict()


def test_only_tallies_of_the_same_questionnaire_and_values_can_be_added():
    with pytest.raises(Invalid, match="same questionnaire"):
        add([count([[0]], {"a": (0,)}, VALUES), count([[0]], {"b": (0,)}, VALUES)])
    with pytest.raises(Invalid, match="same questionnaire"):
        add([count([[0]], {"a": (0,)}, VALUES), count([[0]], {"a": (0,)}, (100, 80, 60, 0))])


@pytest.mark.parametrize("columns", [{}, {"a": ()}, {"a": (0, 0)}, {"a": (0,), "b": (2,)}])
def test_every_item_belongs_to_exactly_one_dimension(columns):
    with pytest.raises(Invalid, match="exactly one dimension"):
        count([], columns, VALUES)


@pytest.mark.parametrize("ballots", [[[0, 1]], [[0, 1, 4]], [[0, 1, -3]], [[0, 1, 2], [0]]])
def test_a_ballot_that_does_not_fit_is_refused(ballots):
    with pytest.raises(Invalid, match="needs 3 answers"):
        count(ballots, ONE, VALUES)


def test_an_array_is_as_good_as_lists():
    answers = [[0, 1, 2], [3, -1, 0]]
    assert count(np.array(answers), ONE, VALUES).to_dict() == count(answers, ONE, VALUES).to_dict()


@pytest.mark.parametrize(
    "change",
    [
        {"format": "else"},
        {"received": 7},
        {"counts": [[1]]},
        {"pair_n": None},
        {"values": None},
        {"dimension_n": {}},
    ],
)
def test_a_stored_tally_that_is_not_whole_is_damaged(change):
    document = count([[0, 1, 2]], ONE, VALUES).to_dict()
    with pytest.raises(Damaged, match="backup"):
        from_dict(document | change)
