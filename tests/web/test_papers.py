"""Papers of a sealed round: who gets which, what stands in them, and that they tell no more."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook

from survey.reports.export import VERSION, Export
from survey.storage import rounds
from survey.storage.db import db
from tests.printing.reading import open_pages, text_of
from tests.web.browser import Browser
from tests.web.test_review import VILLAGE, agree, city, decide

__all__ = ["city"]

ROOT = Path(__file__).parents[2]
LEDGER = "/review/ledger/spring"
OTHERS = "/review/spring/990102100201"


def fetch(browser: Browser, address: str, language: str = "en") -> bytes:
    answer = browser.client.get(f"{address}?language={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    opened = "inline" if answer.mimetype == "application/pdf" else "attachment"
    assert answer.headers["Content-Disposition"].startswith(opened)
    return answer.get_data()


def words(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def heads(docx: bytes) -> str:
    return Document(BytesIO(docx)).sections[0].header.paragraphs[0].text


def pages(pdf: bytes) -> list[str]:
    return [text_of(page) for page in open_pages(pdf)]


def names(archive: bytes) -> list[str]:
    return ZipFile(BytesIO(archive)).namelist()


@pytest.fixture
def decided(app: Flask, browse) -> Iterator[Browser]:
    decide(app, browse)
    return browse("lead")


def test_a_decision_sheet_has_scores_decision_names_and_constants(decided: Browser) -> None:
    told = words(fetch(decided, f"{VILLAGE}/decision-sheet.docx"))
    for wanted in (
        "Decision sheet · Clear Water",
        "Decided rating",
        "The group is of one mind.",
        "Lead, ",
        "Member, ",
        "Policy constants in force",
        "n = 112",
        "For the office",
    ):
        assert wanted in told, wanted


def test_a_sheet_is_a_draft_on_every_page_until_its_rating_is_locked(app: Flask, browse) -> None:
    lead = agree(browse)
    for page in pages(fetch(lead, f"{VILLAGE}/decision-sheet.pdf")):
        assert "DRAFT" in page
    assert "DRAFT" in heads(fetch(lead, f"{VILLAGE}/decision-sheet.docx"))
    assert "草稿" in heads(fetch(lead, f"{VILLAGE}/decision-sheet.docx", "zh"))
    lead.get(VILLAGE).press("Sign", decision="fairly_good", reason="The group is of one mind.")
    browse("member").get(VILLAGE).press("Countersign and lock")
    assert not [
        page for page in pages(fetch(lead, f"{VILLAGE}/decision-sheet.pdf")) if "DRAFT" in page
    ]
    assert "DRAFT" not in heads(fetch(lead, f"{VILLAGE}/decision-sheet.docx"))


@pytest.mark.parametrize("paper", ["decision-sheet.docx", "decision-sheet.pdf", "notice.pdf"])
def test_papers_of_another_group_are_not_there(decided: Browser, browse, paper: str) -> None:
    assert browse("stranger").client.get(f"{VILLAGE}/{paper}").status_code == 404
    assert decided.client.get(f"{OTHERS}/{paper}").status_code == 404


def test_no_sheet_before_the_scores_may_be_seen(browse) -> None:
    assert browse("lead").client.get(f"{VILLAGE}/decision-sheet.pdf").status_code == 404
    assert browse("lead").client.get(f"{LEDGER}/decision-sheets-pdf.zip").status_code == 409


def test_archives_hold_the_villages_that_one_may_see(decided: Browser, browse) -> None:
    sheets = names(fetch(decided, f"{LEDGER}/decision-sheets-docx.zip"))
    assert [name.split("-")[0] for name in sheets] == ["990101100201"]
    everything = names(fetch(browse("admin"), f"{LEDGER}/decision-sheets-docx.zip"))
    assert len(everything) == 3
    assert len(names(fetch(browse("admin"), f"{LEDGER}/notices.zip"))) == 1
    assert browse("stranger").client.get(f"{LEDGER}/notices.zip").status_code == 409


def test_the_report_is_for_who_sees_all_villages(decided: Browser, browse) -> None:
    assert decided.client.get(f"{LEDGER}/report.docx").status_code == 404
    report = fetch(browse("admin"), f"{LEDGER}/report.docx")
    told = words(report)
    for wanted in ("Report on the round", "Clear Water", "Long Meadow", "preliminary", "112 / "):
        assert wanted in told, wanted
    assert len(Document(BytesIO(report)).inline_shapes) == 2
    assert "测评情况报告" in words(fetch(browse("admin"), f"{LEDGER}/report.docx", "zh"))


def test_a_notice_is_one_page_in_plain_words_once_it_is_locked(app: Flask, browse) -> None:
    lead = agree(browse)
    assert lead.client.get(f"{VILLAGE}/notice.pdf").status_code == 409
    lead.get(VILLAGE).press("Sign", decision="fairly_good", reason="The group is of one mind.")
    browse("member").get(VILLAGE).press("Countersign and lock")
    (page,) = pages(fetch(lead, f"{VILLAGE}/notice.pdf"))
    for wanted in ("Clear Water", "Fairly good", "112", "Nobody can see"):
        assert wanted.replace(" ", "") in page.replace(" ", ""), wanted
    assert "结果：较好" in pages(fetch(lead, f"{VILLAGE}/notice.pdf", "zh"))[0]


def test_the_workbook_has_its_sheets_with_frozen_and_repeated_heads(browse, decided) -> None:
    book = load_workbook(BytesIO(fetch(browse("admin"), f"{LEDGER}.xlsx")))
    assert book.sheetnames == [
        "Ledger",
        "Scores",
        "Distributions",
        "Gaps",
        "Flags",
        "Overrides",
        "Method",
    ]
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes == "D3", sheet.title
        assert sheet.print_title_rows == "$1:$2", sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert book["Scores"].max_row == 2 + 3 * 10 + 5  # five of each voice


def test_the_json_is_as_its_schema_says_and_both_forms_tell_the_same(decided, browse) -> None:
    admin = browse("admin")
    document = json.loads(fetch(admin, f"{LEDGER}/export.json"))
    Export.model_validate(document)
    archive = ZipFile(BytesIO(fetch(admin, f"{LEDGER}/export.zip")))
    tables = set(document) - {"format", "round", "policy"}
    assert set(archive.namelist()) == {f"{VERSION}-{name}.csv" for name in tables}
    for name in tables:
        raw = archive.read(f"{VERSION}-{name}.csv")
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(StringIO(raw.decode("utf-8-sig"))))
        assert rows == [
            {key: "" if value is None else str(value) for key, value in line.items()}
            for line in document[name]
        ], name


def test_the_schema_that_is_served_is_that_of_the_code(browse) -> None:
    served = json.loads(browse("member").client.get("/review/export.schema.json").data)
    assert served == Export.model_json_schema()
    assert served == json.loads((ROOT / "docs/schema/export.schema.json").read_text("utf-8"))


def test_a_lead_exports_no_other_group_and_no_score_before_its_consensus(decided) -> None:
    document = json.loads(fetch(decided, f"{LEDGER}/export.json"))
    assert [line["code"] for line in document["villages"]] == ["990101100201", "990101100202"]
    assert {line["code"] for line in document["scores"]} == {"990101100201"}
    assert document["villages"][1]["composite"] is None


def test_the_page_of_papers_offers_what_one_may_fetch(decided: Browser, browse) -> None:
    lead, admin = decided.get(f"{LEDGER}/papers"), browse("admin").get(f"{LEDGER}/papers")
    assert not lead.says("Report for the city")
    assert admin.says("Report for the city", "Decision sheets", "Export")
    for page in (lead, admin):
        for link in page.page.xpath("//main//table//a/@href"):
            assert page.client.get(link).status_code == 200, link


def test_before_the_seal_there_is_no_paper(app: Flask, browse) -> None:
    with app.app_context():
        rounds.by_slug(db.session, "spring").state = "closed"
        db.session.commit()
    admin = browse("admin")
    for paper in ("papers", "report.docx", "export.json", "export.zip", "notices.zip"):
        assert admin.client.get(f"{LEDGER}/{paper}").status_code == 409, paper
