"""flask --app survey watch: a workbook, reminders and the weekly report from the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from flask import Flask

from tests.printing.reading import open_pages, text_of
from tests.storage.round import PASSWORD, Office, fill


@pytest.fixture
def late(place: Office) -> Office:
    """A round that is nearly over: of 100 eligible, 53 answered in the first village."""
    place.round_.opens_at -= timedelta(days=30)
    place.round_.closes_at -= timedelta(days=2, hours=23)
    place.session.commit()
    fill(place, place.village_ids()[0], 53)
    return place


def run(app: Flask, *words: str, ok: bool = True, typed: str = "") -> str:
    result = app.test_cli_runner().invoke(args=["watch", *words], input=typed)
    assert (result.exit_code == 0) is ok, result.output
    return result.output


def test_the_wall_is_a_workbook(app: Flask, late: Office, tmp_path: Path) -> None:
    path = tmp_path / "wall.xlsx"
    assert str(path) in run(app, "wall", "spring", "--expected", "60", "-o", str(path))
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=6, values_only=True))
    assert [(row[4], row[8]) for row in rows] == [(50, ""), ("fewer than 10", "late")]


def test_reminders_are_text_to_paste_and_cards(app: Flask, late: Office, tmp_path: Path) -> None:
    text = run(app, "reminders", "spring")
    assert "Village 2: the evaluation is still open" in text
    assert "Village 1:" not in text
    path = tmp_path / "cards.pdf"
    run(app, "reminders", "spring", "--language", "zh", "--township", "East", "-o", str(path))
    (page,) = open_pages(path.read_bytes())
    assert "Village2：测评还在进行" in text_of(page)


def test_a_township_that_is_not_there_is_named(app: Flask, late: Office) -> None:
    told = run(app, "reminders", "spring", "--township", "Nowhere", ok=False)
    assert "This township is not in the round." in told


def test_the_weekly_report_asks_who_makes_it(app: Flask, late: Office, tmp_path: Path) -> None:
    path = tmp_path / "weekly.docx"
    words = ("weekly", "spring", "--by", "first", "-o", str(path))
    assert "wrong" in run(app, *words, typed="no\n", ok=False)
    assert not path.exists()
    run(app, *words, "--language", "zh", typed=f"{PASSWORD}\n")
    report = Document(str(path))
    assert report.paragraphs[0].text == "周报"
    assert report.tables[0].rows[1].cells[2].text == "50"
