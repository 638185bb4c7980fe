"""The header of a register: which column holds which field, whatever the office calls it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from survey.core.errors import Invalid
from survey.core.register_cells import Cell, as_text
from survey.core.register_columns import Columns, Remembered, names_of, plain, recall
from survey.core.wording import N_, Sentence, say

Table = Sequence[Sequence[Cell]]
"""Rows of cells from A1 on: ``table[6][3]`` is what a person sees in D7. Rows may be short."""

LABELS = {
    "code": N_("Village code"),
    "township": N_("Township"),
    "name": N_("Village name"),
    "households": N_("Households"),
    "eligible": N_("Eligible villagers"),
    "party_members": N_("Party members"),
    "cause": N_("Cause of the problem"),
    "city_leader": N_("City leader"),
    "paired_unit": N_("Paired unit"),
    "first_secretary": N_("First secretary"),
    "acceptance_group": N_("Acceptance group"),
}
FIELDS = tuple(LABELS)
NEEDED = ("code", "township", "name")
ROWS_ABOVE = 30
"""The header is looked for in this many rows; above it there are titles and notes."""

_HEADERS = {
    "code": "村编码 行政村编码 村代码 行政村代码 村庄代码 统计代码 区划代码 统计用区划代码 "
    "行政区划代码 编码 代码 code villagecode",
    "township": "乡镇 乡镇名 乡镇名称 所属乡镇 所在乡镇 乡镇街道 所属乡镇街道 乡镇街道名称 乡 镇 "
    "township town",
    "name": "村名 村名称 村庄 村庄名称 行政村 行政村名 行政村名称 村 村社区 村居 "
    "name village villagename",
    "households": "户数 总户数 农户数 全村户数 households",
    "eligible": "应评村民数 应评人数 应评村民 应参评村民数 应参评人数 应测评人数 应测评村民数 "
    "eligible eligiblevillagers",
    "party_members": "党员数 党员人数 党员总数 党员 partymembers",
    "cause": "软弱涣散原因 软弱涣散的原因 原因 问题原因 主要问题 存在问题 存在的问题 "
    "cause causeoftheproblem",
    "city_leader": "包联市领导 包联领导 包联市级领导 联系市领导 联系领导 包村领导 市领导 市级领导 "
    "cityleader",
    "paired_unit": "结对单位 结对帮扶单位 帮扶单位 包联单位 包村单位 pairedunit",
    "first_secretary": "第一书记 第一书记姓名 驻村第一书记 firstsecretary",
    "acceptance_group": "验收组 验收小组 所属验收组 考评组 acceptancegroup group",
}
_FIELD_OF = {header: field for field, headers in _HEADERS.items() for header in headers.split()}


@dataclass(frozen=True)
class Header:
    """Where the header is (*row* as seen in Excel) and which column, from 0, holds which field.

    *repeated* lists further columns of a field that has one already: (column, field).
    """

    row: int
    columns: Columns
    repeated: tuple[tuple[int, str], ...] = ()


def label(field: str) -> Sentence:
    """Return what *field* is called, to be translated."""
    return say(LABELS[field])


def letter(column: int) -> str:
    """Return the name that Excel gives a column counted from 0: A to Z, then AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def has_header(table: Table) -> bool:
    """Say whether a row near the top of *table* looks like a register's header."""
    return _likeliest(table) is not None


def find_header(table: Table, remembered: Remembered) -> Header:
    """Return the header of *table*, with every needed column: one that a person named, first.

    Raises `Invalid` where the table is empty, has no header, or lacks a needed column.
    """
    if not any(as_text(cell) for cells in table for cell in cells):
        raise Invalid(N_("This file is empty. Please choose the file that holds the register."))
    header = _recalled(table, remembered) or _likeliest(table)
    if header is None:
        raise Invalid(
            N_(
                "No row with column names was found. The register needs at least these columns: "
                "%(columns)s."
            ),
            columns=_listed(NEEDED),
        )
    missing = tuple(field for field in NEEDED if field not in header.columns)
    if missing:
        raise Invalid(
            N_(
                "The register lacks this column: %(columns)s. Please add it below the title and "
                "import the file again."
            ),
            columns=_listed(missing),
        )
    return header


def guess_header(table: Table) -> Header | None:
    """Return where the column names most likely are, whatever they are called.

    The row that looks like a register's; else the first of those with most filled cells, with
    none of its columns known. None where no row has as many cells as columns are needed.
    """
    known = _likeliest(table)
    if known:
        return known
    filled = [sum(map(bool, names_of(cells))) for cells in table[:ROWS_ABOVE]]
    most = max(filled, default=0)
    return Header(filled.index(most) + 1, {}) if most >= len(NEEDED) else None


def header_in(table: Table, row: int) -> Header:
    """Return the header that *row*, as seen in Excel, would be; raises `Invalid`."""
    if not 1 <= row <= min(len(table), ROWS_ABOVE) or not names_of(table[row - 1]):
        raise Invalid(N_("There are no column names in row %(row)d."), row=row)
    return _header(row, table[row - 1])


def choose_columns(chosen: Sequence[str]) -> dict[str, int]:
    """Return which column holds which field, from the field *chosen* for each column, '' for none.

    Raises `Invalid` where a needed field is missing or a field is chosen twice.
    """
    columns: dict[str, int] = {}
    for column, field in enumerate(chosen):
        if field in columns:
            raise Invalid(
                N_("%(field)s is chosen for column %(first)s and for column %(second)s."),
                field=label(field),
                first=letter(columns[field]),
                second=letter(column),
            )
        if field in FIELDS:
            columns[field] = column
    missing = tuple(field for field in NEEDED if field not in columns)
    if missing:
        raise Invalid(
            N_("Please choose a column for each of these: %(columns)s."), columns=_listed(missing)
        )
    return columns


def _recalled(table: Table, remembered: Remembered) -> Header | None:
    for row, cells in enumerate(table[:ROWS_ABOVE], start=1):
        columns = recall(cells, remembered)
        if columns:
            return Header(row, columns)
    return None


def _likeliest(table: Table) -> Header | None:
    headers = [_header(row, cells) for row, cells in enumerate(table[:ROWS_ABOVE], start=1)]
    best = max(headers, key=lambda header: len(header.columns), default=None)
    return best if best and len(best.columns) >= 2 else None


def _header(row: int, cells: Sequence[Cell]) -> Header:
    columns: dict[str, int] = {}
    repeated = []
    for column, cell in enumerate(cells):
        field = _field(as_text(cell))
        if field and field in columns:
            repeated.append((column, field))
        elif field:
            columns[field] = column
    return Header(row, columns, tuple(repeated))


def _field(text: str) -> str | None:
    without_note = re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", text))
    return _FIELD_OF.get(plain(text)) or _FIELD_OF.get(plain(without_note))


def _listed(fields: Sequence[str]) -> Sentence:
    first, *rest = fields
    if not rest:
        return label(first)
    return say(N_("%(first)s, %(rest)s"), first=label(first), rest=_listed(rest))
