"""The register (台账): from an office's table to checked entries and every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any, Literal

from survey.core.errors import Invalid
from survey.core.register_cells import (
    Cell,
    Fault,
    as_text,
    read_code,
    read_count,
    read_name,
    read_text,
)
from survey.core.register_columns import Remembered
from survey.core.register_header import (
    FIELDS,
    LABELS,
    NEEDED,
    Header,
    Table,
    find_header,
    has_header,
    label,
    letter,
)
from survey.core.wording import N_, Sentence, say

__all__ = [
    "FIELDS",
    "LABELS",
    "NEEDED",
    "Cell",
    "Entry",
    "Fault",
    "Problem",
    "Register",
    "Table",
    "from_list",
    "has_header",
    "label",
    "read_field",
    "read_rows",
    "to_list",
]

PEOPLE_A_HOUSEHOLD = 10
"""More eligible villagers a household than this are doubted, never refused."""

Severity = Literal["error", "warning"]
_TOTALS = {"合计", "总计", "小计", "共计", "total"}
_READERS: dict[str, Callable[[Cell, Sentence], Any]] = {
    "township": read_name,
    "name": read_name,
    "households": read_count,
    "eligible": read_count,
    "party_members": read_count,
    "cause": read_text,
    "city_leader": read_text,
    "paired_unit": read_text,
    "first_secretary": read_text,
    "acceptance_group": read_name,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One village of a register. A count that the register does not give is None, a text ''."""

    code: str
    township: str
    name: str
    households: int | None = None
    eligible: int | None = None
    party_members: int | None = None
    cause: str = ""
    city_leader: str = ""
    paired_unit: str = ""
    first_secretary: str = ""
    acceptance_group: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong or doubtful in one cell; *row* and *column* as a person sees them in Excel."""

    row: int
    column: str
    severity: Severity
    sentence: Sentence

    @property
    def cell(self) -> str:
        """The cell's name, as in ``D7``."""
        return f"{self.column}{self.row}"

    @property
    def line(self) -> Sentence:
        """The problem with its place, in one sentence."""
        return say(
            N_("Row %(row)d, column %(column)s: %(problem)s"),
            row=self.row,
            column=self.column,
            problem=self.sentence,
        )


@dataclass(frozen=True)
class Register:
    """The villages that could be read, in the file's order, and every problem, from the top."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that must be mended before anything is imported."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Problems that a person should look at, and may leave."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")


@dataclass
class _Row:
    """One row being read; collects its problems."""

    number: int
    cells: Sequence[Cell]
    columns: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        """Return the cell of the field *name*, None where there is none."""
        column = self.columns.get(name)
        return None if column is None or column >= len(self.cells) else self.cells[column]

    def refuse(self, name: str, sentence: Sentence) -> None:
        """Keep an error with the field *name*."""
        self.problems.append(self._problem(name, "error", sentence))

    def warn(self, name: str, message: str, **values: Any) -> None:
        """Keep a warning about the field *name*."""
        self.problems.append(self._problem(name, "warning", say(message, **values)))

    def _problem(self, name: str, severity: Severity, sentence: Sentence) -> Problem:
        return Problem(self.number, letter(self.columns[name]), severity, sentence)

    def value(self, name: str) -> Any:
        """Return the checked value of the field *name*, None where a problem was kept."""
        cell = self.cell(name)
        if isinstance(cell, Fault):
            self.refuse(name, self._fault(name, cell))
            return None
        try:
            return read_field(name, cell)
        except Invalid as error:
            self.refuse(name, error.sentence)
            return None

    def _fault(self, name: str, fault: Fault) -> Sentence:
        place = f"{letter(self.columns[name])}{self.number}"
        if fault is Fault.NO_RESULT:
            return say(
                N_(
                    "Cell %(cell)s holds a formula without a stored result. Please type the value "
                    "itself, or open and save the file in Excel or WPS."
                ),
                cell=place,
            )
        return say(
            N_("Cell %(cell)s shows an Excel error. Please type the value itself."), cell=place
        )


def read_field(name: str, cell: Cell) -> Any:
    """Return the value of the field *name* that *cell* says; raises `Invalid` with the remedy."""
    value = read_code(cell) if name == "code" else _READERS[name](cell, label(name))
    if value == "" and name in NEEDED:
        raise Invalid(N_("%(field)s is missing."), field=label(name))
    return value


def read_rows(table: Table, remembered: Remembered | None = None) -> Register:
    """Return the villages below the header of *table*, with every problem of every cell.

    *remembered*: columns that persons named for headers that are not known otherwise. A row with
    an error gives no entry. Empty rows and rows of totals are passed over. Raises `Invalid` in one
    sentence where there is no header, a needed column or any data row.
    """
    header = find_header(table, remembered or {})
    problems = [_repetition(header, column, name) for column, name in header.repeated]
    entries: list[Entry] = []
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(table[header.row :], start=header.row + 1):
        row = _Row(number, cells, header.columns)
        entry = None if _is_empty(row) else _read(row, codes, names)
        problems += row.problems
        if entry:
            entries.append(entry)
    register = Register(tuple(entries), tuple(problems))
    if not register.entries and not register.errors:
        raise Invalid(
            N_("There is no village below the column names in row %(row)d."), row=header.row
        )
    return register


def _repetition(header: Header, column: int, name: str) -> Problem:
    return Problem(
        header.row,
        letter(column),
        "warning",
        say(
            N_("A second column for %(field)s was passed over; column %(column)s was read."),
            field=label(name),
            column=letter(header.columns[name]),
        ),
    )


def _is_empty(row: _Row) -> bool:
    return not any(isinstance(cell, Fault) or as_text(cell) for cell in row.cells)


def _is_total(row: _Row) -> bool:
    words = (as_text(cell).replace(" ", "").strip(":：").casefold() for cell in row.cells)
    return not as_text(row.cell("name")) and next(filter(None, words), "") in _TOTALS


def _read(row: _Row, codes: dict[str, int], names: dict[tuple[str, str], int]) -> Entry | None:
    if _is_total(row):
        row.warn("code", N_("This row looks like a total and was passed over."))
        return None
    values = {name: row.value(name) for name in FIELDS}
    first = codes.setdefault(values["code"], row.number) if values["code"] else row.number
    if first != row.number:
        message = N_("The village code %(code)s is already in row %(row)d.")
        row.refuse("code", say(message, code=values["code"], row=first))
    if row.problems:
        return None
    entry = Entry(**values)
    _doubt(row, entry, names)
    return entry


def _doubt(row: _Row, entry: Entry, names: dict[tuple[str, str], int]) -> None:
    """Keep a warning for each thing in *entry* that can be, but seldom is."""
    first = names.setdefault((entry.township, entry.name), row.number)
    if first != row.number:
        row.warn(
            "name",
            N_("The same township and village name are already in row %(row)d."),
            row=first,
        )
    if entry.code.endswith("000"):
        row.warn(
            "code",
            N_("The village code %(code)s ends in 000: did Excel round it?"),
            code=entry.code,
        )
    if entry.eligible is None:
        return
    if entry.households is not None and entry.eligible > PEOPLE_A_HOUSEHOLD * entry.households:
        row.warn(
            "eligible",
            N_(
                "%(eligible)d eligible villagers in %(households)d households is more than "
                "%(most)d a household. Please check both numbers."
            ),
            eligible=entry.eligible,
            households=entry.households,
            most=PEOPLE_A_HOUSEHOLD,
        )
    if entry.party_members is not None and entry.party_members > entry.eligible:
        row.warn(
            "party_members",
            N_(
                "%(members)d party members, but only %(eligible)d eligible villagers. "
                "Please check both numbers."
            ),
            members=entry.party_members,
            eligible=entry.eligible,
        )


def to_list(entry: Entry) -> list[str | int | None]:
    """Return *entry* as a JSON list in the order of `FIELDS`."""
    return list(astuple(entry))


def from_list(values: Sequence[Any]) -> Entry:
    """Return the entry that `to_list` wrote."""
    return Entry(*values)
