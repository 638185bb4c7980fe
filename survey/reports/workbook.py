"""A workbook, as a person sends it, → its visible sheets. No byte of the file is trusted.

It is read by the script `sheets.py` in a process of its own, which may be lost without harm
(docs/decisions/workbooks-in-a-process-of-their-own.md).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from survey.core.errors import Invalid
from survey.core.register import Fault, Table
from survey.core.wording import N_

SECONDS = 90

_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_SCRIPT = Path(__file__).with_name("sheets.py")
_PASSWORD = N_(
    "“%(filename)s” is protected by a password. Please save it without one and choose it again."
)


def is_workbook(data: bytes) -> bool:
    """Say whether *data* begins like an .xlsx or an .xls."""
    return data.startswith(_BEGINNINGS)


def read(
    data: bytes, filename: str, *, no_workbook: str, too_large: str
) -> list[tuple[str, Table]]:
    """Return name and cells, from A1 on, of each visible sheet of the workbook *data*.

    Raises `Invalid`: with the message *no_workbook* (``%(filename)s``) where it cannot be read,
    with *too_large* where reading it takes more memory or time than it may.
    """
    refused = {"kind": no_workbook, "password": _PASSWORD, "size": too_large}
    try:
        reader = subprocess.run(  # noqa: S603 - our own script, the file comes by standard input
            [sys.executable, "-I", str(_SCRIPT)],
            input=data,
            capture_output=True,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid(too_large) from error
    if reader.returncode < 0:
        raise Invalid(too_large)
    if reader.returncode:
        raise Invalid(no_workbook, filename=filename)
    answer = json.loads(reader.stdout, object_hook=_fault)
    if "refused" in answer:
        raise Invalid(refused[answer["refused"]], filename=filename)
    return [(name, table) for name, table in answer["sheets"]]


def _fault(document: dict[str, Any]) -> Any:
    return Fault(document["fault"]) if "fault" in document else document
