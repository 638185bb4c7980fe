"""Proof of a measure: which files can be one, told by their content and never by their name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from hashlib import blake2b
from io import BytesIO

from survey.core.cleaning import clean
from survey.core.errors import Invalid
from survey.core.wording import N_

KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What is taken, with its media type."""
PICTURES = frozenset({"jpg", "png", "webp"})
"""Kinds that are written anew, without what the phone put beside the picture."""
LONGEST_NAME = 80
MEMBERS = 5000
UNPACKED = 256 * 1024**2

_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MACROS = re.compile(r"(?i)vbaProject|(^|/)(activeX|embeddings)/|macrosheets/")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_NO_KIND = N_(
    "This file is none of those that can be kept. Please choose a PDF, a picture (JPEG, PNG, WebP),"
    " or a .docx or .xlsx file."
)


def kind_of(content: bytes) -> str:
    """Return the kind of *content*, a key of `KINDS`; raises `Invalid` for anything else."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    raise Invalid(_NO_KIND)


def _office_kind(content: bytes) -> str:
    """Return the kind of an archive by the part that makes it a document."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Invalid(_NO_KIND) from error
    names = {member.filename for member in members}
    kinds = {kind for part, kind in _OFFICE.items() if part in names}
    if len(kinds) != 1 or "[Content_Types].xml" not in names or len(members) > MEMBERS:
        raise Invalid(_NO_KIND)
    if sum(member.file_size for member in members) > UNPACKED:
        raise Invalid(N_("This file unpacks to more than can be kept. Please save it smaller."))
    if any(_MACROS.search(name) for name in names):
        raise Invalid(
            N_("This file holds macros or other files. Please save it without, or as a PDF.")
        )
    return kinds.pop()


def name_of(filename: str | None, kind: str) -> str:
    """Return what a file of *kind* that came as *filename* is called here and when it is saved."""
    last = re.split(r"[/\\]", filename or "")[-1]
    plain = re.sub(r'["*:<>?|]', "", _ENDING.sub("", clean(last))).strip(" .")
    return f"{plain[:LONGEST_NAME] or 'proof'}.{kind}"


def digest_of(content: bytes) -> str:
    """Return 32 hexadecimal digits that name exactly this *content* (BLAKE2b)."""
    return blake2b(content, digest_size=16).hexdigest()
