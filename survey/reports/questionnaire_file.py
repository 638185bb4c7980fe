"""A questionnaire in a file: our JSON or an XLSForm, told apart by content, never by name."""

from __future__ import annotations

import json
from io import BytesIO
from typing import BinaryIO

from survey.core.drafting import draft as drafts
from survey.core.drafting.draft import Draft
from survey.core.errors import Invalid
from survey.core.wording import N_
from survey.reports import workbook, xlsform
from survey.reports.xlsform import Reading

LARGEST = 2 * 1024**2
KINDS = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The kinds of file that are written, with their media types."""

_TOO_LARGE = N_("This file is too large for a questionnaire. Please choose another one.")
_NEITHER = N_(
    "“%(filename)s” is neither a questionnaire in JSON nor an XLSForm (.xlsx). Please choose"
    " another file."
)


def read(stream: BinaryIO, filename: str, like: Draft) -> Reading:
    """Return what the file in *stream* asks; an XLSForm is as *like* in what it does not say.

    Raises `Invalid` where it is neither, or its JSON is no questionnaire, with every fault.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(_TOO_LARGE)
    if workbook.is_workbook(data):
        return xlsform.read(BytesIO(data), filename, like)
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid(_NEITHER, filename=filename) from error
    return Reading(drafts.from_dict(document), (), ())


def write(draft: Draft, kind: str) -> bytes:
    """Return *draft* as a file of *kind*, ``json`` or ``xlsx``."""
    if kind == "xlsx":
        return xlsform.write(draft)
    return (json.dumps(draft.to_dict(), ensure_ascii=False, indent=1) + "\n").encode()
