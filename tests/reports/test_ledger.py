"""The ledger is read back as a spreadsheet program reads it."""

from dataclasses import fields, replace
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from survey.core.policy import Policy
from survey.reports.ledger import _POLICY, LedgerAbout, LedgerRow, ledger

ABOUT = LedgerAbout(
    title="2026年软弱涣散村级党组织整顿测评",
    office="市委组织部",
    opens_on=date(2026, 3, 1),
    closes_on=date(2026, 3, 20),
    sealed_on=date(2026, 3, 21),
    results_on=date(2026, 4, 1),
    policy=Policy(minimum_turnout=None, veto_events=("群体性事件",)),
    audit_head="ab" * 32,
    made_on=date(2026, 3, 25),
)
ROW = LedgerRow(
    code="990101100201",
    township="青柳镇",
    village="前柳屯村",
    group="第1验收组",
    turnout="120 / 232",
    mass=91.5,
    self_="≥ 98",
    organisational=90.0,
    composite=None,
    suggestion="fairly_good",
    decision="good",
    reason="=1+1",
    lead="组长01",
    signed_on=date(2026, 3, 24),
    countersigner="http://example.org",
)


def same(message: str) -> str:
    return message


@pytest.fixture
def book():
    rows = [ROW, LedgerRow("990101100202", "青柳镇", "后柳屯村", "", "", *[None] * 6)]
    book = openpyxl.load_workbook(BytesIO(ledger(rows, ABOUT, same)))
    yield book
    book.close()


def row_of(book, number):
    names = [cell.value for cell in book["Ledger"][2]]
    return dict(zip(names, book["Ledger"][number], strict=True))


def test_a_village_stands_in_the_ledger_with_its_figures(book):
    cells = row_of(book, 3)

    assert cells["Village code"].value == "990101100201"
    assert (cells["Mass evaluation"].value, cells["Mass evaluation"].number_format) == (91.5, "0.0")
    assert cells["Organisational evaluation"].number_format == "0"
    assert cells["Self-evaluation"].value == "≥ 98"
    assert cells["Self-evaluation"].alignment.horizontal == "right"
    assert cells["Suggested rating"].value == "Fairly good"
    assert cells["Decided rating"].value == "Good"
    assert cells["Signed on"].value == datetime(2026, 3, 24)


def test_what_is_not_there_is_a_dash_and_never_a_nought(book):
    cells = row_of(book, 4)

    assert row_of(book, 3)["Composite score"].value == "—"
    assert {cells[name].value for name in ("Mass evaluation", "Decided rating", "Signed on")} == {
        "—"
    }


def test_text_that_looks_like_a_formula_or_an_address_stays_text(book):
    cells = row_of(book, 3)

    assert (cells["Reason"].value, cells["Reason"].data_type) == ("=1+1", "s")
    assert cells["Countersigner"].hyperlink is None


def test_the_ledger_prints_on_wide_pages_with_its_header(book):
    sheet = book["Ledger"]

    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.freeze_panes == "D3"
    assert sheet.column_dimensions["L"].width > 30


def test_the_method_names_every_constant_and_the_head_of_the_audit_log(book):
    facts = {row[0].value: row[1] for row in book["Method"].iter_rows(min_row=2)}

    assert set(_POLICY) == set(Policy.model_fields)
    assert set(_POLICY.values()) <= set(facts)
    assert facts["Head of the audit log"].value == "ab" * 32
    assert facts["Closes on"].value == datetime(2026, 3, 20)
    assert facts["Weight of the mass evaluation"].number_format == "0.0%"
    assert facts["Lowest turnout for a suggestion"].value == "—"
    assert facts["Events that allow average at most"].value == "群体性事件"


def test_the_ledger_is_written_in_the_language_that_is_asked_for():
    chinese = {"Ledger": "台账", "Method": "方法", "Good": "好"}
    book = openpyxl.load_workbook(
        BytesIO(ledger([ROW], ABOUT, lambda message: chinese.get(message, message)))
    )

    assert book.sheetnames == ["台账", "方法"]
    assert "好" in [cell.value for cell in book["台账"][3]]
    book.close()


BAITS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A1", "http://evil.example/")


@pytest.mark.parametrize("bait", BAITS)
def test_no_text_becomes_a_formula_or_a_link(bait):
    texts = {
        field.name: bait
        for field in fields(LedgerRow)
        if field.name not in {"suggestion", "decision", "signed_on", "countersigned_on"}
    }
    baited = replace(ABOUT, title=bait, office=bait, audit_head=bait)
    data = BytesIO(ledger([replace(ROW, **texts)], baited, same))
    book = openpyxl.load_workbook(data)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert sum(cell.value == bait for cell in cells) >= 12
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    book.close()
