"""Village files in the database: numbers, second persons, completeness in one query, imports."""

import errno
import os
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from survey.core.errors import Damaged, Missing, Refused
from survey.core.village_file import EMPTY, CallBack, Measure, Problem, Tally, fingerprint
from survey.core.village_file_import import Planned
from survey.storage import (
    accounts,
    audit,
    closing_out,
    proof_files,
    proofs,
    village_file_books,
    village_files,
)
from survey.storage.db import begin_write
from survey.storage.tables import MeasureRow, ProblemRow, ProofRow, VillageRow

CODES = ("990101100201", "990101100202")
DAY = date(2026, 3, 1)
MEGABYTE = 1024**2


@pytest.fixture
def anna(session):
    session.add_all(VillageRow(code=code, township="East", name=code[-3:]) for code in CODES)
    account = accounts.add(session, "anna", "Anna", "a long pass phrase", "administrator")
    session.commit()
    return account


@pytest.fixture
def berta(session, anna):
    account = accounts.add(session, "berta", "Berta", "a long pass phrase", "administrator")
    session.commit()
    return account


@pytest.fixture
def village(session, anna):
    return village_files.village(session, CODES[0])


def add(session, village, by, kind, **values):
    record = village_files.add(session, kind, village, values, by)
    session.commit()
    return record


@pytest.fixture
def measure(session, village, anna):
    """A measure for a problem that villagers had petitioned about."""
    add(session, village, anna, "problem", text="Roof", petition=True)
    return add(session, village, anna, "measure", problem=1, text="Mend")


def tally(session, village, day=DAY):
    chosen = village_files.of_village(village)
    return village_files.tallies(session, chosen, day).get(village.id, EMPTY)


def logged(session):
    return [
        (row.act, row.actor, row.detail.get("number"))
        for row in reversed(audit.listing(session).rows)
        if row.act.startswith("file.")
    ]


def test_entries_are_numbered_in_their_village_and_logged_without_their_text(
    session, village, anna
):
    other = village_files.village(session, CODES[1])
    assert add(session, village, anna, "problem", text="Roof").number == 1
    assert add(session, village, anna, "problem", text="Road").number == 2
    assert add(session, other, anna, "problem", text="Well").number == 1
    assert [number for _act, _who, number in logged(session)] == [1, 2, 1]
    assert "Roof" not in str([row.detail for row in audit.listing(session).rows])
    assert audit.verify(session) is None


def test_what_belongs_to_no_problem_of_the_village_is_not_kept(session, village, anna):
    other = village_files.village(session, CODES[1])
    add(session, other, anna, "problem", text="Well")
    with pytest.raises(Missing):
        village_files.add(session, "measure", village, {"problem": 1, "text": "Dig"}, anna)


def test_a_change_in_between_is_noticed(session, village, anna, measure):
    seen = fingerprint(measure)
    first = {"problem": 1, "text": "Mend", "office": "Land"}
    village_files.change(session, "measure", village, 1, first, seen, anna)
    session.commit()
    with pytest.raises(Refused, match="changed this entry meanwhile"):
        village_files.change(session, "measure", village, 1, first, seen, anna)
    row = village_files.find(session, "measure", village, 1)
    assert village_files.record_of("measure", row) == Measure(number=1, **first)


def test_a_problem_goes_after_what_belongs_to_it(session, village, anna, measure):
    with pytest.raises(Refused, match="remove them first"):
        village_files.remove(session, "problem", village, 1, anna)
    assert village_files.remove(session, "measure", village, 1, anna) == []
    village_files.remove(session, "problem", village, 1, anna)
    session.commit()
    assert tally(session, village) == EMPTY


def test_who_reported_it_done_does_not_close_it_out(session, village, anna, berta, measure):
    with pytest.raises(Refused, match="Only a measure that is reported done"):
        closing_out.close_out(session, village, 1, berta)
    closing_out.report_done(session, village, 1, anna)
    with pytest.raises(Refused, match="second person"):
        closing_out.close_out(session, village, 1, anna)
    closing_out.close_out(session, village, 1, berta)
    session.commit()
    assert tally(session, village).closed == 1
    with pytest.raises(Refused, match="reported done"):
        village_files.change(session, "measure", village, 1, {}, fingerprint(measure), anna)
    with pytest.raises(Refused, match="reported done"):
        village_files.remove(session, "measure", village, 1, anna)
    closing_out.take_back(session, village, 1, anna)
    session.commit()
    row = village_files.find(session, "measure", village, 1)
    assert (row.state, row.done_by, row.closed_by) == ("open", None, None)
    assert [act for act, _who, _number in logged(session)][-3:] == [
        "file.report",
        "file.close_out",
        "file.take_back",
    ]


WRONG = [
    {"state": "done"},
    {"state": "closed"},
    {"state": "waiting"},
    {"done_by": 1},
    {"state": "done", "done_by": 1},
    {"state": "closed", "done_by": 1, "done_at": 1, "closed_by": 1, "closed_at": 1},
    {"state": "done", "done_by": 1, "done_at": 1, "closed_by": 2, "closed_at": 1},
    {"state": "closed", "done_by": 1, "done_at": 1, "closed_by": 2},
    {"text": ""},
    {"problem": 2},
    {"number": 0},
]


def test_a_wrong_state_cannot_be_stored(session, village, anna, berta, measure):
    persons = {1: anna.id, 2: berta.id}
    for wrong in WRONG:
        values = {
            name: persons[value] if name.endswith("_by") else value for name, value in wrong.items()
        }
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        with pytest.raises(IntegrityError):
            session.execute(sa.text(f"UPDATE measure SET {assignments}"), values)
        session.rollback()


def test_the_files_of_many_villages_are_counted_in_one_query(session, village, anna, berta):
    other = village_files.village(session, CODES[1])
    add(session, village, anna, "problem", text="Roof", cause="Rain", petition=True)
    add(session, village, anna, "problem", text="Road", petition=True)
    add(session, other, anna, "problem", text="Well")
    yesterday = DAY - timedelta(days=1)
    for deadline in (yesterday, yesterday, None):
        values = {"problem": 1, "text": "Mend"} | ({"deadline": deadline} if deadline else {})
        add(session, village, anna, "measure", **values)
    add(session, village, anna, "measure", problem=1, text="Mend", office="Land", deadline=DAY)
    closing_out.report_done(session, village, 2, anna)
    closing_out.report_done(session, village, 3, anna)
    closing_out.close_out(session, village, 3, berta)
    called = CallBack(
        number=1,
        problem=1,
        on=DAY,
        way="phone",
        raised="satisfied",
        other_party="unit",
        other="fairly",
    )
    add(
        session,
        village,
        anna,
        "call_back",
        **{k: v for k, v in vars(called).items() if k != "number"},
    )
    for occasion in ("members", "lecture", "party_day", "representatives"):
        add(session, village, anna, "meeting", occasion=occasion, on=DAY, topic="Accounts")
    statements = []
    sa.event.listen(
        session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    found = village_files.tallies(session, sa.select(VillageRow.id), DAY)
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert found == {
        village.id: Tally(
            problems=2,
            with_cause=1,
            with_measure=1,
            petitions=2,
            called_back=1,
            measures=4,
            with_office=1,
            with_deadline=3,
            with_proof=0,
            done=1,
            closed=1,
            overdue=1,
            meetings=2,
            party_days=1,
        ),
        other.id: Tally(problems=1),
    }


# Proof


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "proofs"


@contextmanager
def disk(monkeypatch, name, fault):
    with monkeypatch.context() as patch:
        patch.setattr(os, name, fault)
        yield


def keep(session, folder, village, anna, content=b"%PDF-1 a", measure=1, most=MEGABYTE):
    aside = proof_files.lay_aside(folder, content)
    try:
        begin_write(session)
        args = (village, measure, "a.pdf", "pdf", aside, anna, most)
        row = proofs.keep(session, *args)
        session.commit()
        return row
    finally:
        session.rollback()
        aside.unlink(missing_ok=True)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_proof_is_kept_by_its_content_and_read_back(session, village, anna, measure, folder):
    row = keep(session, folder, village, anna)
    assert names(folder) == [row.digest]
    assert (folder / row.digest).stat().st_mode & 0o777 == 0o600
    assert proof_files.read(folder, row.digest) == b"%PDF-1 a"
    assert tally(session, village).with_proof == 1
    with pytest.raises(Refused, match="with the measure already"):
        keep(session, folder, village, anna)
    (folder / row.digest).write_bytes(b"%PDF-1 b")
    with pytest.raises(Damaged):
        proof_files.read(folder, row.digest)
    (folder / row.digest).unlink()
    with pytest.raises(Missing):
        proof_files.read(folder, row.digest)


def test_a_file_goes_once_nothing_refers_to_it(session, village, anna, measure, folder):
    other = village_files.village(session, CODES[1])
    add(session, other, anna, "problem", text="Well")
    add(session, other, anna, "measure", problem=1, text="Dig")
    first = keep(session, folder, village, anna)
    keep(session, folder, other, anna)
    digest = proofs.remove(session, village, first.id, anna)
    session.commit()
    proofs.forget(session, folder, [digest])
    assert names(folder) == [digest]
    assert village_files.remove(session, "measure", other, 1, anna) == [digest]
    session.commit()
    proofs.forget(session, folder, [digest])
    assert names(folder) == []


def test_another_village_s_proof_is_not_there(session, village, anna, measure, folder):
    row = keep(session, folder, village, anna)
    other = village_files.village(session, CODES[1])
    with pytest.raises(Missing):
        proofs.find(session, other, row.id)


def test_the_proof_of_a_village_is_bounded_and_that_of_a_closed_measure_stays(
    session, village, anna, berta, measure, folder
):
    row = keep(session, folder, village, anna, b"%PDF-" + bytes(MEGABYTE - 100))
    with pytest.raises(Refused, match="1 MB together"):
        keep(session, folder, village, anna, b"%PDF-" + b"x" * 200)
    assert names(folder) == [row.digest]
    closing_out.report_done(session, village, 1, anna)
    closing_out.close_out(session, village, 1, berta)
    session.commit()
    with pytest.raises(Refused, match="stays as it is"):
        keep(session, folder, village, anna)
    with pytest.raises(Refused, match="stays as it is"):
        proofs.remove(session, village, row.id, anna)


def test_a_full_disk_keeps_nothing_and_says_so(
    session, village, anna, measure, folder, monkeypatch
):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "full")

    with disk(monkeypatch, "fsync", full), pytest.raises(Refused, match="disk is full"):
        keep(session, folder, village, anna)
    assert names(folder) == []
    assert session.scalars(sa.select(ProofRow)).all() == []


def test_what_a_crash_left_is_swept_and_what_is_on_its_way_is_not(
    session, village, anna, measure, folder
):
    row = keep(session, folder, village, anna)
    orphan = "f" * 32
    (folder / orphan).write_bytes(b"rolled back")
    fresh, old = (proof_files.lay_aside(folder, b"half") for _ in range(2))
    begun = old.stat().st_mtime - proof_files.ON_ITS_WAY - 1
    os.utime(old, (begun, begun))
    assert sorted(proofs.sweep(session, folder)) == sorted([orphan, old.name])
    assert names(folder) == sorted([row.digest, fresh.name])
    assert proofs.sweep(session, folder / "not there") == []


# Imports


def test_an_import_is_written_whole_with_one_line_in_the_log(session, village, anna):
    planned = [
        Planned(CODES[0], "measure", Measure(number=4, problem=7, text="Mend"), None, True),
        Planned(CODES[0], "problem", Problem(number=7, text="Roof"), None),
    ]
    token = village_file_books.keep_preview(session, anna, "files.xlsx", planned)
    session.commit()
    filename, again = village_file_books.take_preview(session, anna, token)
    assert again == planned
    counts = village_file_books.apply(session, again, anna, filename)
    session.commit()
    assert counts == {"added": 2, "changed": 0}
    row = session.scalars(sa.select(MeasureRow)).one()
    assert (row.number, row.state, row.done_by) == (4, "done", anna.id)
    assert [act for act, _who, _number in logged(session)] == ["file.import"]
    entries = village_file_books.entries(session, sa.select(VillageRow.id))
    assert [one.record for one in entries["problem"]] == [planned[1].record]
    assert entries["measure"][0].state == "done"
    with pytest.raises(Missing):
        village_file_books.take_preview(session, anna, token)


def test_an_import_is_refused_where_a_file_was_changed_since(session, village, anna):
    old = Problem(number=1, text="Roof")
    planned = [Planned(CODES[0], "problem", Problem(number=1, text="Road"), old)]
    with pytest.raises(Refused, match="changed since this was shown"):
        village_file_books.apply(session, planned, anna, "files.xlsx")
    session.rollback()
    assert session.scalars(sa.select(ProblemRow)).all() == []
    add(session, village, anna, "problem", text="Roof")
    assert village_file_books.apply(session, planned, anna, "f")["changed"] == 1
    session.commit()
    assert session.scalars(sa.select(ProblemRow.text)).all() == ["Road"]


def test_a_preview_is_its_maker_s_own(session, village, anna, berta):
    token = village_file_books.keep_preview(session, anna, "f", [])
    with pytest.raises(Missing):
        village_file_books.take_preview(session, berta, token)
