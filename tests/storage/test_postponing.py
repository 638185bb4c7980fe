"""One village's later deadline: who answers, when the box closes, and what undoes it."""

from datetime import timedelta

import pytest

from survey.core.errors import Invalid, Refused
from survey.storage import audit, deadlines, extending, intake, postponing, rounds, sheets
from survey.storage.db import begin_write, now
from survey.storage.intake import Outcome
from survey.storage.sheets import Place
from survey.storage.tables import PostponementRow
from tests.storage.round import office


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


def postpone(place, days=5):
    """Give the first village of *place* a deadline that is *days* away; return it."""
    village = rounds.villages(place.session, place.round_)[0]
    until = (now(place.session) + timedelta(days=days)).replace(microsecond=0)
    begin_write(place.session)
    postponing.propose(place.session, place.round_, village, place.first, until)
    postponing.postpone(place.session, place.round_, village, place.second, two_person=True)
    place.session.commit()
    return village, until


def pass_the_round_s(place):
    """Let the round's own deadline pass, but no later one."""
    place.round_.closes_at = now(place.session) - timedelta(seconds=5)
    place.session.commit()


def answer(place, village, code=""):
    if not code:
        (code,) = place.print(village, 1)
    submission = place.by_ticket(code, village)
    outcome = intake.add(place.session, submission)
    place.session.commit()
    return outcome, submission


def test_only_the_postponed_village_answers_longer(place):
    first, other = place.village_ids()
    postpone(place)
    retried = answer(place, other)[1]
    (unused,) = place.print(other, 1)
    pass_the_round_s(place)
    assert answer(place, first)[0] is Outcome.COUNTED
    assert answer(place, other, unused)[0] is Outcome.CLOSED
    assert intake.add(place.session, retried) is Outcome.COUNTED  # its own retry
    assert rounds.turnout(place.session, place.round_)[0].ballots == 1


def test_only_the_postponed_village_gets_slips_printed_and_voided_later(place):
    first, other = place.village_ids()
    postpone(place)
    place.print(first, 20)
    place.print(other, 20)
    pass_the_round_s(place)
    session, round_ = place.session, place.round_
    villages = {row.village_id: row for row in rounds.villages(session, round_)}
    assert deadlines.answering(session, round_, villages.values()) == [villages[first]]
    assert len(place.print(first, 1)) == 1
    with pytest.raises(Refused, match=villages[other].name):
        place.print(other, 1)
    sheets.propose(session, round_, sheets.VOID, Place(villages[first], "mass", 1), place.first)
    with pytest.raises(Refused, match="may still answer"):
        sheets.propose(session, round_, sheets.VOID, Place(villages[other], "mass", 1), place.first)


def test_the_box_closes_when_the_last_deadline_has_passed(place):
    postpone(place)
    pass_the_round_s(place)
    assert rounds.due(place.session) == []
    ended = now(place.session) - timedelta(seconds=2)
    place.session.query(PostponementRow).one().closes_at = ended
    place.session.commit()
    begin_write(place.session)
    assert rounds.close_due(place.session) == [place.round_]
    assert place.round_.closed_at == ended.replace(microsecond=0)


def test_who_has_been_told_that_it_is_over_is_not_told_otherwise(place):
    first, _other = place.village_ids()
    pass_the_round_s(place)
    with pytest.raises(Refused):
        postpone(place)
    assert deadlines.of_village(place.session, place.round_, first) == place.round_.closes_at


def test_a_deadline_is_later_and_before_the_results_hang(place):
    with pytest.raises(Invalid, match="later than the one"):
        postpone(place, days=2)
    with pytest.raises(Invalid, match="results hang"):
        postpone(place, days=40)


def test_one_person_postpones_nothing(place):
    village = rounds.villages(place.session, place.round_)[0]
    until = now(place.session) + timedelta(days=5)
    postponing.propose(place.session, place.round_, village, place.first, until)
    with pytest.raises(Refused):
        postponing.postpone(place.session, place.round_, village, place.first, two_person=True)
    assert deadlines.postponed(place.session, place.round_) == {}


def test_it_is_in_the_log_by_village_with_both_times(place):
    earlier = place.round_.closes_at
    village, until = postpone(place)
    entry = audit.listing(place.session, act="round.postpone").rows[0]
    assert entry.actor == "second"
    assert entry.detail == {
        "village": village.code,
        "earlier": earlier.isoformat(),
        "until": until.isoformat(),
    }


def test_a_round_that_is_extended_beyond_it_overtakes_it(place):
    postpone(place, days=5)
    begin_write(place.session)
    until = now(place.session) + timedelta(days=6)
    extending.propose(place.session, place.round_, place.first, until)
    extending.extend(place.session, place.round_, place.second, two_person=True)
    place.session.commit()
    assert deadlines.postponed(place.session, place.round_) == {}
    assert deadlines.last(place.session, place.round_) == place.round_.closes_at
