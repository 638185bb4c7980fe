"""After the office's period: due, deleted by two, kept longer for a reason."""

from datetime import date, timedelta

import pytest

from survey.core.errors import Invalid, Refused
from survey.core.retention import months_after
from survey.storage import audit, removing, retention, rounds
from survey.storage.db import begin_write, now
from survey.storage.tables import TallyRow
from tests import scene

MONTHS = 36


@pytest.fixture
def city(session):
    """A sealed round with scores, an evaluation of whose members is there, four years old."""
    made = scene.city(session)
    scene.answer(session, made, made.village, "mass", 40)
    made.round_.sealed_at = now(session) - timedelta(days=4 * 366)
    second = scene._account("second", "administrator", None, "-")
    session.add(second)
    session.commit()
    made.second = second
    return made


def kept(session, city):
    return retention.of_round(session, city.round_, MONTHS)


def remove(session, city, folder, by=None):
    begin_write(session)
    retention.propose_removal(session, city.round_, city.administrator, MONTHS)
    by = by or city.second
    retention.remove(session, city.round_, by, folder, MONTHS, two_person=True)
    session.commit()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 24), 36, date(2029, 11, 24)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, later):
    assert months_after(day, months) == later


def test_a_round_past_its_period_is_due(session, city):
    assert kept(session, city).due
    assert [one.due for one in retention.listing(session, MONTHS)] == [True]
    city.round_.sealed_at = now(session) - timedelta(days=35 * 30)
    assert not kept(session, city).due


def test_a_live_round_and_a_rehearsal_have_no_period(session, city):
    city.round_.kind = "rehearsal"
    assert kept(session, city) is None
    city.round_.kind, city.round_.state = "real", "closed"
    assert kept(session, city) is None


def test_two_persons_delete_it_and_a_line_stays(session, city, tmp_path):
    head = audit.record(session, "admin", "round.seal", "spring")
    remove(session, city, tmp_path)
    assert session.query(TallyRow).count() == 0
    assert rounds.listing(session) == []
    (line,) = removing.listing(session)
    assert (line.title, line.removed_by, line.seal) == ("Spring round", "Admin, Second", head)
    assert audit.listing(session, act="round.remove").rows[0].actor == "second"


def test_one_person_deletes_nothing(session, city, tmp_path):
    with pytest.raises(Refused, match="second person"):
        remove(session, city, tmp_path, by=city.administrator)
    assert session.query(TallyRow).count() == 1


def test_before_its_period_is_over_nobody_deletes_it(session, city, tmp_path):
    city.round_.sealed_at = now(session) - timedelta(days=30)
    with pytest.raises(Refused, match="is kept until"):
        remove(session, city, tmp_path)


def test_kept_longer_it_is_not_due_and_the_proposal_is_gone(session, city, tmp_path):
    retention.propose_removal(session, city.round_, city.administrator, MONTHS)
    until = now(session).date() + timedelta(days=60)
    retention.keep(session, city.round_, city.second, until, " a complaint is pending ", MONTHS)
    found = kept(session, city)
    assert (found.due, found.due_on, found.reason) == (False, until, "a complaint is pending")
    with pytest.raises(Refused):
        retention.remove(session, city.round_, city.second, tmp_path, MONTHS, two_person=True)
    entry = audit.listing(session, act="round.keep").rows[0]
    assert entry.detail == {"until": until.isoformat(), "reason": "a complaint is pending"}


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [(60, " ", "say why"), (-900, "why", "anyway"), (365 * 8, "why", "ten years")],
)
def test_no_reason_no_later_day_and_no_eternity(session, city, days, reason, said):
    until = now(session).date() + timedelta(days=days)
    with pytest.raises(Invalid, match=said):
        retention.keep(session, city.round_, city.second, until, reason, MONTHS)
