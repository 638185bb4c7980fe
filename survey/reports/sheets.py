"""A script: a workbook on standard input → its visible sheets as JSON on standard output.

A workbook may be a bomb: a few bytes that name a cell far away, a text used a million times, an
archive that unpacks for ever. So it is read in a process of its own that may use only so much
memory and time, and that `survey.reports.workbook` can lose without harm. It imports nothing of
the service. Output: ``{"sheets": [[name, rows], …]}``, or ``{"refused": …}`` with ``password``,
``size`` or ``kind``. A cell without a value that should have one is ``{"fault": "no result" |
"error"}``.
"""

from __future__ import annotations

import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY = 512 * 1024**2
SECONDS = 60
UNPACKED = 256 * 1024**2
CELLS = 2_000_000

Rows = list[list[Any]]


class Refusal(Exception):
    """Why the workbook is not read."""


def main() -> None:
    """Read the workbook under limits and print it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": read(sys.stdin.buffer.read())}
    except Refusal as refusal:
        answer = {"refused": str(refusal)}
    except PasswordError:
        answer = {"refused": "password"}
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, EOFError):
        answer = {"refused": "kind"}
    except MemoryError:
        answer = {"refused": "size"}
    json.dump(answer, sys.stdout, ensure_ascii=True, default=str)


def read(data: bytes) -> list[tuple[str, Rows]]:
    """Return each visible worksheet: its name and its rows, from A1 on."""
    faults = find_faults(data) if data.startswith(b"PK") else {}
    with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        return [
            (name, rows_of(workbook.get_sheet_by_name(name), faults.get(name, {})))
            for name in names
        ]


def rows_of(sheet: CalamineSheet, faults: dict[tuple[int, int], str]) -> Rows:
    """Return the rows of *sheet*; merged cells in a column all have the value they show."""
    if sheet.total_height * sheet.total_width > CELLS:
        raise Refusal("size")
    rows: Rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    for (row_number, column), fault in faults.items():
        if row_number < len(rows):
            cells = rows[row_number]
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = {"fault": fault}
    return rows


def find_faults(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Return by sheet name where an .xlsx has a formula without a result, or an error.

    Refuses archives that unpack to too much, and XML that declares entities.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED:
            raise Refusal("size")
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(name):
                raise Refusal("kind")
        return {
            name: faults_of(archive.read(path))
            for name, path in sheet_paths(archive).items()
            if path in archive.namelist()
        }


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the path of each sheet in the archive by its name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes["Id"]] = posixpath.join("/xl", attributes["Target"]).lstrip("/")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            key = next(value for name, value in attributes.items() if local(name) == "id")
            sheets[attributes["name"]] = key

    walk(archive.read("xl/_rels/workbook.xml.rels"), relation)
    walk(archive.read("xl/workbook.xml"), sheet)
    return {name: targets[key] for name, key in sheets.items() if key in targets}


def faults_of(data: bytes) -> dict[tuple[int, int], str]:
    """Return the faults of one sheet by row and column, both from 0."""
    faults: dict[tuple[int, int], str] = {}
    if b"<f" not in data and b't="e"' not in data:
        return faults
    cell = {"place": "", "type": "", "formula": "", "value": ""}
    inside = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = tag
        if tag == "c":
            cell.update(
                place=attributes.get("r", ""), type=attributes.get("t", ""), formula="", value=""
            )
        elif tag == "f":
            cell["formula"] = "yes"

    def text(data: str) -> None:
        if inside in {"v", "t"}:
            cell["value"] += data

    def end(tag: str) -> None:
        nonlocal inside
        inside = ""
        if tag == "c" and cell["type"] == "e":
            faults[position(cell["place"])] = "error"
        elif tag == "c" and cell["formula"] and not cell["value"] and cell["type"] != "str":
            faults[position(cell["place"])] = "no result"

    walk(data, start, end, text)
    return faults


def position(place: str) -> tuple[int, int]:
    """Return row and column, from 0, of a cell's name such as D7; raises ValueError."""
    matched = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", place)
    if not matched:
        raise ValueError(place)
    column = 0
    for mark in matched[1]:
        column = column * 26 + ord(mark) - ord("A") + 1
    return int(matched[2]) - 1, column - 1


def local(name: str) -> str:
    """Return an XML name without its namespace."""
    return name.rpartition(" ")[2]


def walk(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call the functions for each element of the XML in *data*, by its local name."""
    parser = expat.ParserCreate("UTF-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    if end:
        parser.EndElementHandler = lambda name: end(local(name))
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
