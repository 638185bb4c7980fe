"""While a round is open: no byte of any file tells an answer, and half a key opens nothing."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from survey import create_app
from survey.core import box, keys
from survey.core.ballot import from_text
from survey.core.errors import Damaged, Invalid
from survey.core.questionnaire import GRADES
from survey.core.round import AudienceDraft
from survey.storage import boxes, questionnaires
from survey.storage import keys as key_folder
from survey.storage.db import db
from tests import beside
from tests.hostile.attacker import loot, search
from tests.storage.round import Office, office

COMMENT = "Zyzzyva: 去年的路一直没有修好。"
ANSWERS = "01230213-120"
WISH = "Axolotl: 村口的灯晚上不亮。"
NUMBER = "638417"
ASKED = beside.questionnaire(extras=(beside.ROAD, beside.VISITS | {"most": 900_000}, beside.WISH))
BESIDE = {"effects.road": "west", "effects.visits": NUMBER, "responsibility.wish": WISH}
_CLOCK_STEP = 2.0


@dataclass
class Ground:
    """An open round behind the pages, one answer in its box, and everything that was written."""

    app: Flask
    place: Office
    folder: Path
    code: str
    since: float

    @property
    def engine(self) -> sa.Engine:
        return db.engine

    def files(self) -> dict[str, bytes]:
        """Return each file that service and database wrote, but not those of the key folder."""
        found = search.written(self.folder, but=self.place.folder)
        if self.engine.dialect.name == "postgresql":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
                alone.execute(sa.text("CHECKPOINT"))
            found |= search.written(loot.data_folder(self.engine), self.since)
        return found

    def backups(self) -> dict[str, bytes]:
        """Return what the engine's own ways of making a backup give."""
        if self.engine.dialect.name == "postgresql":
            return {"pg_dump": loot.pg_dump(self.engine).encode()}
        source = sqlite3.connect(str(self.engine.url.database))
        with tempfile.TemporaryDirectory() as folder:
            copy = sqlite3.connect(Path(folder) / "copy.sqlite")
            source.backup(copy)
            copy.close()
            source.execute("VACUUM INTO ?", (str(Path(folder) / "rewritten.sqlite"),))
            found = search.written(Path(folder))
        found["dump"] = "\n".join(source.iterdump()).encode()
        source.close()
        return found

    def secrets(self) -> dict[str, search.Secret]:
        """Return everything that must be nowhere outside the key folder, by name."""
        first, second = self.place.halves
        wrapped = key_folder.locked(self.place.folder, self.place.round_.id)
        asked = questionnaires.defaults()["mass"]
        return {
            "comment": COMMENT,
            "beginning of the comment": COMMENT[:7],
            "end of the comment": COMMENT[-9:],
            "answers": ANSWERS,
            "text beside": WISH,
            "number beside": NUMBER,
            "answers as they were sent": "&".join(
                f"{item.key}={grade}"
                for item, grade in zip(asked.items[:3], grades()[:3], strict=True)
            ),
            "code": self.code,
            "code in groups": " ".join(self.code[at : at + 4] for at in range(0, 16, 4)),
            "first half": first,
            "second half": second,
            "first half without dashes": first.replace("-", ""),
            "second half without dashes": second.replace("-", ""),
            "pepper": self.place.pepper,
            "private key": keys.unwrap(wrapped, (first, second), self.place.round_.public_key),
            "locked key": bytes.fromhex(wrapped.wrapped),
            "salt of the second half": bytes.fromhex(wrapped.second_salt),
        }


def grades() -> list[str]:
    """Return the answers as a form has them."""
    return [GRADES[answer] if answer >= 0 else "unknown" for answer in from_text(ANSWERS)]


@pytest.fixture
def ground(
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Ground]:
    """One villager has answered; every logger says all that it has to say."""
    since = time.time() - _CLOCK_STEP
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setenv("SQLITE_TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool"):
        caplog.set_level(logging.DEBUG, logger=name)
    app = create_app(
        {
            "instance_path": tmp_path,
            "database_url": address,
            "testing": True,
            "key_cost": "minimum",
            "secret_key": "a secret for tests, long enough to be one",
        }
    )
    with app.app_context():
        digest = questionnaires.add(db.session, ASKED).digest
        place = office(
            db.session,
            app.extensions["settings"].keys,
            key_holding="halves",
            audiences={"mass": AudienceDraft(questionnaire_digest=digest, access="both")},
        )
        (code,) = place.print(place.village_ids()[0], 1)
        answer(app, code)
        (tmp_path / "all.log").write_text(caplog.text)
        yield Ground(app, place, tmp_path, code, since)
        db.session.rollback()
        db.engine.dispose()


def answer(app: Flask, code: str) -> None:
    """Scan a slip, fill in its form and send it."""
    client = app.test_client()
    assert client.get(f"/t/{code}").status_code == 200
    asked = questionnaires.defaults()["mass"]
    filled = {item.key: grade for item, grade in zip(asked.items, grades(), strict=True)}
    sent = client.post(
        "/t/", data={"code": code, "once": box.make_once(), "comment": COMMENT} | filled | BESIDE
    )
    assert sent.status_code == 200


def ciphertext(ground: Ground) -> bytes:
    intake = boxes.of_round(ground.place.round_.id).intake
    return ground.place.session.execute(sa.select(intake.c.ciphertext)).scalar_one()


def test_no_byte_of_any_file_or_backup_tells_an_answer(ground: Ground) -> None:
    files, backups, secrets = ground.files(), ground.backups(), ground.secrets()
    assert search.leaks(secrets, files) == {}
    assert search.leaks(secrets, backups) == {}
    locked = {"ciphertext": ciphertext(ground)[:60]}
    assert search.leaks(locked, files), "the search looks where ballots are"
    assert len(search.leaks(locked, backups)) == len(backups)


def test_the_same_search_finds_a_naive_row(ground: Ground) -> None:
    kind = "BYTEA" if ground.engine.dialect.name == "postgresql" else "BLOB"
    with ground.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE naive (code TEXT, row {kind})")
        row = (
            f'{{"answers":"{ANSWERS}","comment":"{COMMENT}","beside":[{NUMBER},"{WISH}"]}}'.encode()
        )
        connection.execute(
            sa.text("INSERT INTO naive VALUES (:code, :row)"), {"code": ground.code, "row": row}
        )
    naive = {"comment", "answers", "code", "beginning of the comment", "end of the comment"}
    naive |= {"text beside", "number beside"}
    files, secrets = ground.files(), ground.secrets()
    logs = [name for name in files if name.endswith("-wal") or name.startswith("pg_wal/")]
    assert set().union(*search.leaks(secrets, files).values()) == naive
    assert naive in [search.found(secrets, files[name]) for name in logs]
    backups = ground.backups()
    assert search.leaks(secrets, backups) == dict.fromkeys(backups, naive)


def test_the_log_that_is_searched_has_every_statement(ground: Ground) -> None:
    said = (ground.folder / "all.log").read_text()
    assert f"INSERT INTO box{ground.place.round_.id}_intake" in said
    assert "hide_parameters" in said


def test_both_halves_and_the_key_folder_open_the_ballot(ground: Ground) -> None:
    """What the other tests try does succeed with everything in hand."""
    private = ground.secrets()["private key"]
    assert isinstance(private, bytes)
    plain = SealedBox(PrivateKey(private)).decrypt(ciphertext(ground))
    known = {"comment": COMMENT, "answers": ANSWERS, "text": WISH, "number": NUMBER}
    assert search.found(known, plain) == set(known)


@pytest.mark.parametrize("known", [1, 2])
def test_one_half_and_the_key_folder_open_nothing(ground: Ground, known: int) -> None:
    round_ = ground.place.round_
    wrapped = key_folder.locked(ground.place.folder, round_.id)
    half = ground.place.halves[known - 1]
    invented = keys.make_half(3 - known)
    with pytest.raises(Invalid):
        keys.unwrap(wrapped, (half, invented), round_.public_key)
    with pytest.raises(Invalid):
        keys.unwrap(wrapped, (half, half), round_.public_key)
    guesses = [
        keys._derive(half, salt, wrapped.first.operations, wrapped.first.memory)
        for salt in (wrapped.first.salt, wrapped.second_salt)
    ]
    for guess in [*guesses, ground.place.pepper, round_.public_key]:
        with pytest.raises(CryptoError):
            SealedBox(PrivateKey(guess)).decrypt(ciphertext(ground))


def test_both_halves_without_the_key_folder_open_nothing(ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        key_folder.locked(tmp_path / "an empty folder", ground.place.round_.id)
    guesses = [
        keys._derive(half, salt, *keys.MINIMUM)
        for half in ground.place.halves
        for salt in public_salts(ground)
    ]
    for guess in guesses:
        with pytest.raises(CryptoError):
            SealedBox(PrivateKey(guess)).decrypt(ciphertext(ground))


def public_salts(ground: Ground) -> list[str]:
    """Return every value of the right length for a salt that the database has; one at least."""
    length = len(key_folder.locked(ground.place.folder, ground.place.round_.id).second_salt)
    found = [
        value[start : start + length]
        for rows in loot.backup(ground.engine).tables.values()
        for row in rows
        for value in (cell.hex() for cell in row.values() if isinstance(cell, bytes))
        for start in range(0, len(value) - length + 1, length)
    ]
    assert found
    return found
