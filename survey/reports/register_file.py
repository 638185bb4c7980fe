"""A register's file, as an office saves it, → a table of cells. No byte of the file is trusted."""

from __future__ import annotations

import codecs
import csv
from io import StringIO
from typing import BinaryIO

from survey.core.errors import Invalid
from survey.core.register import Table, has_header
from survey.core.wording import N_
from survey.reports import workbook

LARGEST = 20 * 1024**2
CELLS = 2_000_000
TEXT_NAMES = (".csv", ".txt", ".tsv")

_TOO_LARGE = N_(
    "This file is too large for a register. Please remove the other sheets and pictures, or "
    "divide it by township."
)
_NO_WORKBOOK = N_(
    "“%(filename)s” is no workbook that can be read. Please open the register in Excel or WPS, save"
    " it as .xlsx, .xls or .csv, and choose it again."
)


def read(stream: BinaryIO, filename: str) -> Table:
    """Return the cells of the register in *stream*, from A1 on.

    Of a workbook: the first visible sheet that has a register's header. The kind of file is told
    by its content; *filename* decides only what is text. Raises `Invalid` in one sentence.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(_TOO_LARGE)
    if workbook.is_workbook(data):
        sheets = workbook.read(data, filename, no_workbook=_NO_WORKBOOK, too_large=_TOO_LARGE)
        return _choose([table for _, table in sheets])
    if data and not filename.lower().endswith(TEXT_NAMES):
        raise Invalid(_NO_WORKBOOK, filename=filename)
    return _text(data, filename)


def _choose(sheets: list[Table]) -> Table:
    empty: Table = []
    return next(filter(has_header, sheets), next(filter(None, sheets), empty))


def _text(data: bytes, filename: str) -> Table:
    text = _decode(data, filename)
    delimiter = max(",;\t", key=text[:8192].count)
    if text.count(delimiter) + text.count("\n") > CELLS:
        raise Invalid(_TOO_LARGE)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_NO_WORKBOOK, filename=filename) from error


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
    raise Invalid(_NO_WORKBOOK, filename=filename)
