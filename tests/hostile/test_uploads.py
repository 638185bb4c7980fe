"""Files that an administrator may be tricked into uploading: a sentence, soon, and nothing kept.

`test_workbooks` and tests/reports show the reader's part; here is the whole way through the page.
"""

from __future__ import annotations

import io
import itertools
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import openpyxl
import pytest
from argon2 import PasswordHasher
from flask import Flask

from survey import create_app
from survey.storage import accounts, drafts, registers
from survey.storage.db import db
from tests.hostile.test_workbooks import SHEET, altered, workbook
from tests.web.browser import Browser

PASSWORD = "plain words for tests"
LIMIT = 2 * 1024**2
SECONDS = 30
"""Far longer than any of these takes, far shorter than a worker may be kept from its work."""


@pytest.fixture
def app(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An installation that takes files of up to two megabytes."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))
    shutil.copy(sqlite_template, tmp_path / "survey.sqlite")
    made = create_app({"instance_path": tmp_path, "testing": True, "upload_limit": LIMIT})
    with made.app_context():
        accounts.add(db.session, "anna", "Anna", PASSWORD, "administrator", language="en")
        db.session.commit()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def anna(app: Flask) -> Browser:
    return Browser(app).sign_in("anna", PASSWORD).get("/admin/register/import")


def packed(member: str, content: bytes) -> bytes:
    """Return an archive that holds *content*."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return file.getvalue()


def nested() -> bytes:
    """A bomb within a bomb: each layer unpacks to many times its size."""
    inner = packed("a.xml", bytes(200 * 1024**2))
    return packed("xl/workbook.xml", inner * 4)


def lying() -> bytes:
    """An archive whose directory says that 300 MB are 10 bytes."""
    data = bytearray(packed(SHEET, bytes(300 * 1024**2)))
    size = (300 * 1024**2).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def billion_laughs() -> bytes:
    """Entities of entities of entities."""
    names = "abcdefghij"
    lines = [f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in itertools.pairwise(names)]
    declaration = f'<!DOCTYPE a [<!ENTITY a "ha">{"".join(lines)}]>'.encode()
    return altered(workbook(), SHEET, lambda text: declaration + text.replace(b"93", b"&j;"))


def foreign_file() -> bytes:
    """An entity that is a file of the server."""
    declaration = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return altered(workbook(), SHEET, lambda text: declaration + text.replace(b"93", b"&a;"))


def far_cell() -> bytes:
    """A cell at the end of the sheet."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return altered(workbook(), SHEET, lambda text: text.replace(b"</sheetData>", far))


def many_members() -> bytes:
    """An archive of very many small files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"xl/{number}", b"")
    return file.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "zip": lambda: packed(SHEET, bytes(300 * 1024**2)),
    "zip in zip": nested,
    "lying zip": lying,
    "many members": many_members,
    "entities": billion_laughs,
    "file of the server": foreign_file,
    "far cell": far_cell,
}


def upload(anna: Browser, data: bytes, name: str, status: int) -> None:
    anna.upload("/admin/register/import", data, name, status)


@pytest.mark.parametrize("kind", ["zip", "lying zip", "file of the server", "far cell"])
def test_a_bomb_is_no_questionnaire_either(app: Flask, anna: Browser, kind: str) -> None:
    anna.get("/admin/questionnaires/new")
    begun = monotonic()
    anna.upload("/admin/questionnaires/import", BOMBS[kind](), "form.xlsx", 422)
    assert monotonic() - begun < SECONDS
    assert len(anna.page.xpath("//*[@role='alert']//li")) == 1
    assert not anna.says("root:")
    with app.app_context():
        assert drafts.listing(db.session) == []


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_answered_with_one_sentence_soon(app: Flask, anna: Browser, kind: str) -> None:
    bomb = BOMBS[kind]()
    assert len(bomb) < LIMIT, "it must come through the door"
    begun = monotonic()
    upload(anna, bomb, "register.xlsx", 422)
    assert monotonic() - begun < SECONDS
    assert len(anna.page.xpath("//*[@role='alert']//li")) == 1
    assert not anna.says("root:")
    with app.app_context():
        assert registers.listing(db.session).total == 0


def test_the_same_file_without_its_sting_is_read(anna: Browser) -> None:
    anna.press("Look at it first", file=(io.BytesIO(workbook()), "register.xlsx"))
    assert anna.heading == "What this file would change"


@pytest.mark.parametrize("name", ["register.xlsx", "register.csv"])
def test_a_file_beyond_the_limit_is_not_even_read(anna: Browser, name: str) -> None:
    upload(anna, bytes(LIMIT + 1), name, 413)
    assert anna.says("This is too large", "Please choose a smaller file")


def test_a_form_of_very_many_parts_is_refused(anna: Browser) -> None:
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    body = {"csrf_token": token} | {f"field{number}": "x" for number in range(2_000)}
    answer = anna.client.post(
        "/admin/register/import", data=body, content_type="multipart/form-data"
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/staff/sign-in", "/admin/register/import", "/t/"])
def test_a_form_of_hundreds_of_thousands_of_fields_is_not_read(app: Flask, path: str) -> None:
    body = b"a=&" * (1024**2 // 3)
    assert len(body) < LIMIT, "the limit of files alone would let it in"
    answer = app.test_client().post(
        path, data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413


def test_a_huge_text_field_is_refused(anna: Browser) -> None:
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = anna.client.post(
        "/admin/people/new",
        data={"csrf_token": token, "name": "x" * (300 * 1024)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413


def test_a_formula_in_the_register_is_text_wherever_it_comes_out(app: Flask, anna: Browser) -> None:
    book = openpyxl.Workbook()
    book.active.append(["村编码", "乡镇", "村名", "户数"])
    book.active.append(["990101100201", "+1+1", "-2", 93])
    book.active.append(["990101100202", "@SUM(A1)", "plain", 94])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    anna.press("Look at it first", file=(file, "register.xlsx")).press("Import")
    assert [row[1:3] for row in anna.rows()] == [["+1+1", "-2"], ["@SUM(A1)", "plain"]]
