"""What XLSForms have and a villager's form has not: why, and what to do about each."""

from __future__ import annotations

from survey.core.wording import N_

_ABOUT_PEOPLE = N_(
    "“%(what)s” records who answers, when or on which phone. Here nothing of that is recorded."
    " Please delete the row."
)
_NO_SUCH_ANSWER = N_(
    "there is no question of the kind “%(what)s” here. Use select_one, select_multiple, integer or"
    " text, or delete the row."
)
_NO_PLACES = N_("no place is asked for: it would tell who answers. Please delete the row.")
_NO_FILES = N_("no pictures, sounds or files are taken. Please delete the row.")
_NO_SUMS = N_("nothing is computed in the form. Please delete the row.")
_NO_REPEATS = N_(
    "questions cannot be repeated. Please delete begin_repeat and end_repeat, and write each"
    " question once."
)

TYPES = {
    **dict.fromkeys(
        (
            "start", "end", "today", "deviceid", "phonenumber", "username", "email",
            "subscriberid", "simserial", "audit", "start-geopoint", "background-audio",
            "background-geopoint",
        ),
        _ABOUT_PEOPLE,
    ),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape"), _NO_PLACES),
    **dict.fromkeys(("image", "photo", "audio", "video", "file", "barcode"), _NO_FILES),
    **dict.fromkeys(("calculate", "hidden", "xml-external", "csv-external"), _NO_SUMS),
    **dict.fromkeys(("begin_repeat", "end_repeat"), _NO_REPEATS),
}  # fmt: skip
OTHER_TYPE = _NO_SUCH_ANSWER

COLUMNS = {
    "relevant": N_(
        "no question hangs on another answer: every one is asked. Please clear the cell, and reword"
        " the question for everybody."
    ),
    "calculation": N_("nothing is computed in the form. Please clear the cell."),
    "choice_filter": N_(
        "answers to choose from do not hang on another answer. Please clear the cell and list all"
        " of them."
    ),
    "repeat_count": N_("questions cannot be repeated. Please clear the cell."),
    "default": N_("nothing is chosen beforehand. Please clear the cell."),
    "trigger": N_("nothing is computed in the form. Please clear the cell."),
    "parameters": N_("there is nothing to set here. Please clear the cell."),
    "read_only": N_("what cannot be answered is not asked. Please delete the row."),
}
"""Columns of the survey sheet in which anything changes what is asked."""
MEDIA = N_("no pictures or sounds stand in the form. Please clear the cell.")
MEDIA_COLUMNS = ("media", "image", "audio", "video", "big-image")

HINTS = ("hint", "guidance_hint", "constraint_message", "required_message")
HINT = N_("left out: a question has no hint or message here. What matters belongs into its text.")
REQUIRED = N_("left out: every question may stay without an answer here.")

SHEETS = ("entities", "external_choices", "osm")
"""Sheets that change what is asked."""
