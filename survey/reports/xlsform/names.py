"""How keys are written in an XLSForm, whose names have no dots, and back again.

``effects.roads`` is ``effects_roads``: no dimension has an underscore in its key, so the first one
parts it from the rest. Names of our own begin with no dimension.
"""

from __future__ import annotations

import re

COMMENT = "comment"
GRADES = "grades"
"""The list of the common wording of the grades."""
LABELS = {"zh": "label::中文 (zh)", "en": "label::English (en)"}
LANGUAGE = "中文 (zh)"
OURS = "cunping::"
AUDIENCE = f"{OURS}audience"
TITLE = f"{OURS}title_en"
MAXIMUM = f"{OURS}maximum"

_REFERENCE, _QUOTED = "${", "$\u2060{"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def name_of(key: str) -> str:
    """Return the name of the question *key*."""
    return key.replace(".", "_", 1)


def key_of(name: str, dimension: str) -> str | None:
    """Return the key of what is called *name* in the group *dimension*; None where none fits.

    A name from elsewhere gets its dimension before it, small letters and underscores.
    """
    plain = option_key(name.removeprefix(f"{dimension}_"))
    return f"{dimension}.{plain}" if plain else None


def option_key(name: str) -> str | None:
    """Return the key of the choice *name*: as it is where it fits, else made to fit, or None."""
    if _KEY.fullmatch(name):
        return name
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if plain[:1].isdigit():
        plain = f"a{plain}"
    return plain if _KEY.fullmatch(plain) else None


def form_key(form_id: str) -> str | None:
    """Return the key of a questionnaire from a form's id, or None where there is none in it."""
    plain = re.sub(r"[^a-z0-9]+", "-", form_id.lower()).strip("-").lstrip("0123456789-")[:40]
    return form_id if re.fullmatch(r"[a-z][a-z0-9-]{0,39}", form_id) else plain or None


def lead_of(dimension: str) -> str:
    """Return the name of the note before the questions of *dimension*."""
    return f"lead_{dimension}"


def grades_of(name: str) -> str:
    """Return the name of the list of an item's own wording."""
    return f"{GRADES}_{name}"


def options_of(name: str) -> str:
    """Return the name of the list of options of the question *name*."""
    return f"options_{name}"


def quote(text: str) -> str:
    """Return *text* so that no form takes a ``${`` in it for another answer: a joiner between."""
    return text.replace(_REFERENCE, _QUOTED)


def unquote(text: str) -> str:
    """Return what `quote` was given."""
    return text.replace(_QUOTED, _REFERENCE)
