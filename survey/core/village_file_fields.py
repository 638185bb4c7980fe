"""The fields of a village file's records: what they are called, and how what was typed is read.

The same fields make the forms of the pages and the columns of the workbook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from survey.core.cleaning import clean
from survey.core.register_cells import Cell, Fault, as_text
from survey.core.village_file import (
    LARGEST_NUMBER,
    RECORDS,
    STATES,
    Kind,
    Record,
    State,
)
from survey.core.wording import N_, Sentence, say

LONGEST_LINE = 60
LONGEST_TEXT = 1000
LARGEST_PRESENT = 9999
FIRST_YEAR, LAST_YEAR = 1990, 2100

Shape = Literal["line", "text", "date", "yes", "choice", "number"]
Faults = dict[str, Sentence]


@dataclass(frozen=True)
class Field:
    """One field of a record; *chinese* lists what an office's column may be called.

    *options* by key: what each is called, and its names in a Chinese workbook.
    """

    name: str
    shape: Shape
    label: str
    chinese: str
    needed: bool = False
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    most: int = LARGEST_NUMBER


_SATISFACTIONS = {
    "satisfied": (N_("satisfied"), "满意"),
    "fairly": (N_("fairly satisfied"), "基本满意 比较满意"),
    "unsatisfied": (N_("not satisfied"), "不满意"),
    "unreached": (N_("not reached"), "没联系上 未联系上"),
}
_WAYS = {
    "phone": (N_("by telephone"), "电话 电话访谈"),
    "visit": (N_("by visit"), "上门 入户 实地走访"),
}
_PARTIES = {
    "villagers": (N_("other villagers"), "其他村民 村民"),
    "committee": (N_("the village's officials"), "村干部 村两委"),
    "unit": (N_("an office or township"), "部门或乡镇 部门 乡镇"),
    "company": (N_("a company or contractor"), "企业或承包方 企业 承包方"),
    "other": (N_("somebody else"), "其他"),
}
_OCCASIONS = {
    "members": (N_("meeting of all party members"), "支部党员大会 党员大会"),
    "committee": (N_("meeting of the branch committee"), "支部委员会 支委会"),
    "group": (N_("meeting of a party group"), "党小组会"),
    "lecture": (N_("party lecture"), "党课"),
    "party_day": (N_("party day"), "主题党日"),
    "representatives": (N_("meeting of villagers' representatives"), "村民代表会议 村民代表大会"),
    "other": (N_("another meeting"), "其他会议 其他"),
}
STATE_NAMES = {
    "open": (N_("under way"), "进行中"),
    "done": (N_("reported done"), "已办结待核 已办结"),
    "closed": (N_("closed out"), "已销号 销号"),
}

FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    "problem": (
        Field("text", "text", N_("What is the problem"), "问题 存在问题", needed=True),
        Field("cause", "text", N_("Its cause"), "原因 问题原因"),
        Field("petition", "yes", N_("Villagers petitioned about it"), "是否信访 信访"),
    ),
    "measure": (
        Field("problem", "number", N_("For the problem number"), "对应问题 问题编号", needed=True),
        Field("text", "text", N_("What is done"), "措施 整治措施", needed=True),
        Field("office", "line", N_("Office responsible"), "责任单位 责任人"),
        Field("deadline", "date", N_("To be done by"), "完成时限 时限"),
    ),
    "call_back": (
        Field("problem", "number", N_("For the problem number"), "对应问题 问题编号", needed=True),
        Field("on", "date", N_("Day"), "日期 时间", needed=True),
        Field("way", "choice", N_("How"), "方式", needed=True, options=_WAYS),
        Field(
            "raised",
            "choice",
            N_("Those who raised it"),
            "反映方满意度 反映方",
            needed=True,
            options=_SATISFACTIONS,
        ),
        Field("other_party", "choice", N_("Who is the other side"), "另一方", True, _PARTIES),
        Field(
            "other",
            "choice",
            N_("The other side"),
            "另一方满意度",
            needed=True,
            options=_SATISFACTIONS,
        ),
        Field("note", "text", N_("What they said"), "说了什么 备注"),
    ),
    "meeting": (
        Field("occasion", "choice", N_("What was held"), "会议类型 类型", True, _OCCASIONS),
        Field("on", "date", N_("Day"), "日期 时间", needed=True),
        Field("topic", "text", N_("What it was about"), "议题 主题 内容", needed=True),
        Field("present", "number", N_("How many came"), "到会人数 参加人数", most=LARGEST_PRESENT),
    ),
}

_YES = {"yes", "是", "1", "true", "√", "✓", "有"}
_NO = {"no", "否", "0", "false", "×", "无"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")


class _Wrong(Exception):
    """What was typed is not what belongs here; carries the sentence that says so."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.sentence = say(message, **values)


def read_values(kind: Kind, cells: Mapping[str, Cell]) -> tuple[dict[str, Any], Faults]:
    """Return what *cells*, by field name, say of a record, and a sentence for each wrong one.

    A blank cell says nothing and is in neither.
    """
    values: dict[str, Any] = {}
    faults: Faults = {}
    for one in FIELDS[kind]:
        cell = cells.get(one.name)
        if isinstance(cell, Fault):
            faults[one.name] = say(
                N_("This cell shows an error or a formula without its result. Type the value.")
            )
        elif typed := text_of(cell):
            try:
                values[one.name] = _READERS[one.shape](typed, one)
            except _Wrong as wrong:
                faults[one.name] = wrong.sentence
    return values, faults


def lacking(kind: Kind, values: Mapping[str, Any]) -> Faults:
    """Return a sentence for each needed field that is not among *values*."""
    return {
        one.name: say(N_("Please fill this in."))
        for one in FIELDS[kind]
        if one.needed and one.name not in values
    }


def make(kind: Kind, number: int, values: Mapping[str, Any]) -> Record:
    """Return the record *number* that *values* describe; none may be lacking."""
    return RECORDS[kind](number=number, **values)


def texts_of(kind: Kind, record: Record) -> tuple[str, ...]:
    """Return what was written freely in *record*."""
    written = (one.name for one in FIELDS[kind] if one.shape in {"line", "text"})
    return tuple(getattr(record, name) for name in written)


def typed_of(kind: Kind, record: Record) -> dict[str, str]:
    """Return *record* as the fields of its form, which `read_values` takes."""
    return {one.name: _typed(getattr(record, one.name)) for one in FIELDS[kind]}


def _typed(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    return value.isoformat() if isinstance(value, date) else str(value)


def text_of(cell: Cell) -> str:
    """Return what *cell* says, line by line, without hidden marks."""
    if not isinstance(cell, str):
        return as_text(cell)
    return "\n".join(clean(line) for line in cell.splitlines()).strip()


def option_of(typed: str, options: Mapping[str, tuple[str, str]]) -> str | None:
    """Return the key of the option that *typed* names in either language, or None."""
    wanted = typed.replace(" ", "").casefold()
    for key, (english, chinese) in options.items():
        if wanted in {key, english.replace(" ", "").casefold(), *chinese.split()}:
            return key
    return None


def state_of(typed: str) -> State | None:
    """Return the state of a measure that *typed* names in either language, or None."""
    found = option_of(typed, STATE_NAMES)
    return next((state for state in STATES if state == found), None)


def _text(typed: str, one: Field) -> str:
    longest = LONGEST_LINE if one.shape == "line" else LONGEST_TEXT
    if len(typed) > longest:
        raise _Wrong(
            N_("Please keep this to %(longest)d characters; it has %(length)d."),
            longest=longest,
            length=len(typed),
        )
    return typed.replace("\n", " ") if one.shape == "line" else typed


def _date(typed: str, _one: Field) -> date:
    matched = _DATE.fullmatch(typed)
    try:
        found = date(*map(int, matched.groups())) if matched else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _Wrong(N_("“%(typed)s” is no date such as 2026-03-01."), typed=typed[:20])
    return found


def _yes(typed: str, _one: Field) -> bool:
    word = typed.casefold()
    if word not in _YES | _NO:
        raise _Wrong(N_("Please write yes or no; here is “%(typed)s”."), typed=typed[:20])
    return word in _YES


def _choice(typed: str, one: Field) -> str:
    key = option_of(typed, one.options)
    if key is None:
        names = tuple(say(label) for label, _chinese in one.options.values())
        raise _Wrong(N_("“%(typed)s” is none of these: %(names)s."), typed=typed[:20], names=names)
    return key


def _number(typed: str, one: Field) -> int:
    least = 0 if one.name == "present" else 1
    if not re.fullmatch(r"[0-9]{1,6}", typed) or not least <= int(typed) <= one.most:
        raise _Wrong(
            N_("“%(text)s” is no whole number from %(lowest)d to %(highest)d."),
            text=typed[:20],
            lowest=least,
            highest=one.most,
        )
    return int(typed)


_READERS = {
    "line": _text,
    "text": _text,
    "date": _date,
    "yes": _yes,
    "choice": _choice,
    "number": _number,
}
