"""Behind a helper's link: one phone on which many people answer, each with a slip of their own."""

from __future__ import annotations

from flask import Response

from survey.storage import deadlines
from survey.storage.db import db
from survey.web.collect import door, marks, pages
from survey.web.collect.room import blueprint, looking_again


@blueprint.get("/h/<mark>")
@blueprint.get("/H/<mark>")
@looking_again
def help_others(mark: str) -> Response:
    """A helper who has opened the link of a round sees this."""
    round_ = marks.round_of(mark)
    if round_ is None:
        return pages.message("unhelpful", status=404)
    deadline = deadlines.last(db.session, round_)
    return door.not_now(round_, deadline) or pages.helping(round_, mark)
