"""The audit log: append-only by the database itself, and every way of changing it is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import create_app
from survey.core.wording import Sentence
from survey.storage import audit
from survey.storage.db import begin_write, db, is_sqlite

TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER audit_no_update",
        "DROP TRIGGER audit_no_delete",
        "DROP TRIGGER audit_in_order",
    ),
    "postgresql": (
        "DROP TRIGGER audit_no_change ON audit",
        "DROP TRIGGER audit_no_truncate ON audit",
    ),
}
INSERT = (
    "INSERT INTO audit (id, at, actor, act, subject, detail, previous, hash) "
    "SELECT {id}, at, actor, act, subject, detail, previous, 'x' FROM audit WHERE id = 3"
)


@pytest.fixture
def heads(session: Session) -> list[str]:
    """The head after each of ten entries: what the papers of a year would carry."""
    begin_write(session)
    made = [audit.record(session, "anna", "round.open", f"round {n}", number=n) for n in range(10)]
    session.commit()
    return made


def raw(session: Session, *statements: str) -> None:
    """Run statements as somebody would who has the database's password."""
    session.commit()
    for statement in statements:
        session.execute(sa.text(statement))
    session.commit()


def tamper(session: Session, *statements: str) -> None:
    """Run *statements* after the triggers were taken away."""
    raw(session, *TRIGGERS[session.get_bind().dialect.name], *statements)
    session.expire_all()


def said(fault: Sentence | None) -> str:
    return str(fault) if fault else ""


# What the database refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'berta' WHERE id = 3",
        "UPDATE audit SET detail = '{}' WHERE id = 10",
        "DELETE FROM audit WHERE id = 10",
        "DELETE FROM audit",
    ],
)
def test_the_database_refuses_to_change_an_entry(
    session: Session, heads: list[str], statement: str
) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        raw(session, statement)
    session.rollback()
    assert audit.verify(session, heads[-1]) is None


def test_no_entry_is_replaced_or_put_out_of_order(session: Session, heads: list[str]) -> None:
    if not is_sqlite(session):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            raw(session, "TRUNCATE audit")
        session.rollback()
        return
    for statement in (
        INSERT.format(id=3).replace("INSERT", "INSERT OR REPLACE"),
        INSERT.format(id=10).replace("INSERT", "REPLACE"),
        INSERT.format(id=99),
        INSERT.format(id=0),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            raw(session, statement)
        session.rollback()
    assert audit.verify(session, heads[-1]) is None


def test_more_entries_are_taken(session: Session, heads: list[str]) -> None:
    begin_write(session)
    newest = audit.record(session, "berta", "round.close", "round 1")
    session.commit()
    assert audit.head(session) == newest
    assert audit.verify(session, heads[-1]) is None


def test_a_migrated_database_refuses_too(tmp_path: Path) -> None:
    app = create_app({"instance_path": tmp_path, "testing": True, "language": "en"})
    assert app.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    with app.app_context():
        begin_write(db.session)
        audit.record(db.session, "anna", "round.open", "spring")
        db.session.commit()
        for statement in (
            "UPDATE audit SET actor = 'x'",
            "DELETE FROM audit",
            INSERT.format(id=7).replace("id = 3", "id = 1"),
        ):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                raw(db.session, statement)
            db.session.rollback()
        db.engine.dispose()


# What is noticed all the same


@pytest.mark.parametrize(
    ("number", "statements"),
    [
        (3, ["UPDATE audit SET actor = 'berta' WHERE id = 3"]),
        (3, ["UPDATE audit SET act = 'round.close' WHERE id = 3"]),
        (3, ["UPDATE audit SET subject = 'autumn' WHERE id = 3"]),
        (3, ["UPDATE audit SET at = at - 86400 WHERE id = 3"]),
        (3, ["UPDATE audit SET detail = '{\"number\": 3}' WHERE id = 3"]),
        (3, ["UPDATE audit SET hash = 'x' WHERE id = 3"]),
        (10, ["UPDATE audit SET actor = 'berta' WHERE id = 10"]),
        (1, ["DELETE FROM audit WHERE id = 1"]),
        (4, ["DELETE FROM audit WHERE id = 4"]),
        (4, ["DELETE FROM audit WHERE id = 4", "UPDATE audit SET id = id - 1 WHERE id > 4"]),
        (
            4,
            [
                "UPDATE audit SET id = 99 WHERE id = 4",
                "UPDATE audit SET id = 4 WHERE id = 5",
                "UPDATE audit SET id = 5 WHERE id = 99",
            ],
        ),
        (11, [INSERT.format(id=11)]),
    ],
)
def test_what_was_edited_deleted_reordered_or_added_is_named(
    session: Session, heads: list[str], number: int, statements: list[str]
) -> None:
    assert audit.verify(session) is None
    tamper(session, *statements)
    assert said(audit.verify(session)).startswith(f"Entry {number} of the audit log")


def test_a_log_cut_off_at_its_end_lacks_the_head_on_paper(
    session: Session, heads: list[str]
) -> None:
    tamper(session, "DELETE FROM audit WHERE id > 7")
    assert audit.verify(session) is None, "what is left is a chain"
    assert audit.verify(session, heads[6]) is None
    assert "does not hold the head" in said(audit.verify(session, heads[9]))


def test_an_emptied_log_lacks_every_head(session: Session, heads: list[str]) -> None:
    tamper(session, "DELETE FROM audit")
    assert "does not hold the head" in said(audit.verify(session, heads[0]))


def rewrite(session: Session, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Change the log and hash all of it anew, as somebody would who knows this program."""
    table = audit.AuditRow.__table__
    rows = [dict(row._mapping) for row in session.execute(sa.select(table).order_by(table.c.id))]
    change(rows)
    tamper(session, "DELETE FROM audit")
    previous = audit.BEGINNING
    for number, row in enumerate(rows, start=1):
        entry = audit.AuditRow(**row | {"id": number, "previous": previous})
        entry.hash = previous = audit._hash_of(entry)
        session.add(entry)
    session.commit()


def test_a_log_written_anew_from_some_entry_on_lacks_the_heads_after_it(
    session: Session, heads: list[str]
) -> None:
    rewrite(session, lambda rows: rows[4].update(actor="berta"))
    assert audit.verify(session) is None, "only paper can tell"
    assert audit.verify(session, heads[3]) is None
    for head in heads[4:]:
        assert "does not hold the head" in said(audit.verify(session, head))


def test_an_entry_with_a_hash_of_its_own_does_not_fit_the_next(
    session: Session, heads: list[str]
) -> None:
    entry = session.get_one(audit.AuditRow, 4)
    entry.actor = "berta"
    forged = audit._hash_of(entry)
    session.rollback()
    tamper(session, f"UPDATE audit SET actor = 'berta', hash = '{forged}' WHERE id = 4")
    assert said(audit.verify(session)).startswith("Entry 5 of the audit log")


def test_a_head_may_be_typed_as_it_is_printed(session: Session, heads: list[str]) -> None:
    printed = " ".join(heads[2][start : start + 8] for start in range(0, 64, 8)).upper()
    assert audit.verify(session, printed) is None
    assert audit.verify(session, printed.replace("A", "B")) is not None


def test_an_empty_log_is_whole(session: Session) -> None:
    assert audit.verify(session) is None
    assert audit.head(session) == audit.BEGINNING
    assert audit.verify(session, audit.BEGINNING) is None


# The command


def test_the_command_says_whole_or_what_is_wrong(tmp_path: Path) -> None:
    app = create_app({"instance_path": tmp_path, "testing": True, "language": "en"})
    runner = app.test_cli_runner()
    assert runner.invoke(args=["prepare"]).exit_code == 0
    with app.app_context():
        begin_write(db.session)
        first = audit.record(db.session, "anna", "round.open", "spring")
        last = audit.record(db.session, "berta", "round.close", "spring")
        db.session.commit()
    whole = runner.invoke(args=["audit", "verify", "--head", first])
    assert (whole.exit_code, last in whole.output) == (0, True)
    with app.app_context():
        tamper(db.session, "DELETE FROM audit WHERE id = 2")
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    cut = runner.invoke(args=["audit", "verify", "--head", last])
    assert (cut.exit_code, "does not hold the head" in cut.output) == (1, True)
    with app.app_context():
        tamper_again = "UPDATE audit SET actor = 'x' WHERE id = 1"
        raw(db.session, tamper_again)
    edited = runner.invoke(args=["audit", "verify"])
    assert (edited.exit_code, "Entry 1 of the audit log" in edited.output) == (1, True)
    with app.app_context():
        db.engine.dispose()


# Looking things up


def test_entries_are_found_by_person_act_and_subject(session: Session) -> None:
    begin_write(session)
    for number in range(60):
        audit.record(session, "anna", "round.open", f"spring/{number}")
    audit.record(session, "berta", "round.open", "100%_sure")
    session.commit()
    newest = audit.listing(session)
    assert (newest.total, newest.pages, len(newest.rows)) == (61, 2, audit.PAGE)
    assert newest.rows[0].actor == "berta"
    assert audit.listing(session, page=99).page == 2
    assert audit.listing(session, actor="berta").total == 1
    assert audit.listing(session, act="round.close").total == 0
    assert audit.listing(session, subject="spring/5").total == 11
    assert audit.listing(session, subject="%_").total == 1
    assert audit.actors(session) == ["anna", "berta"]
    assert audit.acts(session) == ["round.open"]


def test_an_entry_s_hash_covers_all_of_it(session: Session, heads: list[str]) -> None:
    row = session.get_one(audit.AuditRow, 1)
    hashed = {audit._hash_of(row)}
    for name, value in {
        "id": 2,
        "at": row.at.replace(year=2020),
        "actor": "x",
        "act": "x",
        "subject": "x",
        "detail": json.loads("{}"),
        "previous": "x",
    }.items():
        other = {
            column.key: getattr(row, column.key) for column in audit.AuditRow.__table__.columns
        }
        hashed.add(audit._hash_of(audit.AuditRow(**other | {name: value})))
    assert len(hashed) == 8
