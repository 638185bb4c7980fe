"""Village files as one workbook: a sheet to read first, then one for each kind of entry.

What it says is what `core/village_file_table` reads back; cells are text and dates, never formulas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from survey.core.errors import Invalid
from survey.core.village_file import KINDS, Kind
from survey.core.village_file_fields import FIELDS, STATE_NAMES, Field
from survey.core.village_file_table import (
    NUMBER,
    SHEETS,
    STATE,
    Column,
    Entry,
    Reading,
    columns_of,
    read_tables,
)
from survey.core.wording import N_, Translate
from survey.reports import workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LARGEST = 20 * 1024**2
"""Bytes of a workbook that is read."""
A4 = 9
EMPTY_ROWS = 200
"""Rows below the last one in which a choice is offered too."""
_WIDTHS = {"code": 15, "township": 12, "name": 16, "number": 7, "problem": 9, "proof": 30}
_SHAPES = {"text": 40, "line": 20, "date": 12, "yes": 10, "choice": 18, "number": 9}
_READ_FIRST = (
    N_("One sheet for each kind of entry. A row is known by its village code and its number."),
    N_(
        "To change an entry, write over its cells. To add one, write the village code in a new row"
        " and leave the number empty."
    ),
    N_(
        "A cell that is left empty changes nothing, and a row that is missing removes nothing:"
        " both are done on the page of the village."
    ),
    N_("Measures and call-backs name the number of the problem that they belong to."),
    N_(
        "The state of a measure only moves forward. What is reported done here still needs a second"
        " person on the page, who closes it out."
    ),
    N_("Proof is listed by the names of the files; the files themselves are on the page."),
    N_("Who by office and by role, never by name; no telephone numbers."),
)


_NO_WORKBOOK = N_(
    "“%(filename)s” is no workbook that can be read. Please open it in Excel or WPS, save it"
    " as .xlsx and choose it again."
)
_TOO_LARGE = N_("This workbook is too large. Please divide it by township.")


def read(stream: BinaryIO, filename: str) -> Reading:
    """Return what the workbook in *stream* says; raises `Invalid` where it cannot be read."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(_TOO_LARGE)
    if not workbook.is_workbook(data):
        raise Invalid(_NO_WORKBOOK, filename=filename)
    sheets = workbook.read(data, filename, no_workbook=_NO_WORKBOOK, too_large=_TOO_LARGE)
    return read_tables([table for _, table in sheets])


class _Looks:
    """The few looks of a cell."""

    def __init__(self, book: Workbook) -> None:
        base = {"valign": "top", "border": 1, "border_color": "#c9ced4"}
        self.title: Format = book.add_format({"bold": True, "font_size": 16})
        self.note: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.head: Format = book.add_format(
            {**base, "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#e8eef3"}
        )
        self.text: Format = book.add_format({**base, "text_wrap": True, "num_format": "@"})
        self.number: Format = book.add_format({**base, "num_format": "0"})
        self.date: Format = book.add_format({**base, "num_format": "yyyy-mm-dd"})


def write(entries: Mapping[Kind, Sequence[Entry]], office: str, translate: Translate) -> bytes:
    """Return *entries* as .xlsx in the language of *translate*."""
    from xlsxwriter import Workbook  # a process that serves respondents has no use for it

    _ = translate
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"title": _("Village files"), "author": office})
        looks = _Looks(book)
        _read_first(book.add_worksheet(_("Read first")), looks, translate)
        for kind in KINDS:
            sheet = book.add_worksheet(translate(SHEETS[kind]))
            _fill(sheet, kind, entries[kind], looks, translate)
    return file.getvalue()


def _read_first(sheet: Worksheet, looks: _Looks, translate: Translate) -> None:
    _ = translate
    sheet.set_column(0, 0, 90)
    sheet.write_string(0, 0, _("Village files"), looks.title)
    for line, sentence in enumerate(_READ_FIRST, start=2):
        sheet.write_string(line, 0, translate(sentence), looks.note)


def _fill(
    sheet: Worksheet, kind: Kind, entries: Sequence[Entry], looks: _Looks, translate: Translate
) -> None:
    columns = columns_of(kind)
    fields = {one.name: one for one in FIELDS[kind]}
    last = len(entries) + EMPTY_ROWS
    for place, column in enumerate(columns):
        own = fields.get(column.name)
        width = _WIDTHS.get(column.name) or (_SHAPES[own.shape] if own else 16)
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, translate(column.label), looks.head)
        if listed := _listed(column, own, translate):
            sheet.data_validation(1, place, last, place, {"validate": "list", "source": listed})
    for row, entry in enumerate(entries, start=1):
        for place, column in enumerate(columns):
            _write(sheet, row, place, _cell(entry, column, fields, translate), looks)
    _set_up_print(sheet, len(entries), len(columns))


def _listed(column: Column, own: Field | None, translate: Translate) -> list[str]:
    """Return what may be chosen in *column*, nothing where anything may be written."""
    _ = translate
    if column == STATE:
        return [translate(english) for english, _chinese in STATE_NAMES.values()]
    if own is None:
        return []
    if own.shape == "yes":
        return [_("yes"), _("no")]
    return [translate(english) for english, _chinese in own.options.values()]


def _cell(
    entry: Entry, column: Column, fields: Mapping[str, Field], translate: Translate
) -> str | int | date | None:
    if column.name in fields:
        return _value(getattr(entry.record, column.name), fields[column.name], translate)
    if column == NUMBER:
        return entry.record.number
    if column == STATE:
        return translate(STATE_NAMES[entry.state][0]) if entry.state else None
    found: Any = getattr(entry, column.name)
    return "\n".join(found) if isinstance(found, tuple) else str(found)


def _value(value: Any, own: Field, translate: Translate) -> str | int | date | None:
    _ = translate
    if own.shape == "yes":
        return _("yes") if value else _("no")
    if own.shape == "choice":
        return translate(own.options[value][0])
    found: str | int | date | None = value
    return found


def _write(
    sheet: Worksheet, row: int, place: int, value: str | int | date | None, looks: _Looks
) -> None:
    if value is None or value == "":
        sheet.write_blank(row, place, None, looks.text)
    elif isinstance(value, str):
        sheet.write_string(row, place, value, looks.text)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, looks.date)
    else:
        sheet.write_number(row, place, value, looks.number)


def _set_up_print(sheet: Worksheet, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, rows), columns - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
