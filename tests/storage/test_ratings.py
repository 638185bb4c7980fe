"""A rating is signed by the lead, countersigned by another member, and then it stays."""

import pytest

from survey.core.errors import Invalid, Refused
from survey.storage import audit, evaluations, ratings, recusals
from tests import scene


@pytest.fixture
def city(session):
    city = scene.city(session)
    for account in (city.lead, city.member, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    return city


def sign(session, city, account=None, **decided):
    decided = {"suggestion": "fairly_good", "evidence": {"composite": 86}} | decided
    decided.setdefault("decision", "fairly_good")
    return ratings.sign(session, city.round_, city.village, account or city.lead, **decided)


def countersign(session, city, account, version=1):
    return ratings.countersign(session, city.round_, city.village, account, version)


def test_lead_signs_member_countersigns_and_it_is_locked_with_the_audit_head(session, city):
    row = sign(session, city)
    assert not ratings.is_locked(row)
    row = countersign(session, city, city.member)
    assert ratings.is_locked(row)
    assert row.audit_head == audit.head(session)
    assert (row.signed_name, row.countersigned_name) == ("Lead", "Member")


def test_what_the_suggestion_stood_on_is_kept_beside_the_decision(session, city):
    row = sign(session, city)
    assert row.suggestion == "fairly_good"
    assert row.evidence == {"composite": 86, "consensus_version": 1}


def test_only_the_lead_signs(session, city):
    with pytest.raises(Refused):
        sign(session, city, city.member)


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_nobody_from_outside_the_group_signs_or_countersigns(session, city, who):
    outsider = getattr(city, who)
    with pytest.raises(Refused):
        sign(session, city, outsider)
    sign(session, city)
    with pytest.raises(Refused):
        countersign(session, city, outsider)


def test_the_lead_cannot_countersign_their_own(session, city):
    sign(session, city)
    with pytest.raises(Refused):
        countersign(session, city, city.lead)


def test_a_member_who_stands_back_cannot_countersign(session):
    city = scene.city(session)
    recusals.enter(session, city.round_, city.village, city.member, "my own unit", city.member)
    for account in (city.lead, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    sign(session, city)
    with pytest.raises(Refused):
        countersign(session, city, city.member)
    assert ratings.is_locked(countersign(session, city, city.third))


@pytest.mark.parametrize("suggestion", ["good", None])
def test_a_decision_that_differs_needs_a_reason(session, city, suggestion):
    with pytest.raises(Invalid):
        sign(session, city, suggestion=suggestion, decision="average", reason=" ")
    row = sign(session, city, suggestion=suggestion, decision="average", reason="heard otherwise")
    assert row.reason == "heard otherwise"


def test_a_decision_must_be_one_of_the_four(session, city):
    with pytest.raises(Invalid):
        sign(session, city, decision="excellent", reason="so good")


def test_nothing_is_decided_without_a_consensus(session):
    city = scene.city(session)
    with pytest.raises(Refused):
        sign(session, city)


def test_nothing_is_decided_before_the_seal(session):
    city = scene.city(session, state="closed")
    with pytest.raises(Refused):
        sign(session, city)


def test_signing_anew_makes_a_version_and_the_earlier_one_cannot_be_countersigned(session, city):
    sign(session, city)
    sign(session, city, decision="good", reason="the last promise was kept")
    with pytest.raises(Refused):
        countersign(session, city, city.member, version=1)
    countersign(session, city, city.member, version=2)
    versions = ratings.of_village(session, city.round_, city.village)
    assert [row.decision for row in versions] == ["fairly_good", "good"]
    assert [ratings.is_locked(row) for row in versions] == [False, True]


def test_a_consensus_changed_after_the_signature_must_be_signed_anew(session, city):
    sign(session, city)
    evaluations.agree(
        session, city.round_, city.village, city.lead, scene.consensus(70), "a file turned up"
    )
    with pytest.raises(Refused):
        countersign(session, city, city.member)


def test_nothing_changes_after_the_lock(session, city):
    sign(session, city)
    countersign(session, city, city.member)
    with pytest.raises(Refused):
        sign(session, city, decision="poor", reason="second thoughts")
    with pytest.raises(Refused):
        countersign(session, city, city.third)


def test_there_is_nothing_to_countersign_before_the_signature(session, city):
    with pytest.raises(Refused):
        countersign(session, city, city.member)


def test_an_office_with_one_person_acts_locks_with_one_signature(session, city):
    row = sign(session, city, two_person=False)
    assert ratings.is_locked(row)
    assert row.countersigned_by is None


def test_the_newest_rating_of_each_village_is_listed(session, city):
    sign(session, city)
    sign(session, city, decision="good", reason="better than the figures")
    found = ratings.latest(session, city.round_)
    assert {key: row.version for key, row in found.items()} == {city.village.village_id: 2}
