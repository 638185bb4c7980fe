"""flask --app survey register: an import undone, hamlets merged and split, a village edited."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from survey.core.register import Entry
from survey.storage import accounts, audit, registers
from survey.storage.db import db
from tests.storage.round import PASSWORD

EAST = Entry("990101100801", "青柳镇", "东湾", 6, 9, 6, "无班子", acceptance_group="第1验收组")
WEST = Entry("990101100802", "青柳镇", "西湾", 5, 8, 5, "无班子", acceptance_group="第1验收组")
MERGE = ("merge", EAST.code, WEST.code, "--name", "东西湾")


@pytest.fixture
def app(empty: Flask) -> Flask:
    """An office of one administrator, with a register of two hamlets."""
    accounts.add(db.session, "first", "First", PASSWORD, "administrator")
    registers.apply(db.session, [EAST, WEST], "first", "hamlets.xlsx")
    db.session.commit()
    return empty


def run(app: Flask, *words: str, password: str = PASSWORD, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(
        args=["register", *words, "--by", "first"], input=f"{password}\n"
    )
    assert result.exit_code == code, result.output
    return result.output


def kept(code: str) -> Entry:
    """What the register says of a village now."""
    db.session.rollback()
    db.session.expire_all()
    return registers.line(db.session, registers.by_code(db.session, code).id)


def last_act() -> tuple[str, str]:
    db.session.rollback()
    row = audit.listing(db.session).rows[0]
    return row.actor, row.act


def test_hamlets_are_merged_and_split(app: Flask) -> None:
    assert f"东西湾, {EAST.code}" in run(app, *MERGE)
    united = kept(EAST.code)
    assert (united.name, united.eligible, united.party_members) == ("东西湾", 17, 11)
    assert last_act() == ("first", "register.merge")
    run(app, "split", EAST.code)
    assert (kept(EAST.code), kept(WEST.code)) == (EAST, WEST)
    assert last_act() == ("first", "register.split")
    assert "not made of merged hamlets" in run(app, "split", EAST.code, code=1)


def test_a_village_is_edited_field_by_field(app: Flask) -> None:
    run(app, "edit", EAST.code, "eligible=１２", "cause=")
    assert kept(EAST.code) == replace(EAST, eligible=12, cause="")
    assert last_act() == ("first", "register.edit")


def test_of_a_merged_village_its_texts_are_edited_and_its_hamlet_by_its_own(app: Flask) -> None:
    run(app, *MERGE)
    run(app, "edit", EAST.code, "name=双湾")
    assert "the fields are name" in run(app, "edit", EAST.code, "eligible=40", code=1)
    run(app, "edit", EAST.code, "eligible=12", "--own")
    assert (kept(EAST.code).name, kept(EAST.code).eligible) == ("双湾", 20)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("eligible", "Write FIELD=VALUE"),
        ("colour=red", "the fields are code, township"),
        ("acceptance_group=第99验收组", "no acceptance group called 第99验收组"),
        ("name=", "is missing"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_whole(app: Flask, setting: str, said: str) -> None:
    words = ("edit", EAST.code, "eligible=12", setting)
    assert said in run(app, *words, code=1)
    assert kept(EAST.code) == EAST


def test_the_last_import_is_undone(app: Flask) -> None:
    assert "hamlets.xlsx is undone" in run(app, "undo")
    assert last_act() == ("first", "register.undo")
    db.session.rollback()
    assert EAST.code not in registers.codes_of(db.session, [EAST.township])
    registers.apply(db.session, [], "first", "nothing.xlsx")
    db.session.commit()
    assert "There is no import to undo" in run(app, "undo", code=1)


def test_a_code_that_the_register_does_not_have(app: Flask) -> None:
    assert "no village with the code 990101100899" in run(app, "split", "990101100899", code=1)


def test_nothing_is_done_without_the_password(app: Flask) -> None:
    run(app, *MERGE, password="wrong", code=1)
    assert kept(EAST.code) == EAST
