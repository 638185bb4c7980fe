"""The calibration meeting: opened when all have handed in, for leads while it lasts, audited."""

import pytest
import sqlalchemy as sa

from survey.core.errors import Refused
from survey.storage import audit, evaluations, meetings, recusals
from survey.storage.tables import CalibrationMeetingRow
from tests import scene


@pytest.fixture
def city(session):
    return scene.city(session)


def agree_on_all(session, city):
    for village, lead in zip(city.villages, (city.lead, city.lead, city.stranger), strict=True):
        evaluations.hand_in(session, city.round_, village, lead, scene.evaluation())
        agreed = scene.consensus(statement="The others are away.")
        evaluations.agree(session, city.round_, village, lead, agreed)
    session.flush()


def entries(session):
    rows = audit.listing(session).rows
    return [(row.actor, row.act, row.subject) for row in rows if row.act.startswith("meeting.")]


def test_it_waits_for_every_village_and_says_for_whom(session, city):
    found = meetings.waiting(session, city.round_, city.administrator)
    assert [village.name for village, _ in found.villages] == [row.name for row in city.villages]
    waited = [seat.account_id for seat in found.villages[0][1].waiting]
    assert sorted(waited) == sorted([city.lead.id, city.member.id, city.third.id])
    with pytest.raises(Refused, match="3 villages have no consensus"):
        meetings.begin(session, city.round_, city.administrator)
    assert entries(session) == []


def test_a_village_with_nobody_at_its_table_is_not_waited_for(session, city):
    agree_on_all(session, city)
    session.execute(sa.text("DELETE FROM consensus"))
    for village in city.villages[:2]:
        village.group_id = None
    recusals.enter(
        session, city.round_, city.villages[2], city.stranger, "a cousin", city.administrator
    )
    session.flush()
    found = meetings.waiting(session, city.round_, city.administrator)
    assert found.villages == ()
    assert list(found.unassessed) == city.villages


def test_opening_and_closing_are_kept_and_audited(session, city):
    agree_on_all(session, city)
    meetings.begin(session, city.round_, city.administrator)
    assert meetings.lasting(session, city.round_).opened_by == city.administrator.id
    with pytest.raises(Refused, match="open already"):
        meetings.begin(session, city.round_, city.administrator)
    meetings.end(session, city.round_, city.administrator)
    assert meetings.lasting(session, city.round_) is None
    with pytest.raises(Refused, match="closed already"):
        meetings.end(session, city.round_, city.administrator)
    meetings.begin(session, city.round_, city.administrator)
    name = city.administrator.name
    assert [(one.opened_by, one.closed_by) for one in meetings.held(session, city.round_)] == [
        (name, ""),
        (name, name),
    ]
    assert entries(session) == [
        ("admin", "meeting.open", "spring"),
        ("admin", "meeting.close", "spring"),
        ("admin", "meeting.open", "spring"),
    ]


def test_the_leads_take_part_while_it_lasts_and_nobody_else_of_a_group(session, city):
    agree_on_all(session, city)

    def there():
        people = {"lead", "member", "stranger", "administrator"}
        return {
            one for one in people if meetings.takes_part(session, city.round_, getattr(city, one))
        }

    assert there() == set()
    meetings.begin(session, city.round_, city.administrator)
    assert there() == {"lead", "stranger"}
    city.villages[2].group_id = city.villages[0].group_id
    session.flush()
    assert there() == {"lead"}, "the other leads a group without a village in this round"
    meetings.end(session, city.round_, city.administrator)
    assert there() == set()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_there_is_no_meeting_before_the_seal(session, state):
    city = scene.city(session, state=state)
    agree_on_all(session, city)
    with pytest.raises(Refused, match="must be sealed first"):
        meetings.begin(session, city.round_, city.administrator)


def test_no_two_meetings_of_a_round_can_be_stored_open_and_none_half_closed(session, city):
    who, when = city.administrator.id, scene.MOMENT
    one = {"round_id": city.round_.id, "opened_by": who, "opened_at": when}
    session.add(CalibrationMeetingRow(**one))
    session.flush()
    for wrong in ({}, {"closed_by": who}, {"closed_at": when}):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.add(CalibrationMeetingRow(**one, **wrong))
            session.flush()
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        early = scene.MOMENT.replace(year=2020)
        session.add(CalibrationMeetingRow(**one, closed_by=who, closed_at=early))
        session.flush()
