"""The mark of whoever helps others to answer: it travels in the form and says nothing of a person.

It is the same for every helper of a round. All it does is that the ballot carries no time: one
phone that answers many slips would look like somebody who stuffs the box.
"""

from __future__ import annotations

from flask import current_app, request

from survey.core import box
from survey.storage import keys, rounds
from survey.storage.db import db
from survey.storage.tables import RoundRow

FIELD = "mark"


def round_of(mark: str) -> RoundRow | None:
    """Return the live round whose mark *mark* is, if any."""
    folder = current_app.extensions["settings"].keys
    for round_ in rounds.live(db.session):
        if box.is_mark(keys.pepper(folder, round_.id), mark):
            return round_
    return None


def sent() -> str:
    """Return the mark in the form of this request where it is that of a live round, else ``""``."""
    mark = request.form.get(FIELD, "")
    return mark if mark and round_of(mark) else ""


def of_round(pepper: bytes) -> dict[str, str]:
    """Return the field that goes on with a form of the round with *pepper*: none without a mark."""
    mark = request.form.get(FIELD, "")
    return {FIELD: mark} if box.is_mark(pepper, mark) else {}
