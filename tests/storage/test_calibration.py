"""Calibration villages: named and scored on one sheet, every change in the audit log."""

import pytest
import sqlalchemy as sa

from survey.core.calibration import Sheet
from survey.core.errors import Refused
from survey.storage import audit, calibration
from survey.storage.tables import CalibrationScoreRow, CalibrationVillageRow, RoundRow
from tests import scene

NAMES = {1: "File A", 2: "File B", 4: "File C"}


@pytest.fixture
def city(session):
    return scene.city(session, state="open")


def keep(session, city, names=NAMES, points=()):
    wanted = Sheet(dict(names), dict(points))
    calibration.keep(session, city.round_, city.administrator, wanted)
    session.expire_all()
    return wanted


def kept(session, city):
    return calibration.sheet(session, city.round_)


def entries(session):
    found = audit.listing(session, act=calibration.ACT).rows
    return [(row.actor, row.subject, row.detail["changes"]) for row in found]


def test_the_groups_are_those_with_villages_in_the_round(session, city):
    assert list(calibration.groups(session, city.round_).values()) == ["Group 1", "Group 2"]
    city.villages[2].group_id = None
    session.flush()
    assert list(calibration.groups(session, city.round_).values()) == ["Group 1"]


def test_a_sheet_comes_back_as_it_was_kept_to_the_hundredth(session, city):
    first, second = calibration.groups(session, city.round_)
    wanted = keep(session, city, points={(1, first): 82.75, (4, second): 40.0, (2, first): 100.0})
    assert kept(session, city) == wanted
    assert kept(session, city).stamp == wanted.stamp


def test_the_audit_log_has_each_change_old_and_new_and_who_made_it(session, city):
    first, _ = calibration.groups(session, city.round_)
    keep(session, city, points={(1, first): 82.0})
    keep(session, city, NAMES | {2: "File B of the east"}, {(1, first): 82.75})
    keep(session, city, NAMES | {2: "File B of the east"}, {(1, first): 82.75})
    latest, earliest = entries(session)
    assert earliest == (
        "admin",
        "spring",
        ["1: — → File A", "2: — → File B", "4: — → File C", "1 · Group 1: — → 82"],
    )
    assert latest[2] == ["2: File B → File B of the east", "1 · Group 1: 82 → 82.75"]
    assert audit.verify(session) is None


def test_points_are_cleared_and_who_cleared_them_is_told(session, city):
    first, _ = calibration.groups(session, city.round_)
    keep(session, city, points={(1, first): 82.0})
    assert calibration.entered(session, city.round_)[first].by == "Admin"
    calibration.keep(session, city.round_, city.stranger, Sheet(NAMES, {}))
    assert kept(session, city).points == {}
    told = calibration.entered(session, city.round_)
    assert told.keys() == {first}
    assert told[first].by == "Stranger"
    assert entries(session)[0][2] == ["1 · Group 1: 82 → —"]


def test_of_several_who_entered_points_the_last_is_told(session, city):
    first, _ = calibration.groups(session, city.round_)
    keep(session, city, points={(1, first): 82.0, (2, first): 70.0, (4, first): 60.0})
    for place, account, day in ((1, city.lead, 3), (2, city.member, 9), (4, city.third, 6)):
        row = session.get_one(CalibrationScoreRow, (city.round_.id, place, first))
        row.entered_by, row.entered_at = account.id, scene.MOMENT.replace(day=day)
    session.flush()
    told = calibration.entered(session, city.round_)[first]
    assert (told.by, told.at) == ("Member", scene.MOMENT.replace(day=9))


def test_a_village_that_is_taken_away_takes_its_points_with_it(session, city):
    first, _ = calibration.groups(session, city.round_)
    keep(session, city, NAMES | {6: "File D"}, {(6, first): 70.0, (1, first): 60.0})
    keep(session, city, points={(1, first): 60.0})
    assert kept(session, city) == Sheet(NAMES, {(1, first): 60.0})
    assert entries(session)[0][2] == ["6: File D → —", "6 · Group 1: 70 → —"]
    keep(session, city, {})
    assert kept(session, city) == Sheet()


def another_round(session, city):
    columns = {column.name: getattr(city.round_, column.name) for column in RoundRow.__table__.c}
    row = RoundRow(**columns | {"id": None, "slug": "autumn"})
    session.add(row)
    session.flush()
    return row


def test_another_round_s_sheet_stays_as_it_is(session, city):
    keep(session, city)
    other = another_round(session, city)
    calibration.keep(session, other, city.administrator, Sheet({1: "X", 2: "Y", 3: "Z"}, {}))
    calibration.keep(session, other, city.administrator, Sheet())
    assert kept(session, city).names == NAMES


@pytest.mark.parametrize("state", ["open", "closed", "sealed"])
def test_it_is_entered_while_villages_are_evaluated(session, city, state):
    city.round_.state = state
    session.flush()
    keep(session, city)
    assert kept(session, city).names == NAMES


@pytest.mark.parametrize("state", ["draft", "scrubbing", "cancelled"])
def test_it_is_not_entered_before_or_in_between(session, city, state):
    city.round_.state = state
    session.flush()
    with pytest.raises(Refused):
        keep(session, city)
    assert entries(session) == []


@pytest.mark.parametrize(
    "row",
    [
        {"place": 7, "name": "x"},
        {"place": 0, "name": "x"},
        {"place": 3, "name": ""},
        {"place": 1, "points": 100.5},
        {"place": 1, "points": -1.0},
        {"place": 3, "points": 80.0},
    ],
)
def test_the_tables_refuse_what_cannot_be(session, city, row):
    keep(session, city)
    values = {"round_id": city.round_.id, **row}
    by = {"group_id": city.lead.group_id, "entered_by": city.lead.id, "entered_at": scene.MOMENT}
    named = "name" in row
    session.add(CalibrationVillageRow(**values) if named else CalibrationScoreRow(**values, **by))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
