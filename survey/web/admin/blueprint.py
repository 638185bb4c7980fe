"""The blueprint of everything under /admin, and what is looked after before each of its pages."""

from __future__ import annotations

from flask import Blueprint

from survey.storage import rounds
from survey.storage.db import begin_write, db

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.before_request
def close_what_is_due() -> None:
    """Close rounds whose deadline has passed, so that every page shows them as they are."""
    if rounds.due(db.session):
        begin_write(db.session)
        rounds.close_due(db.session)
        db.session.commit()
