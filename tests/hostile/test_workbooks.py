"""Workbooks made to bring the service down: each is answered with one sentence, and soon."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
import xlwt

from survey.core.errors import Invalid
from survey.reports import register_file

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def read(data: bytes, name: str):
    return register_file.read(BytesIO(data), name)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["村编码", "乡镇", "村名", "户数"])
    book.active.append(["990101100201", "青柳镇", "前柳屯村", 93])
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


def test_a_zip_bomb_is_refused():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, bytes(300 * 1024**2))
    assert len(file.getvalue()) < 400_000
    with pytest.raises(Invalid, match="too large"):
        read(file.getvalue(), "a.xlsx")


def test_a_cell_at_the_end_of_the_sheet_takes_no_memory_with_it():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = altered(workbook(), SHEET, lambda text: text.replace(b"</sheetData>", far))
    with pytest.raises(Invalid, match="too large"):
        read(data, "a.xlsx")


def test_an_old_xls_with_a_cell_far_away_is_refused():
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "村编码")
    sheet.write(65535, 255, 1)
    file = BytesIO()
    book.save(file)
    with pytest.raises(Invalid, match="too large"):
        read(file.getvalue(), "a.xls")


def test_a_text_shared_by_very_many_cells_is_refused():
    cells = "".join(f'<c r="{column}%d" t="s"><v>0</v></c>' for column in "ABCDEFGHIJ")
    rows = "".join(f"<row>{cells.replace('%d', str(row))}</row>" for row in range(1, 5_000))
    text = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    relation = f'<Relationship Type="{SHARED}" Target="sharedStrings.xml" Id="rId99"/></Relation'
    data = altered(
        workbook(),
        SHEET,
        lambda _: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode(),
    )
    data = altered(
        data,
        "xl/_rels/workbook.xml.rels",
        lambda part: part.replace(b"</Relation", relation.encode(), 1),
    )
    file = BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", text)
    assert len(file.getvalue()) < 200_000
    with pytest.raises(Invalid, match="too large"):
        read(file.getvalue(), "a.xlsx")


def test_entities_are_refused():
    declaration = (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
        b'<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    )
    data = altered(workbook(), SHEET, lambda text: declaration + text.replace(b"93", b"&b;&c;"))
    with pytest.raises(Invalid, match="no workbook"):
        read(data, "a.xlsx")
