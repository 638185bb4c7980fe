"""A register's file, as an office saves it, → a table of cells. No byte of the file is trusted."""

from __future__ import annotations

import codecs
import csv
import json
import subprocess
import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO

from survey.core.errors import Invalid
from survey.core.register import Fault, Table, has_header
from survey.core.wording import N_

LARGEST = 20 * 1024**2
CELLS = 2_000_000
SECONDS = 90
TEXT_NAMES = (".csv", ".txt", ".tsv")

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS = Path(__file__).with_name("sheets.py")
_TOO_LARGE = N_(
    "This file is too large for a register. Please remove the other sheets and pictures, or "
    "divide it by township."
)
_REFUSED = {
    "kind": N_(
        "“%(filename)s” is no workbook that can be read. Please open the register in Excel or "
        "WPS, save it as .xlsx, .xls or .csv, and choose it again."
    ),
    "password": N_(
        "“%(filename)s” is protected by a password. Please save it without one and choose it again."
    ),
    "size": _TOO_LARGE,
}


def read(stream: BinaryIO, filename: str) -> Table:
    """Return the cells of the register in *stream*, from A1 on.

    Of a workbook: the first visible sheet that has a register's header. The kind of file is told
    by its content; *filename* decides only what is text. Raises `Invalid` in one sentence.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(_TOO_LARGE)
    if data.startswith((_ZIP, _OLE)):
        return _choose(_workbook(data, filename))
    if data and not filename.lower().endswith(TEXT_NAMES):
        raise Invalid(_REFUSED["kind"], filename=filename)
    return _text(data, filename)


def read_sheets(stream: BinaryIO, filename: str, refused: Mapping[str, str]) -> list[Table]:
    """Return the cells of every visible sheet of the workbook in *stream*.

    *refused* has the sentences for what cannot be read, by ``kind``, ``password`` and ``size``.
    Raises `Invalid` in one of them.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(refused["size"])
    if not data.startswith((_ZIP, _OLE)):
        raise Invalid(refused["kind"], filename=filename)
    return _workbook(data, filename, refused)


def _choose(sheets: list[Table]) -> Table:
    empty: Table = []
    return next(filter(has_header, sheets), next(filter(None, sheets), empty))


def _workbook(data: bytes, filename: str, refused: Mapping[str, str] = _REFUSED) -> list[Table]:
    try:
        reader = subprocess.run(  # noqa: S603 - our own script, the file comes by standard input
            [sys.executable, "-I", str(_SHEETS)],
            input=data,
            capture_output=True,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid(refused["size"]) from error
    if reader.returncode < 0:
        raise Invalid(refused["size"])
    if reader.returncode:
        raise Invalid(refused["kind"], filename=filename)
    answer = json.loads(reader.stdout, object_hook=_fault)
    if "refused" in answer:
        raise Invalid(refused[answer["refused"]], filename=filename)
    sheets: list[Table] = answer["sheets"]
    return sheets


def _fault(document: dict[str, Any]) -> Any:
    return Fault(document["fault"]) if "fault" in document else document


def _text(data: bytes, filename: str) -> Table:
    text = _decode(data, filename)
    delimiter = max(",;\t", key=text[:8192].count)
    if text.count(delimiter) + text.count("\n") > CELLS:
        raise Invalid(_TOO_LARGE)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_REFUSED["kind"], filename=filename) from error


def _decode(data: bytes, filename: str) -> str:
    """Return *data* as text: by its mark, else strict UTF-8, else GB18030."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(_REFUSED["kind"], filename=filename)
