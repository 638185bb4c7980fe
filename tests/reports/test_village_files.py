"""The workbook of village files is read back as it was written; proof files are cleaned."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from PIL import Image

from survey.core.errors import Invalid
from survey.core.village_file import KINDS
from survey.core.village_file_import import Known, plan
from survey.core.village_file_table import SHEETS, Entry, Reading
from survey.core.wording import Translate
from survey.reports import proof_file, village_files
from tests.core.test_village_file import CODE, RECORDS_OF

ENTRIES = {kind: [Entry(CODE, "East", "Clear Water", RECORDS_OF[kind])] for kind in KINDS}
ENTRIES["measure"] = [
    Entry(CODE, "East", "Clear Water", RECORDS_OF["measure"], "closed", ("a.pdf", "b.png"))
]


def same(message: str) -> str:
    return message


def read(content: bytes) -> Reading:
    return village_files.read(BytesIO(content), "files.xlsx")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_written_is_read_back_and_changes_nothing(
    language: str, chinese: Translate
) -> None:
    content = village_files.write(ENTRIES, "The office", chinese if language == "zh" else same)
    reading = read(content)
    assert reading.problems == []
    kept = Known(
        {(kind, RECORDS_OF[kind].number): RECORDS_OF[kind] for kind in KINDS}, {2: "closed"}
    )
    assert plan(reading, {CODE: kept}).counts == {"added": 0, "changed": 0, "unchanged": 4}
    empty = plan(reading, {CODE: Known()})
    assert empty.problems == []
    assert [one.record for one in empty.added] == [RECORDS_OF[kind] for kind in KINDS]
    assert [one.report for one in empty.added] == [False, True, False, False]


def test_the_sheets_say_how_offer_choices_and_hold_no_formula() -> None:
    spoilt = RECORDS_OF["problem"].__class__(number=1, text='=HYPERLINK("http://x")')
    entries = ENTRIES | {"problem": [Entry(CODE, "=1+1", "Clear Water", spoilt)]}
    book = openpyxl.load_workbook(BytesIO(village_files.write(entries, "The office", same)))
    assert book.sheetnames == ["Read first", *SHEETS.values()]
    assert [cell.data_type for cell in book["Problems"][2]] == ["s", "s", "s", "n", "s", "n", "s"]
    measures = book["Measures"]
    cells: dict[str, Any] = {
        head.value: cell.value for head, cell in zip(measures[1], measures[2], strict=True)
    }
    assert cells["State"] == "closed out"
    assert cells["Proof"] == "a.pdf\nb.png"
    assert f"{cells['To be done by']:%Y-%m-%d}" == "2026-03-01"
    offered = [rule.formula1 for rule in measures.data_validations.dataValidation]
    assert offered == ['"under way,reported done,closed out"']


@pytest.mark.parametrize("content", [b"", b"a,b,c", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_one_sentence(content: bytes) -> None:
    with pytest.raises(Invalid, match="no workbook"):
        read(content)


# Proof files


def picture(kind: str, **options: Any) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "PhoneMaker", 6
    file = BytesIO()
    Image.new(options.get("mode", "RGB"), options.get("size", (400, 300))).save(
        file, kind, exif=exif
    )
    return file.getvalue()


@pytest.mark.parametrize(
    ("written", "kind", "mode"),
    [("JPEG", "jpg", "RGB"), ("PNG", "png", "RGBA"), ("PNG", "png", "1"), ("WEBP", "webp", "RGB")],
)
def test_a_picture_is_kept_upright_without_what_the_phone_wrote(
    written: str, kind: str, mode: str
) -> None:
    content = picture(written, mode=mode)
    assert b"PhoneMaker" in content
    found, kept = proof_file.clean(content)
    assert found == kind
    assert b"PhoneMaker" not in kept
    with Image.open(BytesIO(kept)) as opened:
        assert (opened.size, dict(opened.getexif())) == ((300, 400), {})
        assert opened.format == written


def test_a_large_picture_is_made_smaller_and_a_bomb_is_refused() -> None:
    _kind, kept = proof_file.clean(picture("JPEG", size=(4000, 400)))
    with Image.open(BytesIO(kept)) as opened:
        assert opened.size == (300, 3000)
    for size in ((8000, 6400), (20_000, 20_000)):
        with pytest.raises(Invalid, match="too large"):
            proof_file.clean(picture("PNG", mode="1", size=size))


def office(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", **parts}.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_documents_are_told_by_what_is_in_them_and_kept_as_they_are() -> None:
    for content, kind in (
        (b"%PDF-1.7 x", "pdf"),
        (office(**{"word/document.xml": b"x"}), "docx"),
        (office(**{"xl/workbook.xml": b"x"}), "xlsx"),
    ):
        assert proof_file.clean(content) == (kind, content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90 a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        b"\xff\xd8\xff broken",
        b"PK\x03\x04 broken",
        office(),
        office(**{"word/document.xml": b"x", "xl/workbook.xml": b"x"}),
        office(**{"word/document.xml": b"x", "word/vbaProject.bin": b"x"}),
        office(**{"word/document.xml": b"x", "word/embeddings/oleObject1.bin": b"x"}),
    ],
)
def test_anything_else_is_refused_by_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid):
        proof_file.clean(content)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.core.proof.UNPACKED", 1000)
    with pytest.raises(Invalid, match="unpacks"):
        proof_file.clean(office(**{"word/document.xml": bytes(2000)}))
