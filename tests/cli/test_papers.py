"""flask --app survey posters, tickets, bag-forms, test-print: what lands in the file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from tests.cli.persons import PASSWORDS, PERSONS
from tests.printing.reading import codes_on, open_pages, text_of
from tests.storage.round import CODES, Office


def run(app: Flask, *words: object, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=[str(word) for word in words], input=PASSWORDS)
    assert result.exit_code == code, result.output
    return result.output


def test_posters_by_township_with_covers_on_a3(app: Flask, place: Office, tmp_path: Path) -> None:
    target = tmp_path / "posters.zip"
    run(app, "posters", "spring", "--size", "A3", "--covers", "--audience", "mass", "-o", target)
    with zipfile.ZipFile(target) as files:
        assert files.namelist() == ["1-East.pdf"]
        pages = open_pages(files.read("1-East.pdf"))
        assert len(pages) == 3
        assert "Bundle1of1" in text_of(pages[0])
        assert round(pages[0].get_size()[0] * 25.4 / 72) == 297


def test_a_township_is_chosen_by_its_name(app: Flask, place: Office, tmp_path: Path) -> None:
    target = tmp_path / "posters.pdf"
    run(app, "posters", "spring", "--township", "East", "--audience", "mass", "-o", target)
    assert len(open_pages(target.read_bytes())) == 2
    said = run(app, "posters", "spring", "--township", "West", "-o", target, code=1)
    assert "no village in this township: West" in said


@pytest.mark.parametrize(("per_page", "pages"), [("10", 3), ("16", 2), ("24", 1)])
def test_slips_come_as_many_to_a_page_as_is_said(
    app: Flask, place: Office, tmp_path: Path, per_page: str, pages: int
) -> None:
    target = tmp_path / "slips.pdf"
    words = ["tickets", "spring", "--village", CODES[0], "--count", "22", "--per-page", per_page]
    run(app, *words, *PERSONS, "-o", target)
    found = codes_on(target.read_bytes())
    assert len(found) == pages
    assert sum(map(len, found)) == 22


def test_slips_of_a_township_are_a_pdf_for_each_village(
    app: Flask, place: Office, tmp_path: Path
) -> None:
    target = tmp_path / "slips.zip"
    words = ["tickets", "spring", "--township", "East", "--count", "3"]
    run(app, *words, *PERSONS, "-o", target)
    with zipfile.ZipFile(target) as files:
        assert [name[:12] for name in files.namelist()] == list(CODES)
        for name in files.namelist():
            assert [len(page) for page in codes_on(files.read(name))] == [3]


def test_accounting_forms_are_written(app: Flask, place: Office, tmp_path: Path) -> None:
    place.print(place.village_ids()[1], 17)
    place.session.rollback()
    target = tmp_path / "bags.pdf"
    said = run(app, "bag-forms", "spring", "--language", "en", "-o", target)
    assert "bags.pdf" in said
    first, second = (text_of(page) for page in open_pages(target.read_bytes()))
    assert "Village1" in first and "Noslipsareprintedyet" in first
    assert "Village2" in second and "17" in second and "Sheets1;0oftheslips" in second


def test_a_test_print_needs_no_round(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "test.pdf"
    run(app, "test-print", "--size", "A3", "--language", "en", "-o", target)
    (page,) = open_pages(target.read_bytes())
    assert "Testprint" in text_of(page)
    assert round(page.get_size()[1] * 25.4 / 72) == 420
