"""Every figure has a sentence that can be said aloud, and none says more than what is released."""

import random
import re

import pytest

from survey.core import explanation
from survey.core.policy import Policy
from survey.core.release import release_round
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count

COLUMNS = {
    "investigation": (0, 1, 2),
    "measures": (3, 4, 5),
    "effects": (6, 7, 8),
    "responsibility": (9, 10, 11),
}
POLICY = Policy()


def scores(audience, number, eligible=None, weights=(6, 3, 1, 0, 1), tickets=True, short=0):
    draw = random.Random(f"{audience} {number}")
    ballots = [tuple(draw.choices((0, 1, 2, 3, -1), weights, k=12)) for _ in range(number)]
    ballots += [(0,) + (-1,) * 11] * short
    tally = count(ballots, COLUMNS, POLICY.values)
    village = VillageTally("990101100201", eligible, tally, tickets)
    return score_round([village], POLICY.values, audience=audience)


def shown(mass=60, self_=12, organisational=85, **more):
    released = release_round(
        scores("mass", mass, eligible=400, **more),
        scores("self", self_, eligible=30) if self_ else [],
        POLICY,
        organisational={"990101100201": organisational},
    )
    return released["990101100201"]


def said(sentences):
    return " ".join(str(one) for one in sentences)


def test_a_score_is_told_with_its_n_its_range_and_its_scale():
    village = shown()
    words = said(explanation.of_source("Clear Water", village.mass))
    source = village.mass.source
    assert f"Clear Water is {source.text} points (lowest 40, highest 100)" in words
    assert "given by 60 villagers" in words
    assert f"between {source.low_text} and {source.high_text}" in words
    assert "nineteen times in twenty" in words
    assert "60 ballots were received from 400 people entitled (15%)" in words


def test_the_range_that_assumes_nothing_is_told_too():
    village = shown()
    words = said(explanation.of_source("Clear Water", village.mass))
    assert f"anywhere from {village.mass.source.free_low_text}" in words


def test_a_census_is_not_called_an_estimate():
    released = release_round(scores("mass", 60, eligible=60), [], POLICY)
    words = said(explanation.of_source("Clear Water", released["990101100201"].mass))
    assert "nothing had to be estimated" in words
    assert "nineteen" not in words


def test_what_is_withheld_is_told_with_the_reason_and_no_score():
    words = said(explanation.of_source("Clear Water", shown(mass=8).mass))
    assert "Fewer than 10 ballots" in words
    assert "points" not in words


def test_a_poster_is_called_open():
    words = said(explanation.of_source("Clear Water", shown(tickets=False).mass))
    assert "not verified" in words


def test_ballots_that_make_no_score_are_counted_aloud():
    words = said(explanation.of_source("Clear Water", shown(short=3).mass))
    assert "3 of the ballots grade fewer than half" in words
    assert "fewer than half" not in said(explanation.of_source("Clear Water", shown().mass))


@pytest.mark.parametrize(
    ("self_weights", "expected"),
    [((1, 0, 0, 0, 0), "higher than the villagers"), ((0, 0, 0, 1, 0), "lower than the villagers")],
)
def test_a_clear_gap_is_told_with_its_direction(self_weights, expected):
    released = release_round(
        scores("mass", 100, eligible=400, weights=(2, 3, 3, 2, 0)),
        scores("self", 25, eligible=30, weights=self_weights),
        POLICY,
    )
    words = said(explanation.of_gaps(released["990101100201"]))
    assert words.count(expected) == 4
    assert words.count("more than chance explains") == 4


def test_a_gap_that_chance_explains_is_not_made_more_of():
    words = said(explanation.of_gaps(shown()))
    assert "more than chance explains" not in words


def test_without_a_self_evaluation_nothing_is_compared():
    assert explanation.of_gaps(shown(self_=0)) == ()
    assert "cannot be compared" in said(explanation.of_gaps(shown(self_=3)))


def test_what_would_change_the_rating_names_each_band():
    words = said(explanation.of_changes(shown().suggestion))
    for band in ("good", "fairly good", "average"):
        assert f"“{band}”" in words


def test_a_band_out_of_reach_or_safe_is_told_so():
    assert "out of reach" in said(explanation.of_changes(shown(organisational=60).suggestion))
    assert "whatever the mass" in said(explanation.of_changes(shown(organisational=100).suggestion))


def test_without_a_composite_there_is_nothing_to_change():
    assert explanation.of_changes(shown(organisational=None).suggestion) == ()


def test_no_sentence_has_an_unfilled_place_or_stray_digits():
    village = shown()
    everything = said(
        [
            *explanation.of_source("Clear Water", village.mass),
            *explanation.of_source("Clear Water", village.self_),
            *explanation.of_gaps(village),
            *explanation.of_changes(village.suggestion),
        ]
    )
    assert "%(" not in everything
    assert not re.search(r"\d\.\d\d", everything)
