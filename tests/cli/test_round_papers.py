"""flask --app survey ledger | report | export | decision-sheets | notices."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

from survey.storage.db import db
from tests import scene


@pytest.fixture
def city(app: Flask) -> None:
    with app.app_context():
        made = scene.city(db.session)
        scene.answer(db.session, made, made.villages[0], "mass", 112)
        scene.answer(db.session, made, made.villages[0], "self", 12)
        db.session.commit()


def run(app: Flask, *words: str, ok: bool = True) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert (result.exit_code == 0) is ok, result.output
    return result.output


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("ledger", "ledger.xlsx"),
        ("report", "report.docx"),
        ("export", "figures.zip"),
        ("decision-sheets", "sheets.zip"),
    ],
)
def test_a_paper_is_written(
    app: Flask, city: None, tmp_path: Path, command: str, name: str
) -> None:
    path = tmp_path / name
    assert str(path) in run(app, command, "spring", "--language", "zh", "-o", str(path))
    assert ZipFile(path).testzip() is None


def test_the_export_is_json_or_a_zip(app: Flask, city: None, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    run(app, "export", "spring", "-o", str(path))
    assert json.loads(path.read_text("utf-8"))["format"] == "cunping-export/1"
    assert ".json" in run(app, "export", "spring", "-o", str(tmp_path / "figures.txt"), ok=False)


def test_there_is_no_notice_without_a_locked_rating(app: Flask, city: None, tmp_path: Path) -> None:
    path = tmp_path / "notices.zip"
    run(app, "notices", "spring", "-o", str(path), ok=False)
    assert not path.exists()
