"""Village files as tables: one sheet for each kind of entry, the same to be written and to be read.

A file changes only what it says: an entry that is not in it stays, and so does a field whose cell
is blank. An entry is known by its village and its number; one without a number is a new one. The
state of a measure only moves forward, and never to closed out: a second person is in no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.core.errors import Invalid
from survey.core.register_cells import Cell, as_text, read_code
from survey.core.register_header import Table, letter
from survey.core.village_file import KINDS, LARGEST_NUMBER, Kind, Record, State
from survey.core.village_file_fields import FIELDS, Faults, read_values, state_of
from survey.core.wording import N_, Sentence, say

ROWS_ABOVE = 10
"""The header is looked for in this many rows."""

SHEETS: Mapping[Kind, str] = {
    "problem": N_("Problems"),
    "measure": N_("Measures"),
    "call_back": N_("Call-backs after petitions"),
    "meeting": N_("Meetings and party days"),
}


@dataclass(frozen=True)
class Column:
    """One column: its English label, and what it may be called in Chinese, the usual name first."""

    name: str
    label: str
    chinese: str
    needed: bool = False


CODE = Column("code", N_("Village code"), "村编码 村代码", True)
NUMBER = Column("number", N_("No."), "编号 序号", True)
STATE = Column("state", N_("State"), "状态")
PROOF = Column("proof", N_("Proof"), "佐证材料 证明材料")
_PLACE = (Column("township", N_("Township"), "乡镇"), Column("name", N_("Village name"), "村名"))


@dataclass(frozen=True)
class Entry:
    """An entry of a village's file, with what the workbook says beside it."""

    code: str
    township: str
    name: str
    record: Record
    state: State | None = None
    proof: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What one row of a sheet says; *number* None is a new entry, *letters* are its columns."""

    kind: Kind
    row: int
    code: str
    number: int | None
    values: Mapping[str, Any]
    state: State | None
    letters: Mapping[str, str]

    def problem(self, name: str, sentence: Sentence, *, grave: bool = True) -> SheetProblem:
        """Return *sentence* with the place of the field *name*."""
        column = self.letters.get(name, self.letters["code"])
        return SheetProblem(self.kind, self.row, column, sentence, grave)


@dataclass(frozen=True)
class SheetProblem:
    """What is wrong, or only doubtful, in a cell; *row* and *column* as a person sees them."""

    kind: Kind
    row: int
    column: str
    sentence: Sentence
    grave: bool = True

    @property
    def sheet(self) -> Sentence:
        """What the sheet is called."""
        return say(SHEETS[self.kind])


@dataclass
class Reading:
    """All that the sheets of a workbook say, and everything that is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of the sheet of *kind*, in their order."""
    own = (Column(one.name, one.label, one.chinese, one.needed) for one in FIELDS[kind])
    return (CODE, *_PLACE, NUMBER, *own, *((STATE, PROOF) if kind == "measure" else ()))


def read_tables(tables: Iterable[Table]) -> Reading:
    """Return what *tables*, the sheets of a workbook, say, by kind of entry.

    Sheets of something else are passed over. Raises `Invalid` where none of them has the columns
    of a village file.
    """
    reading, found = Reading(), False
    for table in tables:
        header = _header(table)
        if header is not None:
            found = True
            _read_sheet(table, *header, reading)
    if not found:
        raise Invalid(
            N_(
                "No sheet of this workbook has the columns of a village file. Please download the"
                " workbook here, fill it in and choose it again."
            )
        )
    reading.lines.sort(key=lambda line: KINDS.index(line.kind))
    return reading


def _header(table: Table) -> tuple[Kind, int, dict[str, int]] | None:
    """Return the kind of entries in *table*, the row of its header from 0, its columns by name."""
    best: tuple[Kind, int, dict[str, int]] | None = None
    for row, cells in enumerate(table[:ROWS_ABOVE]):
        for kind in KINDS:
            columns = _matched(kind, cells)
            whole = all(one.name in columns for one in columns_of(kind) if one.needed)
            if whole and (best is None or len(columns) > len(best[2])):
                best = kind, row, columns
    return best


def _matched(kind: Kind, cells: Sequence[Cell]) -> dict[str, int]:
    named: dict[str, str] = {}
    for one in columns_of(kind):
        for called in (_plain(one.label), *one.chinese.split()):
            named.setdefault(called, one.name)
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := named.get(_plain(as_text(cell))):
            found.setdefault(name, place)
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s.]", "", text).casefold()


def _read_sheet(
    table: Table, kind: Kind, header: int, columns: dict[str, int], reading: Reading
) -> None:
    letters = {name: letter(place) for name, place in columns.items()}
    for number, cells in enumerate(table[header + 1 :], start=header + 2):
        named = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        if any(as_text(named.get(name)) for name in _own(kind)):
            line, faults = _read_line(kind, number, named, letters)
            reading.lines.append(line)
            reading.problems += [line.problem(name, said) for name, said in faults.items()]


def _own(kind: Kind) -> Iterator[str]:
    yield NUMBER.name
    yield from (one.name for one in FIELDS[kind])


def _read_line(
    kind: Kind, row: int, cells: Mapping[str, Cell], letters: Mapping[str, str]
) -> tuple[Line, Faults]:
    values, faults = read_values(kind, cells)
    code = ""
    try:
        code = read_code(cells.get("code"))
    except Invalid as error:
        faults["code"] = error.sentence
    number = _number(as_text(cells.get("number")), faults)
    state = _state(as_text(cells.get("state")), faults) if kind == "measure" else None
    return Line(kind, row, code, number, values, state, letters), faults


def _number(typed: str, faults: Faults) -> int | None:
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", typed) or not 1 <= int(typed) <= LARGEST_NUMBER:
        faults["number"] = say(
            N_("“%(text)s” is no whole number from %(lowest)d to %(highest)d."),
            text=typed[:20],
            lowest=1,
            highest=LARGEST_NUMBER,
        )
        return None
    return int(typed)


def _state(typed: str, faults: Faults) -> State | None:
    found = state_of(typed) if typed else None
    if typed and found is None:
        faults["state"] = say(N_("“%(typed)s” is no state of a measure."), typed=typed[:20])
    return found
