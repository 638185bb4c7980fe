"""A few villages of a sealed round again: a small round of its own, compared with that one."""

from datetime import timedelta

import pytest

from survey.core.errors import Invalid, Refused
from survey.storage import audit, copying, predecessors, reassessing, rounds
from survey.storage.db import now
from tests import scene
from tests.storage.test_predecessors import earlier


@pytest.fixture
def city(session):
    return scene.city(session)


def again(session, city, villages, **fields):
    moment = now(session)
    dates = {
        "slug": "again",
        "title": "Again",
        "opens_at": moment,
        "closes_at": moment + timedelta(days=3),
        "help_on": moment.date(),
        "results_on": moment.date() + timedelta(days=20),
        "key_holding": "halves",
    }
    return reassessing.reassess(
        session, city.round_, villages, city.administrator, **dates | fields
    )


def test_it_asks_the_same_in_the_villages_chosen(session, city):
    made = again(session, city, city.villages[1:2])
    assert (made.kind, made.state, made.public_key) == ("reassessment", "draft", None)
    assert [row.code for row in rounds.villages(session, made)] == [city.villages[1].code]
    assert rounds.policy_of(made) == rounds.policy_of(city.round_)
    assert copying.origin_of(session, made) is city.round_
    entry = audit.listing(session, act="round.reassess").rows[0]
    assert (entry.subject, entry.detail) == ("spring", {"reassessment": "again"})


def test_only_a_sealed_round_and_a_village_of_it_are_repeated(session, city):
    with pytest.raises(Invalid, match="at least one village"):
        again(session, city, [])
    city.round_.state = "closed"
    with pytest.raises(Refused, match="after their round is sealed"):
        again(session, city, city.villages[:1])


def test_it_is_compared_with_the_round_that_it_repeats(session, city):
    """Also where another round came in between."""
    made = again(session, city, city.villages[:1])
    earlier(session, city, "between", -30)
    made.state, made.public_key = "sealed", b"k" * 32
    made.sealed_at = now(session) + timedelta(days=900)
    village = city.villages[0]
    assert predecessors.last_of(session, made, village)[0].slug == "spring"
    made.kind = "real"
    assert predecessors.last_of(session, made, village)[0].slug == "between"
