"""The door of the box: one answer in, exactly once, or the reason why not."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.core import box
from survey.storage import boxes, intake, rounds
from survey.storage.db import begin_write, now
from survey.storage.intake import Outcome
from tests.storage.round import office


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


def add(place, submission):
    outcome = intake.add(place.session, submission)
    place.session.commit()
    return outcome


def rows(place, name):
    table = getattr(boxes.of_round(place.round_.id), name)
    return place.session.execute(sa.select(table)).all()


def test_a_ticket_is_counted_once(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    assert add(place, place.by_ticket(code, village)) is Outcome.COUNTED
    assert len(rows(place, "intake")) == len(rows(place, "spent")) == 1


def test_the_same_form_again_is_counted_but_not_twice(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    once = box.make_once()
    for _ in range(3):
        assert add(place, place.by_ticket(code, village, once=once)) is Outcome.COUNTED
    assert len(rows(place, "intake")) == 1


def test_another_form_with_the_same_ticket_is_told_so(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    add(place, place.by_ticket(code, village, answers=(0,) * 12))
    assert add(place, place.by_ticket(code, village, answers=(3,) * 12)) is Outcome.SPENT
    assert len(rows(place, "intake")) == 1


def test_a_ticket_counts_in_its_own_village_only(place):
    first, second = place.village_ids()
    (code,) = place.print(first, 1)
    assert add(place, place.by_ticket(code, second)) is Outcome.UNKNOWN
    assert add(place, place.by_ticket(code, first, audience="self")) is Outcome.UNKNOWN
    assert rows(place, "spent") == []


def test_an_invented_ticket_is_unknown(place):
    village, _ = place.village_ids()
    assert add(place, place.by_ticket("0000000000000000", village)) is Outcome.UNKNOWN


def test_a_void_ticket_is_told_so(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    begin_write(place.session)
    place.session.execute(sa.update(boxes.of_round(place.round_.id).ticket).values(void=True))
    place.session.commit()
    assert add(place, place.by_ticket(code, village)) is Outcome.VOID
    assert rows(place, "intake") == []


def test_a_poster_takes_any_number_of_forms_and_each_once(place):
    village, _ = place.village_ids()
    form = place.by_poster(village)
    assert add(place, form) is Outcome.COUNTED
    assert add(place, form) is Outcome.COUNTED
    assert add(place, place.by_poster(village)) is Outcome.COUNTED
    assert len(rows(place, "intake")) == 2


def test_after_the_deadline_only_a_retry_learns_that_it_was_counted(place):
    village, _ = place.village_ids()
    early, late = place.print(village, 2)
    once = box.make_once()
    add(place, place.by_ticket(early, village, once=once))
    place.pass_deadline()
    assert add(place, place.by_ticket(early, village, once=once)) is Outcome.COUNTED
    assert add(place, place.by_ticket(early, village)) is Outcome.CLOSED
    assert add(place, place.by_ticket(late, village)) is Outcome.CLOSED
    assert add(place, place.by_poster(village)) is Outcome.CLOSED
    assert len(rows(place, "intake")) == 1


def test_before_the_opening_time_nothing_is_spent(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    begin_write(place.session)
    place.round_.opens_at = now(place.session) + timedelta(hours=1)
    place.session.commit()
    assert add(place, place.by_ticket(code, village)) is Outcome.EARLY
    assert rows(place, "spent") == []


def test_what_is_rolled_back_was_never_spent(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    assert intake.add(place.session, place.by_ticket(code, village)) is Outcome.COUNTED
    place.session.rollback()
    assert rows(place, "spent") == rows(place, "intake") == rows(place, "received") == []
    assert add(place, place.by_ticket(code, village)) is Outcome.COUNTED


def test_the_running_count_follows(place):
    first, second = place.village_ids()
    for code in place.print(first, 3):
        add(place, place.by_ticket(code, first))
    add(place, place.by_poster(second))
    turnout = {
        (cell.village.village_id, cell.audience): cell.ballots
        for cell in rounds.turnout(place.session, place.round_)
    }
    assert turnout[first, "mass"] == 3
    assert turnout[second, "mass"] == 0, "posters are feedback where there are tickets"


def test_looking_at_a_ticket_spends_nothing(place):
    village, _ = place.village_ids()
    (code,) = place.print(village, 1)
    mac = box.ticket_mac(place.pepper, code)
    for _ in range(5):
        known = intake.ticket(place.session, place.round_.id, mac)
        assert (known.village_id, known.spent, known.void) == (village, False, False)
    assert intake.ticket(place.session, place.round_.id, b"x" * 32) is None


def test_no_row_of_the_box_has_a_time_or_a_rowid(place):
    box_ = boxes.of_round(place.round_.id)
    names = {column.name for table in box_.metadata.tables.values() for column in table.columns}
    assert not {name for name in names if "at" in name.split("_") or "time" in name}
    if place.session.get_bind().dialect.name == "sqlite":
        for table in box_.metadata.tables:
            with pytest.raises(sa.exc.OperationalError):
                place.session.execute(sa.text(f"SELECT rowid FROM {table}"))
            place.session.rollback()
