"""What an administrator may choose, and what is refused."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from survey.core import turnout
from survey.core.policy import Policy
from survey.core.round import AudienceDraft, RoundDraft, is_local

FIELDS = {
    "slug": "spring",
    "title": "Spring",
    "timezone": "Asia/Shanghai",
    "opens_at": datetime(2026, 3, 1, tzinfo=UTC),
    "closes_at": datetime(2026, 3, 10, 17, tzinfo=UTC),
    "results_on": date(2026, 3, 20),
    "results_place": "board",
    "help_on": date(2026, 3, 5),
    "help_place": "square",
    "office": "office",
    "phone": "123",
    "audiences": {"mass": AudienceDraft(questionnaire_digest="0", access="both")},
}


def test_the_default_policy_is_that_of_the_method():
    policy = Policy()
    assert policy.values == (100, 80, 60, 40)
    assert policy.weights == {"self": 0.1, "mass": 0.4, "organisational": 0.5}


@pytest.mark.parametrize(
    "change",
    [
        {"value_good": 60},
        {"weight_self": 0.2},
        {"band_good": 70},
        {"value_poor": -1},
        {"cap_on_good": 1.5},
        {"invented": 1},
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(change):
    with pytest.raises(ValidationError):
        Policy(**change)


def test_a_policy_does_not_change():
    with pytest.raises(ValidationError):
        Policy().cap_on_good = 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"closes_at": datetime(2026, 2, 1, tzinfo=UTC)},
        {"closes_at": datetime(2026, 3, 10)},
        {"results_on": date(2026, 3, 1)},
        {"slug": "Spring Round"},
        {"slug": "../etc"},
        {"title": " "},
        {"audiences": {}},
        {"audiences": {"children": AudienceDraft(questionnaire_digest="0", access="both")}},
    ],
)
def test_a_round_that_cannot_be_is_refused(change):
    with pytest.raises(ValidationError):
        RoundDraft(**FIELDS | change)


def test_results_are_dated_in_the_offices_zone():
    late = FIELDS | {"results_on": date(2026, 3, 10)}  # 17:00 UTC is already the 11th in the office
    with pytest.raises(ValidationError):
        RoundDraft(**late)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]/", True),
        ("https://ping.example.org", False),
        ("http://10.1.2.3", False),
    ],
)
def test_addresses_that_phones_cannot_reach_are_known(address, local):
    assert is_local(address) is local


@pytest.mark.parametrize(
    ("audience", "ballots", "said"),
    [
        ("mass", 0, "fewer than 10"),
        ("mass", 9, "fewer than 10"),
        ("mass", 10, "10 or more"),
        ("mass", 19, "10 or more"),
        ("self", 4, "not enough yet"),
        ("self", 5, "enough"),
        ("self", 50, "enough"),
    ],
)
def test_turnout_before_the_seal_is_coarse(audience, ballots, said):
    assert str(turnout.before_seal(audience, ballots)) == said
