"""The lists of answers of an XLSForm: wordings of the grades, and options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from survey.core.drafting.draft import Option, Wording
from survey.core.questionnaire import CHOICES, GRADES
from survey.core.wording import N_
from survey.reports.xlsform import names, unsupported
from survey.reports.xlsform.sheet import Row, Sheet

_NO_LIST = N_(
    "there is no list “%(name)s” in the sheet choices. Please add it, or correct the name."
)
_NO_KEY = N_("“%(name)s” cannot be the name of an answer. Use small letters, digits and _.")
_TWICE = N_("the list has two answers called “%(name)s”. Please rename one.")

_ALL_GRADES = (set(GRADES), set(CHOICES))


class Lists:
    """What can be chosen, by the name of the list."""

    def __init__(self, sheet: Sheet | None) -> None:
        """Read *sheet*, which a form without choices does not have."""
        self._rows: dict[str, list[Row]] = {}
        for row in sheet.rows() if sheet else ():
            self._rows.setdefault(row["list_name"], []).append(row)

    def has(self, row: Row, name: str) -> bool:
        """Say whether there is a list *name*, and note it where *row* asks for it in vain."""
        if name in self._rows:
            return True
        row.wrong("type", _NO_LIST, name=name)
        return False

    def are_grades(self, name: str) -> bool:
        """Say whether the answers of list *name* are the four grades, with “cannot say” or not."""
        return {row["name"] for row in self._rows.get(name, [])} in _ALL_GRADES

    def common(self, used: Iterable[str]) -> str:
        """Return the list of grades called ``grades``, or else the one that most of *used* are."""
        counted = Counter(used)
        if self.are_grades(names.GRADES) or not counted:
            return names.GRADES
        return counted.most_common(1)[0][0]

    def wording(self, name: str) -> Wording | None:
        """Return what the grades of list *name* are called; None where there is no such list."""
        found = {row["name"]: row.text() for row in self._rows.get(name, [])}
        known = {choice: found[choice] for choice in CHOICES if choice in found}
        return Wording.model_validate(known) if known else None

    def options(self, name: str) -> tuple[Option, ...]:
        """Return the answers of list *name*; what cannot be one of them is noted."""
        found: dict[str, Option] = {}
        for row in self._rows.get(name, []):
            if row.cells.keys() == {"list_name"}:
                continue
            key = names.option_key(row["name"])
            for column in row.cells:
                if column.partition("::")[0] in unsupported.MEDIA_COLUMNS:
                    row.wrong(column, unsupported.MEDIA)
            if key is None:
                row.wrong("name", _NO_KEY, name=row["name"])
            elif key in found:
                row.wrong("name", _TWICE, name=row["name"])
            else:
                found[key] = Option(key=key, text=row.text())
        return tuple(found.values())
