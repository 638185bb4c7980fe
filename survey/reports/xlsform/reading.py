"""An XLSForm, from here or from elsewhere → a draft, or everything in it that cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

from survey.core.drafting import draft as drafts
from survey.core.drafting.draft import Draft, Item, Text
from survey.core.errors import Invalid
from survey.core.questionnaire import AUDIENCES
from survey.core.wording import N_, Sentence, say
from survey.reports import workbook
from survey.reports.xlsform import names, unsupported
from survey.reports.xlsform.choices import Lists
from survey.reports.xlsform.questions import Survey
from survey.reports.xlsform.sheet import ROWS, Faults, Row, Sheet, told

LARGEST = 2 * 1024**2

_TOO_LARGE = N_(
    "This file is too large for a questionnaire. Please remove what does not belong to it."
)
_NO_WORKBOOK = N_(
    "“%(filename)s” is no workbook that can be read. Please save the form as .xlsx and choose it"
    " again."
)
_NO_SURVEY = N_(
    "This workbook has no sheet called survey, so it is no XLSForm. Please choose another file."
)
_NO_TYPES = N_("the columns type and name must be there. Please give them these titles.")
_ROWS = N_("the sheet has more than %(most)d rows. Please remove what does not belong to it.")
_SHEET = N_("this sheet cannot be used here. Please delete it.")
_AUDIENCE = N_("the audience must be mass or self. Please write one of them, or delete the column.")


@dataclass(frozen=True)
class Reading:
    """What was found: a *draft*, or what is *wrong*; and what was *left_out* without harm."""

    draft: Draft | None
    wrong: tuple[Sentence, ...]
    left_out: tuple[Sentence, ...]


def read(stream: BinaryIO, filename: str, like: Draft) -> Reading:
    """Return what the XLSForm in *stream* asks; what it does not say is as in *like*.

    Everything that cannot be asked is told at once, by sheet and cell. Raises `Invalid` where the
    file is too large, or no XLSForm.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(_TOO_LARGE)
    if not workbook.is_workbook(data):
        raise Invalid(_NO_WORKBOOK, filename=filename)
    found = workbook.read(data, filename, no_workbook=_NO_WORKBOOK, too_large=_TOO_LARGE)
    tables = {name.strip().lower(): table for name, table in found}
    if "survey" not in tables:
        raise Invalid(_NO_SURVEY)
    faults = Faults()
    for name, table in tables.items():
        if len(table) > ROWS:
            raise Invalid(told(name, f"A{ROWS}", say(_ROWS, most=ROWS)))
        if name in unsupported.SHEETS and table:
            faults.wrong.append(told(name, "A1", say(_SHEET)))
    sheets: dict[str, Sheet] = {
        name: Sheet(name, tables[name], faults)
        for name in ("survey", "choices", "settings")
        if name in tables
    }
    return _reading(sheets, faults, like)


def _reading(sheets: dict[str, Sheet], faults: Faults, like: Draft) -> Reading:
    if not {"type", "name"} <= sheets["survey"].columns.keys():
        faults.wrong.append(told("survey", "A1", say(_NO_TYPES)))
    survey = Survey(Lists(sheets.get("choices")))
    survey.read(sheets["survey"])
    settings = next(sheets["settings"].rows(), None) if "settings" in sheets else None
    document = like.to_dict() | _settings(settings) | _asked(survey, like)
    wrong = tuple(faults.wrong)
    return Reading(None if wrong else drafts.from_dict(document), wrong, tuple(faults.left_out))


def _settings(row: Row | None) -> dict[str, Any]:
    if row is None:
        return {}
    title = row.text("form_title")
    if row[names.AUDIENCE]:
        title = Text(zh=row["form_title"], en=row[names.TITLE])
    found: dict[str, Any] = {
        "title": title.model_dump(),
        "key": names.form_key(row["form_id"]),
        "version": int(row["version"]) if row["version"].isdecimal() else None,
        "audience": row[names.AUDIENCE],
    }
    if row[names.AUDIENCE] not in {*AUDIENCES, ""}:
        row.wrong(names.AUDIENCE, _AUDIENCE)
    return {name: value for name, value in found.items() if value}


def _asked(survey: Survey, like: Draft) -> dict[str, Any]:
    common = survey.lists.common(survey.graded.values())
    wording = survey.lists.wording(common) or like.wording
    dimensions = [
        survey.dimensions.get(known.key, known.model_copy(update={"items": (), "extras": ()}))
        for known in like.dimensions
    ]
    whole = like.model_copy(
        update={
            "wording": wording,
            "dimensions": tuple(
                place.model_copy(
                    update={"items": tuple(_worded(item, survey, common) for item in place.items)}
                )
                for place in dimensions
            ),
            "comment": survey.comment,
        }
    ).to_dict()
    return {"comment": None} | {
        name: whole[name] for name in ("wording", "dimensions", "comment") if name in whole
    }


def _worded(item: Item, survey: Survey, common: str) -> Item:
    """Return *item* with its own wording where it has a list of grades of its own."""
    name = survey.graded[item.key]
    return (
        item if name == common else item.model_copy(update={"wording": survey.lists.wording(name)})
    )
