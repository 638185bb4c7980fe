"""The same village's last sealed round, and who may see its scores beside those of now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from survey.core.evaluation import Consensus
from survey.core.policy import Policy
from survey.storage import evaluations, predecessors, recusals
from survey.storage.tables import RoundAudienceRow, RoundRow, RoundVillageRow
from tests import scene


@pytest.fixture
def city(session):
    """A sealed round, its first village agreed on."""
    made = scene.city(session)
    scene.answer(session, made, made.village, "mass", 90)
    agree(session, made)
    return made


def agree(session, made):
    evaluations.hand_in(session, made.round_, made.village, made.lead, scene.evaluation())
    agreed = Consensus(points=scene.points(85), statement="The others are away.")
    evaluations.agree(session, made.round_, made.village, made.lead, agreed)


def earlier(session, city, slug="winter", days=90, **changes):
    """Return the city in a round sealed *days* before, without consensus."""
    now = city.round_
    kept = {
        column.name: getattr(now, column.name)
        for column in RoundRow.__table__.columns
        if column.name != "id"
    }
    before = timedelta(days=days)
    dates = {name: kept[name] - before for name in ("opens_at", "closes_at", "sealed_at")}
    round_ = RoundRow(**kept | dates | {"slug": slug, "title": slug.title()} | changes)
    round_.audiences = [
        RoundAudienceRow(
            audience=asked.audience,
            questionnaire_digest=asked.questionnaire_digest,
            access=asked.access,
        )
        for asked in now.audiences
    ]
    session.add(round_)
    session.flush()
    villages = []
    for village in city.villages:
        copied = {
            column.name: getattr(village, column.name)
            for column in RoundVillageRow.__table__.columns
        }
        villages.append(RoundVillageRow(**copied | {"round_id": round_.id}))
    session.add_all(villages)
    session.flush()
    made = replace(city, round_=round_, villages=villages)
    scene.answer(session, made, made.village, "mass", 90, (20, 30, 30, 15, 5))
    return made


def compared(session, city, reader=None):
    return predecessors.compared(session, city.round_, city.village, reader or city.lead)


def test_the_score_is_compared_with_the_last_round(session, city):
    before = earlier(session, city)
    agree(session, before)
    found = compared(session, city)
    assert found.last.slug == "winter"
    change = found.comparisons["mass"].change
    assert change.value > 5
    assert found.comparisons["mass"].beyond_chance
    assert found.comparisons["self"].change is None


def test_the_round_sealed_last_before_it_is_the_last(session, city):
    earlier(session, city, "older", 200)
    earlier(session, city, "winter", 90)
    earlier(session, city, "later", -30)
    earlier(session, city, "open", 20, state="open", sealed_at=None)
    earlier(session, city, "made-up", 10, demo=True)
    round_, village = predecessors.last_of(session, city.round_, city.village)
    assert (round_.slug, village.code) == ("winter", city.village.code)


def test_a_village_without_an_earlier_round_is_compared_with_nothing(session, city):
    assert compared(session, city) is None


def test_scores_that_were_hidden_from_the_reader_then_stay_hidden(session, city):
    before = earlier(session, city)
    assert compared(session, city) is None  # no consensus then: members have not seen the scores
    assert compared(session, city, city.administrator) is not None
    recusals.enter(session, before.round_, before.village, city.member, "my unit", city.member)
    agree(session, before)
    assert compared(session, city, city.lead) is not None
    assert compared(session, city, city.member) is None


def test_other_values_of_the_grades_are_said_and_not_compared(session, city):
    policy = Policy(value_poor=30).model_dump(mode="json")
    agree(session, earlier(session, city, policy=policy))
    found = compared(session, city).comparisons["mass"]
    assert found.change is None
    assert "worth other points" in str(found.why_not)
