"""What a moderator cut from a text is in no byte of the database's files, its log or its copies."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage import accounts, intake, moderation
from survey.storage.db import begin_write
from survey.storage.moderation import Desk
from survey.storage.tables import FreeAnswerRow
from tests.hostile.attacker import loot, search
from tests.storage.round import PASSWORD, Office, office

SECRET = "Quoll 4471"
TEXT = f"Ask {SECRET} who took it, {SECRET} was there."


@pytest.fixture
def sealed(session: Session, tmp_path: Path) -> Office:
    """A sealed round with six comments; one of them names somebody."""
    made = office(session, tmp_path / "keys")
    village = made.village_ids()[0]
    comments = [TEXT, *(f"plain {number}" for number in range(5)), *[""] * 16]
    for code, comment in zip(made.print(village, len(comments)), comments, strict=True):
        submission = made.by_ticket(code, village, comment=comment)
        assert intake.add(session, submission) is intake.Outcome.COUNTED
    session.commit()
    made.close_and_seal()
    return made


def cut(made: Office) -> None:
    session = made.session
    begin_write(session)
    mira = accounts.add(session, "mira", "Mira", PASSWORD, "moderator", township="")
    found = session.scalars(sa.select(FreeAnswerRow.id).where(FreeAnswerRow.text == TEXT)).one()
    Desk(session, made.round_, mira).redact(found, [SECRET])
    session.commit()
    moderation.wipe(session)


def files_of(session: Session, tmp_path: Path) -> dict[str, bytes]:
    """Return every file of the database and its log, and its dump, by name."""
    engine = session.get_bind().engine
    dump = {"dump": repr(loot.dump(engine)).encode()}
    if engine.dialect.name == "sqlite":
        return dump | search.written(tmp_path)
    return dump | search.written(loot.data_folder(engine))


def test_what_was_cut_is_in_no_byte(sealed: Office, tmp_path: Path) -> None:
    session = sealed.session
    assert found_in(files_of(session, tmp_path)), "the same search finds it before"
    cut(sealed)
    assert found_in(files_of(session, tmp_path)) == []


def found_in(files: dict[str, bytes]) -> list[str]:
    return [name for name, content in files.items() if SECRET.encode() in content]
