"""Sheets voided and accounted for, posters replaced, rounds cancelled and prolonged."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.slips import Amount
from survey.storage import (
    accounting,
    audit,
    boxes,
    cancelling,
    extending,
    intake,
    posters,
    rounds,
    scrub,
    seal,
    sheets,
    tickets,
)
from survey.storage.accounting import Count
from survey.storage.db import begin_write, now
from survey.storage.intake import Outcome
from survey.storage.sheets import REPRINT, VOID, Place
from survey.storage.tables import PosterRow, RoundRow
from tests.storage.round import Office, office, poster_code


@pytest.fixture
def place(session: Session, tmp_path: Path) -> Office:
    """An office whose round is open."""
    return office(session, tmp_path / "keys")


def sheet(place: Office, number: int, audience: str = "mass") -> Place:
    village = rounds.villages(place.session, place.round_)[0]
    return Place(village, audience, number)


def void(place: Office, number: int, act: str = VOID) -> Amount:
    session, round_ = place.session, place.round_
    begin_write(session)
    sheets.propose(session, round_, act, sheet(place, number), place.first)
    amount = sheets.void(session, round_, act, sheet(place, number), place.second, two_person=True)
    session.commit()
    return amount


def answer(place: Office, code: str, answers: tuple[int, ...] = (0,) * 12) -> Outcome:
    outcome = intake.add(
        place.session, place.by_ticket(code, place.village_ids()[0], answers=answers)
    )
    place.session.commit()
    return outcome


def slips(place: Office) -> accounting.Slips:
    return accounting.one(place.session, place.round_, place.village_ids()[0], "mass")


def test_each_print_is_a_sheet_with_its_own_number(place: Office) -> None:
    village = place.village_ids()[0]
    begin_write(place.session)
    made = [
        tickets.print_sheet(
            place.session, place.round_, village, "mass", Amount(20, 2), place.pepper
        )
        for _ in range(2)
    ]
    place.session.commit()
    assert [(printed.number, len(printed.codes)) for printed in made] == [(1, 20), (2, 20)]
    kept = sheets.of_village(place.session, place.round_, village, "mass")
    assert [(row.number, row.printed, row.spare, row.void) for row in kept] == [
        (1, 20, 2, False),
        (2, 20, 2, False),
    ]
    assert (slips(place).printed, slips(place).spare) == (40, 4)
    assert sheets.of_village(place.session, place.round_, village, "self") == []


def test_voiding_a_sheet_ends_what_is_unspent_of_it_and_nothing_else(place: Office) -> None:
    village = place.village_ids()[0]
    first, second = place.print(village, 5), place.print(village, 5)
    assert answer(place, first[0]) is Outcome.COUNTED
    void(place, 1)
    assert [answer(place, code) for code in first[1:]] == [Outcome.VOID] * 4
    assert answer(place, first[0]) is Outcome.SPENT
    assert answer(place, second[0]) is Outcome.COUNTED
    ticket = boxes.of_round(place.round_.id).ticket
    states = place.session.execute(
        sa.select(ticket.c.sheet, ticket.c.void, sa.func.count())
        .group_by(ticket.c.sheet, ticket.c.void)
        .order_by(ticket.c.sheet, ticket.c.void)
    ).all()
    assert [tuple(row) for row in states] == [(1, False, 1), (1, True, 4), (2, False, 5)]


def test_a_sheet_of_another_village_or_audience_stays(place: Office) -> None:
    first, second = place.village_ids()
    place.print(first, 5)
    other, own = place.print(second, 5), place.print(first, 5, "self")
    void(place, 1)
    there = intake.add(place.session, place.by_ticket(other[0], second))
    place.session.commit()
    here = intake.add(place.session, place.by_ticket(own[0], first, audience="self"))
    place.session.commit()
    assert (there, here) == (Outcome.COUNTED, Outcome.COUNTED)


def test_a_reprint_has_as_many_slips_as_the_sheet_and_not_as_were_unspent(place: Office) -> None:
    """As many as were unspent would tell, before the seal, how many had answered."""
    codes = place.print(place.village_ids()[0], 12)
    for code in codes[:7]:
        answer(place, code)
    assert void(place, 1, REPRINT) == Amount(12, 0)


def test_before_the_seal_nothing_tells_how_many_were_used_or_void(place: Office) -> None:
    codes = place.print(place.village_ids()[0], 12)
    for code in codes[:7]:
        answer(place, code)
    void(place, 1)
    assert (slips(place).used, slips(place).void) == (None, None)
    said = [row.detail for row in audit.listing(place.session).rows]
    assert not any(number in str(said) for number in ("7", "5,", " 5"))
    kept = sheets.of_village(place.session, place.round_, place.village_ids()[0], "mass")[0]
    assert {name for name, value in vars(kept).items() if value in (5, 7)} == set()


def test_after_the_seal_the_accounting_is_whole(place: Office) -> None:
    village = place.village_ids()[0]
    first, second = place.print(village, 12), place.print(village, 10)
    for code in (*first[:7], *second[:6]):
        answer(place, code)
    for _ in range(3):
        intake.add(place.session, place.by_poster(village))
        place.session.commit()
    void(place, 1)
    begin_write(place.session)
    counted = Count(13, 4, ("Carla", "Dora"))
    accounting.count(place.session, place.round_, village, "mass", counted, place.first)
    place.session.commit()
    place.close_and_seal()
    found = slips(place)
    assert (found.printed, found.used, found.void, found.returned) == (22, 13, 5, 4)
    assert found.faults == ()


@pytest.mark.parametrize(("handed_out", "returned", "faults"), [(6, 0, 1), (7, 6, 1), (6, 6, 2)])
def test_slips_that_do_not_add_up_are_flagged_after_the_seal(
    place: Office, handed_out: int, returned: int, faults: int
) -> None:
    village = place.village_ids()[0]
    for code in place.print(village, 12)[:7]:
        answer(place, code)
    begin_write(place.session)
    counted = Count(handed_out, returned, ("Carla", "Dora"))
    accounting.count(place.session, place.round_, village, "mass", counted, place.first)
    place.session.commit()
    assert slips(place).faults == ()
    place.close_and_seal()
    assert len(slips(place).faults) == faults
    begin_write(place.session)
    again = Count(7, 5, ("Carla", "Dora"), "a bundle was found")
    accounting.count(place.session, place.round_, village, "mass", again, place.first)
    place.session.commit()
    assert slips(place).faults == ()


def test_a_handful_of_slips_is_not_voided(place: Office) -> None:
    place.print(place.village_ids()[0], 4)
    with pytest.raises(Refused, match="fewer than 5"):
        void(place, 1)


def test_a_sheet_is_voided_once(place: Office) -> None:
    place.print(place.village_ids()[0], 5)
    void(place, 1)
    with pytest.raises(Refused, match="void already"):
        void(place, 1)


def test_a_sheet_that_is_not_there_cannot_be_voided(place: Office) -> None:
    with pytest.raises(Missing):
        void(place, 1)


def test_one_person_cannot_void_a_sheet(place: Office) -> None:
    session, round_ = place.session, place.round_
    codes = place.print(place.village_ids()[0], 5)
    begin_write(session)
    sheets.propose(session, round_, VOID, sheet(place, 1), place.first)
    session.commit()
    with pytest.raises(Refused, match="second person"):
        sheets.void(session, round_, VOID, sheet(place, 1), place.first, two_person=True)
    session.rollback()
    with pytest.raises(Refused, match="Nobody has proposed"):
        sheets.void(session, round_, REPRINT, sheet(place, 1), place.second, two_person=True)
    session.rollback()
    assert answer(place, codes[0]) is Outcome.COUNTED


def test_after_the_deadline_no_sheet_is_voided(place: Office) -> None:
    place.print(place.village_ids()[0], 5)
    place.pass_deadline()
    with pytest.raises(Refused, match="may still answer"):
        void(place, 1)


def test_a_slip_is_spent_or_void_and_never_both(place: Office, engine: sa.Engine) -> None:
    """Six people send their answers while their sheet is voided."""
    village = place.village_ids()[0]
    codes = place.print(village, 60)
    waiting = [place.by_ticket(code, village) for code in codes]
    outcomes: list[Outcome] = []
    begun = threading.Barrier(7, timeout=30)

    def send(mine: list[Any]) -> None:
        with Session(engine) as session:
            begun.wait()
            for submission in mine:
                outcomes.append(intake.add(session, submission))
                session.commit()

    threads = [threading.Thread(target=send, args=(waiting[own::6],)) for own in range(6)]
    for thread in threads:
        thread.start()
    begun.wait()
    void(place, 1)
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 60
    assert set(outcomes) <= {Outcome.COUNTED, Outcome.VOID}
    box = boxes.of_round(place.round_.id)
    voided = set(place.session.scalars(sa.select(box.ticket.c.mac).where(box.ticket.c.void)))
    spent = set(place.session.scalars(sa.select(box.spent.c.mac)))
    assert voided & spent == set()
    assert len(voided | spent) == 60
    assert len(spent) == outcomes.count(Outcome.COUNTED)


def test_two_prints_at_once_get_two_numbers(place: Office, engine: sa.Engine) -> None:
    village, round_id, pepper = place.village_ids()[0], place.round_.id, place.pepper
    numbers: list[int] = []
    begun = threading.Barrier(4, timeout=30)

    def work() -> None:
        with Session(engine) as session:
            begun.wait()
            begin_write(session)
            round_ = session.get_one(RoundRow, round_id)
            made = tickets.print_sheet(session, round_, village, "mass", Amount(10), pepper)
            session.commit()
            numbers.append(made.number)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(numbers) == [1, 2, 3, 4]
    place.session.rollback()
    place.session.expire_all()
    assert slips(place).printed == 40


def replace(place: Office) -> posters.Poster:
    village = rounds.villages(place.session, place.round_)[0]
    begin_write(place.session)
    new = posters.replace(place.session, place.round_, village, "mass", place.first)
    place.session.commit()
    return new


def test_a_leaked_poster_is_replaced_by_a_new_code(place: Office) -> None:
    village = place.village_ids()[0]
    old = poster_code(place.session, village)
    new = replace(place)
    assert new.code != old
    in_force = posters.of_round(place.session, place.round_, "mass")
    assert [found.code for found in in_force if found.village.village_id == village] == [new.code]
    assert len(in_force) == 2
    kept = place.session.get_one(PosterRow, old)
    assert kept.withdrawn
    entry = audit.listing(place.session).rows[0]
    assert (entry.act, entry.actor) == ("poster.replace", "first")
    assert old not in str(entry.detail)


def test_a_village_without_a_poster_has_none_to_replace(place: Office) -> None:
    begin_write(place.session)
    place.session.execute(sa.delete(PosterRow))
    place.session.commit()
    with pytest.raises(Missing):
        replace(place)


def cancel(place: Office) -> None:
    begin_write(place.session)
    cancelling.propose(place.session, place.round_, place.first, "the wrong questionnaire")
    cancelling.cancel(place.session, place.round_, place.second, two_person=True)
    place.session.commit()


def tables(place: Office) -> set[str]:
    return {
        name
        for name in sa.inspect(place.session.get_bind().engine).get_table_names()
        if name.startswith("box")
    }


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_a_cancelled_round_is_destroyed_unread(place: Office, closed: bool) -> None:
    village = place.village_ids()[0]
    codes = place.print(village, 30)
    for code in codes[:20]:
        answer(place, code)
    if closed:
        place.pass_deadline()
        begin_write(place.session)
        rounds.close_due(place.session)
        place.session.commit()
    cancel(place)
    assert len(tables(place)) == 4
    cancelling.destroy(place.session, place.round_, place.folder)
    assert tables(place) == set()
    assert list(place.folder.iterdir()) == []
    assert (place.round_.state, place.round_.destroyed_at is None) == ("cancelled", False)
    entries = audit.listing(place.session).rows
    assert [row.act for row in entries[:3]] == [
        "round.destroy",
        "round.cancel",
        "round.cancel.propose",
    ]
    assert entries[1].detail == {"reason": "the wrong questionnaire"}
    with pytest.raises(Refused):
        seal.require_sealable(place.session, place.round_)


def test_the_files_hold_nothing_of_a_cancelled_box(
    place: Office, engine: sa.Engine, tmp_path: Path
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("the files of PostgreSQL are searched where its seal is tested")
    codes = place.print(place.village_ids()[0], 30)
    submissions = [place.by_ticket(code, place.village_ids()[0]) for code in codes[:20]]
    for submission in submissions:
        intake.add(place.session, submission)
        place.session.commit()
    sought = [each.mac for each in submissions] + [
        each.ballot.ciphertext[40:72] for each in submissions
    ]
    sought += [each.ballot.id for each in submissions]

    def found() -> int:
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("survey.sqlite*"))
        return sum(one in kept for one in sought)

    assert found() == len(sought)
    cancel(place)
    cancelling.destroy(place.session, place.round_, place.folder)
    assert found() == 0


def test_a_submit_under_way_is_told_that_it_is_over(place: Office) -> None:
    village = place.village_ids()[0]
    codes = place.print(village, 2)
    counted, late = (place.by_ticket(code, village) for code in codes)
    by_poster = place.by_poster(village)
    intake.add(place.session, counted)
    place.session.commit()
    cancel(place)
    assert intake.add(place.session, late) is Outcome.CLOSED
    place.session.commit()
    cancelling.destroy(place.session, place.round_, place.folder)
    for submission in (counted, late, by_poster):
        assert intake.add(place.session, submission) is Outcome.CLOSED
        place.session.commit()


def test_what_was_cut_short_is_finished(place: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel(place)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="power"):
        broken.setattr(scrub.keys, "discard", _fail)
        cancelling.destroy(place.session, place.round_, place.folder)
    place.session.rollback()
    assert place.round_.destroyed_at is None
    assert cancelling.resume(place.session, place.folder) == ["spring"]
    assert list(place.folder.iterdir()) == []
    assert place.round_.destroyed_at is not None
    assert cancelling.resume(place.session, place.folder) == []


def _fail(*_: object) -> None:
    raise OSError("the power is gone")


def test_one_person_cannot_cancel(place: Office) -> None:
    begin_write(place.session)
    cancelling.propose(place.session, place.round_, place.first, "a reason")
    with pytest.raises(Refused, match="second person"):
        cancelling.cancel(place.session, place.round_, place.first, two_person=True)
    assert place.round_.state == "open"


def test_cancelling_needs_a_reason(place: Office) -> None:
    with pytest.raises(Invalid):
        cancelling.propose(place.session, place.round_, place.first, "  ")


@pytest.mark.parametrize("state", ["draft", "scrubbing", "sealed", "cancelled"])
def test_only_a_live_round_can_be_cancelled(place: Office, state: str) -> None:
    begin_write(place.session)
    cancelling.propose(place.session, place.round_, place.first, "a reason")
    place.round_.state = state
    place.session.commit()
    with pytest.raises(Refused, match="open or closed"):
        cancelling.cancel(place.session, place.round_, place.second, two_person=True)


def test_a_round_that_is_not_cancelled_is_not_destroyed(place: Office) -> None:
    with pytest.raises(Refused):
        cancelling.destroy(place.session, place.round_, place.folder)
    assert len(tables(place)) == 4


def later(place: Office, **more: float) -> datetime:
    return (place.round_.closes_at + timedelta(**more)).astimezone(UTC)


def test_two_persons_give_more_time(place: Office) -> None:
    session, until = place.session, later(place, days=2)
    codes = place.print(place.village_ids()[0], 1)
    begin_write(session)
    extending.propose(session, place.round_, place.first, until)
    with pytest.raises(Refused, match="second person"):
        extending.extend(session, place.round_, place.first, two_person=True)
    extending.extend(session, place.round_, place.second, two_person=True)
    session.commit()
    assert place.round_.closes_at == until
    entry = audit.listing(session).rows[0]
    assert (entry.act, entry.actor) == ("round.extend", "second")
    assert entry.detail["until"] == until.isoformat()
    assert answer(place, codes[0]) is Outcome.COUNTED


def test_a_deadline_is_never_moved_forward_or_past_the_results(place: Office) -> None:
    for until in (later(place), later(place, hours=-1), later(place, days=30)):
        with pytest.raises(Invalid):
            extending.propose(place.session, place.round_, place.first, until)


def test_once_it_has_passed_a_deadline_stays(place: Office) -> None:
    until = now(place.session) + timedelta(days=5)
    begin_write(place.session)
    extending.propose(place.session, place.round_, place.first, until)
    place.session.commit()
    place.pass_deadline()
    with pytest.raises(Refused, match="before its deadline passes"):
        extending.propose(place.session, place.round_, place.first, until)
    with pytest.raises(Refused, match="before its deadline passes"):
        extending.extend(place.session, place.round_, place.second, two_person=True)
    place.session.rollback()
    assert place.round_.closes_at < now(place.session)
