"""The survey sheet of an XLSForm, row by row: the questions of each dimension, and the comment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from survey.core.drafting.draft import Comment, Dimension, Extra, Item, Text
from survey.core.questionnaire import DIMENSIONS
from survey.core.wording import N_
from survey.reports.xlsform import names, unsupported
from survey.reports.xlsform.choices import Lists
from survey.reports.xlsform.sheet import Row, Sheet

_OTHER_GROUP = N_(
    "groups are the four dimensions here. Please name the group investigation, measures, effects or"
    " responsibility, or delete its two rows."
)
_NESTED = N_("a group within a group has no place here. Please delete its two rows.")
_NO_GROUP = N_(
    "the question is in no dimension. Please move it between the rows begin_group and end_group of"
    " investigation, measures, effects or responsibility."
)
_NO_NAME = N_("“%(name)s” cannot be the name of a question. Use small letters, digits and _.")
_TWICE = N_("another question is called “%(name)s”. Please rename one.")
_NOTE = N_(
    "a note can only stand before the first question of a dimension, one in each. Please delete it,"
    " or put its words into the question."
)
_CONSTRAINT = N_(
    "this condition cannot be checked here. For integer write: . >= 0 and . <= 10. For text write:"
    " string-length(.) <= 100. Or clear the cell."
)
_OR_OTHER = N_("there is no “other” to fill in. Please delete or_other and list what is possible.")
_REFERS = N_("the text quotes another answer (${…}). Please write it without.")
_LATER = N_("it is asked after the graded questions of its dimension.")

_LIMIT = re.compile(r"\.\s*(>=|<=)\s*(-?\d{1,7})")
_LENGTH = re.compile(r"string-length\(\.\)\s*<=\s*(\d{1,4})")


@dataclass
class Survey:
    """What the rows of the survey sheet say so far."""

    lists: Lists
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    comment: Comment | None = None
    graded: dict[str, str] = field(default_factory=dict)
    """The list of grades of each item."""
    _where: list[str] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    @property
    def _dimension(self) -> str:
        """The dimension whose group is open; empty outside, or in a group that is none."""
        return self._where[0] if self._where and self._where[0] in DIMENSIONS else ""

    def read(self, sheet: Sheet) -> None:
        """Take every row of *sheet*."""
        for row in sheet.rows():
            self._check_columns(row)
            word, _, rest = re.sub(r"\s+", " ", row["type"]).partition(" ")
            if word in {"begin", "end", "select"} and rest:
                more, _, rest = rest.partition(" ")
                word = f"{word}_{more}"
            _TAKE.get(word.lower(), Survey._refuse)(self, row, rest)

    def _check_columns(self, row: Row) -> None:
        for column, message in unsupported.COLUMNS.items():
            if row[column]:
                row.wrong(column, message)
        for column in row.cells:
            head = column.partition("::")[0]
            if head in unsupported.MEDIA_COLUMNS:
                row.wrong(column, unsupported.MEDIA)
            elif head in unsupported.HINTS:
                row.left_out(column, unsupported.HINT)
        if row["required"].lower() in {"yes", "true", "true()", "1"}:
            row.left_out("required", unsupported.REQUIRED)
        if any("${" in text for column, text in row.cells.items() if column.startswith("label")):
            row.wrong("label", _REFERS)

    def _refuse(self, row: Row, rest: str) -> None:
        word = row["type"].partition(" ")[0].lower()
        row.wrong("type", unsupported.TYPES.get(word, unsupported.OTHER_TYPE), what=row["type"])

    def _begin_group(self, row: Row, rest: str) -> None:
        name = row["name"].lower()
        if self._where:
            row.wrong("type", _NESTED)
        elif name not in DIMENSIONS or name in self.dimensions:
            row.wrong("name", _OTHER_GROUP)
        else:
            self.dimensions[name] = Dimension.model_validate({"key": name, "title": row.text()})
        self._where.append(name)

    def _end_group(self, row: Row, rest: str) -> None:
        if self._where:
            self._where.pop()

    def _note(self, row: Row, rest: str) -> None:
        place = self.dimensions.get(self._dimension)
        if place is None or place.questions or place.lead:
            row.wrong("type", _NOTE)
        else:
            self._change(lead=row.text())

    def _select_one(self, row: Row, rest: str) -> None:
        name = self._list(row, rest)
        if not name:
            return
        if not self.lists.are_grades(name):
            self._extra(row, kind="choice", options=self.lists.options(name))
            return
        key = self._key(row)
        if key:
            if self.dimensions[self._dimension].extras:
                row.left_out("type", _LATER)
            self.graded[key] = name
            self._change(
                items=(*self.dimensions[self._dimension].items, Item(key=key, text=row.text()))
            )

    def _select_multiple(self, row: Row, rest: str) -> None:
        name = self._list(row, rest)
        if name:
            self._extra(row, kind="choices", options=self.lists.options(name))

    def _list(self, row: Row, rest: str) -> str:
        name, _, other = rest.partition(" ")
        if other:
            row.wrong("type", _OR_OTHER)
        return name if self.lists.has(row, name) else ""

    def _integer(self, row: Row, rest: str) -> None:
        limits = dict(_LIMIT.findall(row["constraint"]))
        left = _LIMIT.sub("", row["constraint"]).replace("and", "").strip()
        if left:
            row.wrong("constraint", _CONSTRAINT)
        self._extra(row, kind="number", least=limits.get(">="), most=limits.get("<="))

    def _text(self, row: Row, rest: str) -> None:
        maximum = self._maximum(row)
        if self._where or row["name"] != names.COMMENT:
            self._extra(row, kind="text", maximum=maximum)
        else:
            self._claim(row, names.COMMENT)
            self.comment = Comment(text=row.text(), maximum=maximum or Comment().maximum)

    def _maximum(self, row: Row) -> int | None:
        match = _LENGTH.fullmatch(row["constraint"])
        if row["constraint"] and not match:
            row.wrong("constraint", _CONSTRAINT)
        return int(match[1]) if match else None

    def _extra(self, row: Row, **fields: object) -> None:
        key = self._key(row)
        if key:
            extra = Extra.model_validate({"key": key, "text": row.text(), **fields})
            self._change(extras=(*self.dimensions[self._dimension].extras, extra))

    def _key(self, row: Row) -> str:
        """Return the key of the question in *row*; empty where it can have none here."""
        if not self._where:
            row.wrong("type", _NO_GROUP)
        if not self._dimension or self._dimension not in self.dimensions:
            return ""
        key = names.key_of(row["name"], self._dimension)
        if key is None:
            row.wrong("name", _NO_NAME, name=row["name"])
            return ""
        return key if self._claim(row, key) else ""

    def _claim(self, row: Row, name: str) -> bool:
        if name in self._names:
            row.wrong("name", _TWICE, name=row["name"])
            return False
        self._names.add(name)
        return True

    def _change(self, **fields: Text | tuple[Item, ...] | tuple[Extra, ...]) -> None:
        place = self.dimensions[self._dimension]
        self.dimensions[place.key] = place.model_copy(update=fields)


_TAKE: dict[str, Callable[[Survey, Row, str], None]] = {
    "begin_group": Survey._begin_group,
    "end_group": Survey._end_group,
    "note": Survey._note,
    "select_one": Survey._select_one,
    "select_multiple": Survey._select_multiple,
    "integer": Survey._integer,
    "int": Survey._integer,
    "text": Survey._text,
    "string": Survey._text,
}
"""What each type of a row does; any other is refused."""
