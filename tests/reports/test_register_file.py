"""Every shape in which an office sends its register, and files that are none."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlwt

from survey.core.errors import Invalid
from survey.core.register import Fault, Register, read_rows
from survey.reports import register_file

SAMPLES = Path(__file__).parents[1] / "data" / "registers"
HEADER = ["村编码", "乡镇", "村名", "户数", "应评村民数"]
ROWS = [
    ["990101100201", "青柳镇", "前柳屯村", 93, 232],
    ["990101100202", "青柳镇", "后柳屯村", 188, 510],
]


def read(data: bytes, name: str):
    return register_file.read(BytesIO(data), name)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def register_of(name: str) -> Register:
    return read_rows(read(sample(name), name))


def csv_text(delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join(map(str, row)) for row in [HEADER, *ROWS]) + "\r\n"


def workbook(fill=lambda sheet: None) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    fill(book.active)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def altered(data: bytes, member: str, change) -> bytes:
    """Return the workbook with the text of one *member* changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "name",
    [
        "rectification-41.xlsx",
        "rectification-41-titled.xlsx",
        "rectification-41.gb18030.csv",
        "rectification-41.utf8-bom.csv",
        "rectification-41.en.csv",
    ],
)
def test_every_shape_of_the_same_register_reads_the_same(name):
    register = register_of(name)

    assert register.problems == ()
    assert len(register.entries) == 41
    assert register.entries == register_of("rectification-41.xlsx").entries
    assert len({entry.township for entry in register.entries}) == 17


def test_the_code_list_of_a_city_is_read():
    register = register_of("city-469.csv")

    assert register.problems == ()
    assert len(register.entries) == 469


def test_an_old_xls_is_read_with_codes_as_numbers_and_merged_townships():
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for column, name in enumerate(HEADER):
        sheet.write(0, column, name)
    sheet.write_merge(1, 2, 1, 1, "青柳镇")
    for row, values in enumerate(ROWS, start=1):
        sheet.write(row, 0, int(values[0]))
        for column in (2, 3, 4):
            sheet.write(row, column, values[column])
    file = BytesIO()
    book.save(file)

    entries = read_rows(read(file.getvalue(), "台账.xls")).entries

    assert [(entry.code, entry.eligible) for entry in entries] == [
        ("990101100201", 232),
        ("990101100202", 510),
    ]
    assert entries[0].township == "青柳镇"


def test_a_township_merged_over_its_villages_is_every_villages():
    def merge(sheet):
        sheet["B3"] = None
        sheet.merge_cells("B2:B3")

    entries = read_rows(read(workbook(merge), "台账.xlsx")).entries

    assert [entry.township for entry in entries] == ["青柳镇", "青柳镇"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_any_usual_encoding_and_delimiter(delimiter, encoding):
    register = read_rows(read(csv_text(delimiter).encode(encoding), "台账.CSV"))

    assert register.problems == ()
    assert [entry.name for entry in register.entries] == ["前柳屯村", "后柳屯村"]


def test_a_rare_character_of_a_place_name_survives_gb18030():
    text = csv_text().replace("前柳屯村", "𡊄䓖村")

    assert read_rows(read(text.encode("gb18030"), "a.csv")).entries[0].name == "𡊄䓖村"


def test_quoted_line_breaks_and_blank_lines_keep_the_row_numbers_of_excel():
    text = '说明\r\n\r\n村编码,乡镇,村名,原因\r\n990101100201,镇,村,"甲\r\n乙"\r\n1,镇,村,\r\n'

    assert [problem.cell for problem in read_rows(read(text.encode(), "a.csv")).problems] == ["A5"]


def test_the_first_visible_sheet_with_a_header_is_read():
    book = openpyxl.Workbook()
    book.active.append(["填表说明"])
    hidden = book.create_sheet("旧")
    hidden.append(HEADER)
    hidden.sheet_state = "hidden"
    for row in [HEADER, *ROWS]:
        (book["台账"] if "台账" in book.sheetnames else book.create_sheet("台账")).append(row)
    file = BytesIO()
    book.save(file)

    assert len(read_rows(read(file.getvalue(), "a.xlsx")).entries) == 2


def test_a_formula_without_a_stored_result_and_an_error_are_told_from_an_empty_cell():
    def spoil(sheet):
        sheet["C3"] = '=HYPERLINK("http://x","点我")'
        sheet["H9"] = "=1+1"

    data = altered(
        workbook(spoil),
        SHEET,
        lambda text: text.replace(
            b'<c r="D3" t="n"><v>188</v></c>', b'<c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        ),
    )
    table = read(data, "a.xlsx")

    assert (table[2][2], table[2][3]) == (Fault.NO_RESULT, Fault.ERROR)
    assert [problem.cell for problem in read_rows(table).errors] == ["C3", "D3"]


def test_a_formula_with_its_result_is_read():
    data = altered(
        workbook(),
        SHEET,
        lambda text: text.replace(
            b'<c r="D3" t="n"><v>188</v></c>', b'<c r="D3"><f>180+8</f><v>188</v></c>'
        ),
    )

    assert read_rows(read(data, "a.xlsx")).entries[1].households == 188


# By data row of the file, as its README lists them; the header is Excel's row 1.
BAD_12 = {
    2: ("A3", "error", "already in row 2", "第 2 行"),
    3: (
        "A4",
        "error",
        "Excel turned the village code into 9.90101E+11",
        "Excel 把村编码变成了 9.90101E+11",
    ),
    4: ("E5", "error", "“三百”", "“三百”"),
    5: ("E6", "error", "below zero; here is -5", "不能小于零"),
    6: ("C7", "error", "Village name is missing", "缺少村名"),
    8: ("C9", "error", "Cell C9 holds a formula", "单元格 C9 里是公式"),
    10: ("E11", "warning", "8760 eligible villagers in 292 households", "292 户有 8760 名应评村民"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("data_row", range(1, 13))
def test_each_row_of_the_spoilt_register_is_answered_in_the_right_words(
    data_row, language, chinese
):
    problems = [
        problem for problem in register_of("bad-12.xlsx").problems if problem.row == data_row + 1
    ]
    if data_row not in BAD_12:
        assert problems == []
        return
    cell, severity, in_english, in_chinese = BAD_12[data_row]

    assert [(problem.cell, problem.severity) for problem in problems] == [(cell, severity)]
    line = problems[0].line.render(chinese if language == "zh" else str)
    assert {"en": in_english, "zh": in_chinese}[language] in line
    place = {
        "en": f"Row {data_row + 1}, column {cell[0]}: ",
        "zh": f"第 {data_row + 1} 行 {cell[0]} 列：",
    }
    assert line.startswith(place[language])


def test_what_can_be_mended_in_the_spoilt_register_is_mended():
    entries = {entry.code: entry for entry in register_of("bad-12.xlsx").entries}

    assert len(entries) == 6
    assert entries["990101102202"].name == "东赵村"
    assert entries["990101103202"].acceptance_group == ""
    assert entries["990101104201"].name == "兴隆村"
    assert entries["990101104202"].name == "<script>alert(1)</script>村"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The register lacks this column: Village code."), ("zh", "台账里缺少这一列：村编码。")],
)
def test_a_missing_column_is_one_clear_sentence(language, words, chinese):
    with pytest.raises(Invalid) as caught:
        register_of("bad-no-code-column.xlsx")
    assert caught.value.sentence.render(chinese if language == "zh" else str).startswith(words)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (sample("bad-not-a-register.xlsx"), "台账.xlsx"),
        (b"%PDF-1.4 \x00", "台账.pdf"),
        (b"<html><table></table></html>", "台账.xls"),
        (workbook()[:-300], "truncated.xlsx"),
        (workbook()[:40], "truncated.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "台账.xls"),
        (csv_text().replace("柳", "\0").encode(), "nul.csv"),
        (b"\xff\xff\xff", "bytes.csv"),
        (b"a," * 10 + b"x" * 200_000, "long.csv"),
    ],
    ids=["other", "PDF", "page", "cut", "begun", "old", "NUL", "bytes", "long"],
)
def test_a_file_that_is_no_register_is_one_clear_sentence(data, name, chinese):
    with pytest.raises(Invalid, match="no workbook") as caught:
        read(data, name)
    assert name in caught.value.sentence.render(chinese)


def test_an_empty_file_is_one_clear_sentence():
    with pytest.raises(Invalid, match="empty"):
        read_rows(read(b"", "台账.xlsx"))


def test_a_zip_that_is_no_workbook_is_refused():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(Invalid, match="no workbook"):
        read(file.getvalue(), "a.xlsx")


def test_a_file_larger_than_twenty_megabytes_is_not_read():
    with pytest.raises(Invalid, match="too large"):
        read(b"," * (register_file.LARGEST + 1), "a.csv")
    with pytest.raises(Invalid, match="too large"):
        read(b"," * (register_file.CELLS + 1), "a.csv")
