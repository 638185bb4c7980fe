"""One sheet of an XLSForm: its rows by the names of their columns, and where each cell stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from survey.core.drafting.draft import Text
from survey.core.register import Fault, Table
from survey.core.wording import N_, Sentence, say
from survey.reports.xlsform.names import unquote

LONGEST = 300
"""Characters of one text."""
ROWS = 2_000
"""Far more than any questionnaire has."""

_SPOKEN = {"zh": "zh", "chinese": "zh", "中文": "zh", "en": "en", "english": "en"}
_SAME = {
    "list name": "list_name",
    "value": "name",
    "calculate": "calculation",
    "relevance": "relevant",
    "readonly": "read_only",
}
_CHINESE = re.compile(r"[一-鿿]")

_LANGUAGE = N_(
    "questions are asked in Chinese and English, and this column is in neither. Please delete it."
)
_NO_RESULT = N_("the cell has an error, or a formula without a result. Please write its text.")
_LONG = N_("this text is longer than %(most)d characters. Please shorten it.")


@dataclass
class Faults:
    """All that is wrong in a workbook, and what was left out without harm."""

    wrong: list[Sentence] = field(default_factory=list)
    left_out: list[Sentence] = field(default_factory=list)


@dataclass
class Row:
    """One row; *number* as the spreadsheet shows it, *cells* by column, none of them empty."""

    sheet: Sheet
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text in *column*, empty where there is none."""
        return self.cells.get(column, "")

    def text(self, column: str = "label") -> Text:
        """Return what *column* says; one without a language tells it by its signs."""
        plain = self[column]
        zh, en = self[f"{column}::zh"], self[f"{column}::en"]
        if _CHINESE.search(plain):
            return Text(zh=unquote(zh or plain), en=unquote(en))
        return Text(zh=unquote(zh), en=unquote(en or plain))

    def wrong(self, column: str, message: str, **values: object) -> None:
        """Note that what stands in *column* cannot be used."""
        self.sheet.faults.wrong.append(self._told(column, say(message, **values)))

    def left_out(self, column: str, message: str, **values: object) -> None:
        """Note that what stands in *column* was left out."""
        self.sheet.faults.left_out.append(self._told(column, say(message, **values)))

    def _told(self, column: str, problem: Sentence) -> Sentence:
        return told(self.sheet.name, f"{self.sheet.letter(column)}{self.number}", problem)


def told(sheet: str, cell: str, problem: Sentence) -> Sentence:
    """Return *problem* with the place where it is."""
    place = {"sheet": sheet, "cell": cell, "problem": problem}
    return Sentence("%(sheet)s %(cell)s: %(problem)s", place)


class Sheet:
    """The sheet *name* with its *table* of cells."""

    def __init__(self, name: str, table: Table, faults: Faults) -> None:
        """Read the header; what is wrong with the cells is told as the rows are read."""
        self.name, self.faults = name, faults
        self._header = next((number for number, row in enumerate(table) if any(row)), len(table))
        self._table = table
        self.columns = self._columns(table[self._header]) if self._header < len(table) else {}

    def _columns(self, header: Sequence[object]) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, cell in enumerate(header):
            column = self._canonical(str(cell).strip(), place)
            if column:
                found.setdefault(column, place)
        return found

    def _canonical(self, title: str, place: int) -> str:
        """Return the name of a column: small letters, languages as ``label::zh``."""
        head, colons, rest = title.partition("::")
        if not colons and title.lower().startswith("label:"):
            head, colons, rest = title.partition(":")
        plain = re.sub(r"\s+", " ", head.strip().lower())
        plain = _SAME.get(plain, plain.replace(" ", "_"))
        if plain not in {"label", "hint", "constraint_message", "required_message"} or not colons:
            return f"{plain}::{rest.strip().lower()}" if colons else plain
        language = _language(rest)
        if language is None and plain == "label":
            cell = f"{_letter(place)}{self._header + 1}"
            self.faults.wrong.append(told(self.name, cell, say(_LANGUAGE)))
        return f"{plain}::{language or rest.strip().lower()}"

    def letter(self, column: str) -> str:
        """Return the letter over *column*, or of its first language, or nothing."""
        for name in (column, f"{column}::zh", f"{column}::en"):
            if name in self.columns:
                return _letter(self.columns[name])
        return ""

    def rows(self) -> Iterator[Row]:
        """Return the rows below the header that have anything in them."""
        for number, cells in enumerate(self._table[self._header + 1 :], start=self._header + 2):
            row = Row(self, number, {})
            for column, place in self.columns.items():
                self._read(row, column, cells[place] if place < len(cells) else "")
            if row.cells:
                yield row

    def _read(self, row: Row, column: str, cell: object) -> None:
        if isinstance(cell, Fault):
            row.wrong(column, _NO_RESULT)
            return
        text = _text(cell)
        if len(text) > LONGEST and column.startswith("label"):
            row.wrong(column, _LONG, most=LONGEST)
        elif text:
            row.cells[column] = text


def _language(name: str) -> str | None:
    """Return ``zh`` or ``en`` for 中文 (zh), English, en …; None for any other language."""
    code = re.search(r"\(([a-z]{2})[^)]*\)\s*$", name.lower())
    words = re.sub(r"\(.*", "", name).strip().lower()
    return _SPOKEN.get(code[1] if code else words)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
