"""What may be watched of a round, and what reports showed of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.storage import audit, evaluations, intake, rounds, watch
from survey.storage.db import begin_write
from survey.storage.tables import RoundVillageRow, SnapshotRow, TallyRow
from tests import scene
from tests.storage.round import Office, draft, fill, office

DAY = date(2026, 3, 8)


@pytest.fixture
def place(session: Session, tmp_path: Path) -> Office:
    return office(session, tmp_path)


def shown(place: Office) -> tuple[int | None, bool | None]:
    first = watch.of_round(place.session, place.round_)[0]
    return first.answered, first.enough


@pytest.mark.parametrize(("ballots", "tens"), [(1, 0), (9, 0), (10, 10), (19, 10), (20, 20)])
def test_before_the_seal_the_mass_is_in_full_tens(place: Office, ballots: int, tens: int) -> None:
    fill(place, place.village_ids()[0], ballots)
    assert shown(place)[0] == tens


@pytest.mark.parametrize(("ballots", "enough"), [(4, False), (5, True), (8, True)])
def test_of_the_self_evaluation_only_whether_there_are_enough(
    place: Office, ballots: int, enough: bool
) -> None:
    fill(place, place.village_ids()[0], ballots, "self")
    assert shown(place) == (0, enough)


def test_posters_beside_tickets_are_not_counted(place: Office) -> None:
    for _ in range(12):
        intake.add(place.session, place.by_poster(place.village_ids()[0]))
    place.session.commit()
    assert shown(place)[0] == 0


def test_after_the_seal_it_is_as_the_ledger_has_it(session: Session) -> None:
    city = scene.city(session)
    for village, number in zip(city.villages, (112, 60, 7), strict=True):
        scene.answer(session, city, village, "mass", number)
    scene.answer(session, city, city.village, "self", 4)
    found = watch.of_round(session, city.round_)
    assert [one.answered for one in found] == [112, 60, 7]
    assert [one.enough for one in found] == [False, False, False]
    assert [one.group for one in found] == ["Group 1", "Group 1", "Group 2"]


def test_after_the_seal_posters_count_where_there_are_no_tickets(session: Session) -> None:
    city = scene.city(session)
    scene.answer(session, city, city.village, "mass", 30)
    session.flush()
    row = session.query(TallyRow).one()
    row.access = "poster"
    session.flush()
    assert watch.of_round(session, city.round_)[0].answered == 0
    for asked in city.round_.audiences:
        asked.access = "poster"
    assert watch.of_round(session, city.round_)[0].answered == 30


def test_an_audience_that_is_not_asked_is_none(session: Session, tmp_path: Path) -> None:
    asked = draft(session).audiences["self"]
    place = office(session, tmp_path, audiences={"self": asked})
    assert shown(place) == (None, False)


def test_a_village_is_evaluated_once_its_group_agreed(session: Session) -> None:
    city = scene.city(session, state="sealed")
    for account in (city.lead, city.member, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    assert not any(one.evaluated for one in watch.of_round(session, city.round_))
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus(), "")
    assert [one.evaluated for one in watch.of_round(session, city.round_)] == [True, False, False]


@pytest.mark.parametrize("state", ["draft", "scrubbing", "cancelled"])
def test_at_other_times_nothing_is_watched_or_kept(session: Session, state: str) -> None:
    city = scene.city(session, state=state)
    with pytest.raises(Refused):
        watch.of_round(session, city.round_)
    with pytest.raises(Refused):
        watch.keep(session, city.round_, "anna")


def test_the_pace_is_of_the_time_passed_and_whole_once_closed(place: Office) -> None:
    assert 0 < watch.pace(place.session, place.round_, 0.5).passed < 0.05
    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    assert watch.pace(place.session, place.round_, 0.5).passed == 1


def test_one_report_a_day_is_kept_as_it_was_first_shown(place: Office) -> None:
    village = place.village_ids()[0]
    fill(place, village, 13)
    fill(place, village, 5, "self")
    day = watch.keep(place.session, place.round_, "anna")
    place.session.commit()
    fill(place, village, 20)
    assert watch.keep(place.session, place.round_, "anna") == day
    kept = watch.kept(place.session, place.round_, day)[village]
    assert (kept.answered, kept.enough, kept.evaluated) == (10, True, False)
    assert watch.days(place.session, place.round_) == [day]
    first = watch.as_kept(place.session, place.round_, day)[0]
    assert (first.answered, first.name, first.eligible) == (10, "Village 1", 100)
    assert shown(place)[0] == 30
    entries = [row for row in audit.listing(place.session).rows if row.act == "report.weekly"]
    assert [row.actor for row in entries] == ["anna"]


def test_what_is_kept_after_the_seal_is_in_full_tens_too(session: Session) -> None:
    city = scene.city(session)
    scene.answer(session, city, city.village, "mass", 112)
    day = watch.keep(session, city.round_, "anna")
    assert watch.kept(session, city.round_, day)[city.village.village_id].answered == 110


def test_days_are_in_order_and_apart(session: Session) -> None:
    city = scene.city(session)
    for day in (DAY + timedelta(days=7), DAY):
        session.add(snapshot(city.village, day, 20))
    session.flush()
    assert watch.days(session, city.round_) == [DAY, DAY + timedelta(days=7)]
    assert len(watch.as_kept(session, city.round_, DAY)) == 1


def snapshot(village: RoundVillageRow, day: date, answered: int) -> SnapshotRow:
    return SnapshotRow(
        round_id=village.round_id,
        day=day,
        village_id=village.village_id,
        answered=answered,
        enough=None,
        evaluated=False,
    )


def test_the_database_itself_keeps_no_number_between_two_full_tens(session: Session) -> None:
    city = scene.city(session)
    with pytest.raises(IntegrityError):
        session.execute(
            sa.insert(SnapshotRow).values(
                round_id=city.round_.id,
                day=DAY,
                village_id=city.village.village_id,
                answered=13,
                evaluated=False,
            )
        )
