"""What a workbook of village files would change: everything that is wrong first, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.core import personal_data
from survey.core.village_file import LARGEST_NUMBER, Kind, Record, State, from_list, to_list
from survey.core.village_file_fields import Faults, lacking, make, texts_of
from survey.core.village_file_table import Line, Reading, SheetProblem
from survey.core.wording import N_, say

Key = tuple[Kind, int]


@dataclass
class Known:
    """The file of one village as it is kept: its records, and the states of its measures."""

    records: dict[Key, Record] = field(default_factory=dict)
    states: dict[int, State] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """One entry as it will be; *old* is what is kept of it; *report*: it is reported done then."""

    code: str
    kind: Kind
    record: Record
    old: Record | None
    report: bool = False

    def to_list(self) -> list[Any]:
        """Return the entry as a JSON list that `planned_of` reads."""
        old = None if self.old is None else to_list(self.kind, self.old)
        return [self.code, to_list(self.kind, self.record), old, self.report]


def planned_of(values: list[Any]) -> Planned:
    """Return the entry that `Planned.to_list` wrote."""
    code, new, old, report = values
    kind, record = from_list(new)
    return Planned(code, kind, record, from_list(old)[1] if old else None, report)


@dataclass
class Plan:
    """What an import would do, and what is wrong or doubtful in it, in the order of the sheets."""

    added: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def faults(self) -> list[SheetProblem]:
        """What must be mended before anything is imported."""
        return [one for one in self.problems if one.grave]

    @property
    def counts(self) -> dict[str, int]:
        """How many entries are added, changed and left unchanged."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
        }


def plan(reading: Reading, known: Mapping[str, Known]) -> Plan:
    """Return what importing *reading* would do to the files *known* by village code.

    Villages that are not among *known* are not in the register.
    """
    made = Plan(problems=list(reading.problems))
    wrong = {(one.kind, one.row) for one in reading.problems if one.grave}
    highest = _highest(reading, known)
    seen: dict[tuple[str, Kind, int], int] = {}
    problems = {
        (code, one[1])
        for code, kept in known.items()
        for one in kept.records
        if one[0] == "problem"
    }
    for line in reading.lines:
        if (line.kind, line.row) in wrong:
            if line.kind == "problem" and line.number:
                problems.add((line.code, line.number))
            continue
        faults = _place_faults(line, known, seen)
        if not faults:
            faults = _take(line, known[line.code], highest, problems, made)
        made.problems += [line.problem(name, said) for name, said in faults.items()]
    return made


def _highest(reading: Reading, known: Mapping[str, Known]) -> dict[tuple[str, Kind], int]:
    """Return the highest number in use of each kind in each village, the workbook's among them."""
    highest: dict[tuple[str, Kind], int] = {}
    used = [(code, *key) for code, kept in known.items() for key in kept.records]
    used += [(line.code, line.kind, line.number) for line in reading.lines if line.number]
    for code, kind, number in used:
        highest[code, kind] = max(number, highest.get((code, kind), 0))
    return highest


def _place_faults(
    line: Line, known: Mapping[str, Known], seen: dict[tuple[str, Kind, int], int]
) -> Faults:
    if line.code not in known:
        return {
            "code": say(N_("The register has no village with the code %(code)s."), code=line.code)
        }
    if line.number is None:
        return {}
    first = seen.setdefault((line.code, line.kind, line.number), line.row)
    if first != line.row:
        return {"number": say(N_("This number is already in row %(row)d."), row=first)}
    return {}


def _take(
    line: Line,
    kept: Known,
    highest: dict[tuple[str, Kind], int],
    problems: set[tuple[str, int]],
    made: Plan,
) -> Faults:
    """Put *line* into the plan, or return what is wrong with it."""
    number = line.number or _next(line, highest)
    if number > LARGEST_NUMBER:
        return {"number": say(N_("This village's file has no number left for another entry."))}
    old = kept.records.get((line.kind, number))
    said = (vars(old) if old else {}) | dict(line.values)
    said.pop("number", None)
    faults = lacking(line.kind, said)
    if "problem" in said and (line.code, said["problem"]) not in problems:
        faults["problem"] = say(N_("There is no problem with this number in the file."))
    if faults:
        return faults
    record = make(line.kind, number, said)
    state = kept.states.get(number, "open") if line.kind == "measure" else "open"
    if old is not None and record != old and state != "open":
        return {
            "number": say(
                N_(
                    "This measure is reported done here, so it is not changed. Take that back"
                    " first."
                )
            )
        }
    if line.kind == "problem":
        problems.add((line.code, number))
    report = state == "open" and line.state in {"done", "closed"}
    if record == old and not report:
        made.unchanged += 1
        return {}
    planned = Planned(line.code, line.kind, record, old, report)
    (made.added if old is None else made.changed).append(planned)
    made.problems += _personal(line, record)
    return {}


def _next(line: Line, highest: dict[tuple[str, Kind], int]) -> int:
    number = highest.get((line.code, line.kind), 0) + 1
    highest[line.code, line.kind] = number
    return number


def _personal(line: Line, record: Record) -> list[SheetProblem]:
    found = personal_data.find_in(texts_of(line.kind, record))
    return [line.problem("text", one.sentence, grave=False) for one in found]
