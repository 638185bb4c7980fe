"""A draft or a finished questionnaire → an XLSForm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from survey.core.drafting.draft import Dimension, Draft, Extra, Option, Question, Text, Wording
from survey.core.questionnaire import CHOICES
from survey.reports.xlsform import names
from survey.reports.xlsform.names import AUDIENCE, COMMENT, GRADES, LABELS, MAXIMUM, TITLE

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Row = dict[str, str]

_SURVEY = ("type", "name", *LABELS.values(), "required", "appearance", "constraint", MAXIMUM)
_CHOICES = ("list_name", "name", *LABELS.values())
_SETTINGS = ("form_title", "form_id", "version", "default_language", TITLE, AUDIENCE)
_TYPES = {"choice": "select_one", "choices": "select_multiple"}
_WIDTHS = dict.fromkeys(LABELS.values(), 48) | {"constraint": 28, "type": 36, "name": 30}


def write(draft: Draft) -> bytes:
    """Return *draft* as a workbook with the sheets survey, choices and settings."""
    file = BytesIO()
    from xlsxwriter import Workbook  # a process that serves respondents has no use for it

    with Workbook(file, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True})
        for name, columns, rows in (
            ("survey", _SURVEY, list(_survey(draft))),
            ("choices", _CHOICES, list(_choices(draft))),
            ("settings", _SETTINGS, [_settings(draft)]),
        ):
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, columns, bold)
            for place, column in enumerate(columns):
                sheet.set_column(place, place, _WIDTHS.get(column, 18))
            _fill(sheet, columns, rows)
    return file.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[str], rows: list[Row]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            if row.get(column):
                sheet.write_string(number, place, row[column])


def _labels(text: Text) -> Row:
    return {LABELS["zh"]: names.quote(text.zh), LABELS["en"]: names.quote(text.en)}


def _survey(draft: Draft) -> Iterator[Row]:
    for dimension in draft.dimensions:
        yield from _group(dimension)
    if draft.comment:
        yield {
            "type": "text",
            "name": COMMENT,
            "appearance": "multiline",
            **_labels(draft.comment.text),
            **_at_most(draft.comment.maximum),
        }


def _group(dimension: Dimension) -> Iterator[Row]:
    yield {"type": "begin_group", "name": dimension.key, **_labels(dimension.title)}
    if dimension.lead:
        yield {"type": "note", "name": names.lead_of(dimension.key), **_labels(dimension.lead)}
    for question in dimension.questions:
        name = names.name_of(question.key)
        yield {"name": name, **_labels(question.text), **_kind(question, name)}
    yield {"type": "end_group", "name": dimension.key}


def _kind(question: Question, name: str) -> Row:
    if not isinstance(question, Extra):
        return {"type": f"select_one {names.grades_of(name) if question.wording else GRADES}"}
    if question.kind in _TYPES:
        return {"type": f"{_TYPES[question.kind]} {names.options_of(name)}"}
    if question.kind == "number":
        return {"type": "integer", "constraint": _between(question.least, question.most)}
    return {"type": "text", **_at_most(question.maximum)}


def _between(least: int | None, most: int | None) -> str:
    limits = ((">=", least), ("<=", most))
    return " and ".join(f". {sign} {limit}" for sign, limit in limits if limit is not None)


def _at_most(maximum: int | None) -> Row:
    if maximum is None:
        return {}
    return {"constraint": f"string-length(.) <= {maximum}", MAXIMUM: str(maximum)}


def _choices(draft: Draft) -> Iterator[Row]:
    yield from _grades(GRADES, draft.wording)
    for _, question in draft.questions:
        name = names.name_of(question.key)
        if not isinstance(question, Extra):
            if question.wording:
                yield from _grades(names.grades_of(name), question.wording)
            continue
        if question.kind in _TYPES:
            yield from _options(names.options_of(name), question.options)


def _options(list_name: str, options: Sequence[Option]) -> Iterator[Row]:
    """Return the rows of a list; one without a name where there is nothing to choose yet."""
    if not options:
        yield {"list_name": list_name}
    for option in options:
        yield {"list_name": list_name, "name": option.key, **_labels(option.text)}


def _grades(list_name: str, wording: Wording) -> Iterator[Row]:
    for choice in CHOICES:
        yield {"list_name": list_name, "name": choice, **_labels(getattr(wording, choice))}


def _settings(draft: Draft) -> Row:
    return {
        "form_title": draft.title.zh,
        "form_id": draft.key,
        "version": str(draft.version),
        "default_language": names.LANGUAGE,
        TITLE: draft.title.en,
        AUDIENCE: draft.audience,
    }
