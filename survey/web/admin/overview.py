"""The administrator's first page: the rounds, and what is to be done next."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.storage import rounds
from survey.storage.db import db
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.admin.preparation import steps


@blueprint.get("/")
@administrators
def home() -> ResponseReturnValue:
    """Administrators."""
    existing = rounds.listing(db.session)
    drafts = [row for row in existing if row.state == "draft"]
    guided = drafts if existing else [None]
    guides = [(round_, steps(round_)) for round_ in guided]
    return render_template("admin/home.html", rounds=existing, guides=guides)
