"""The blueprint of the respondent's pages, and what holds for each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, request
from sqlalchemy.exc import ProgrammingError

from survey.core.errors import Damaged
from survey.storage.db import db
from survey.web.collect import pages

P = ParamSpec("P")

LARGEST_FORM = 64 * 1024

blueprint = Blueprint("collect", __name__)
blueprint.after_request(pages.compress)


@blueprint.before_request
def bound_the_body() -> None:
    """Refuse a form that no questionnaire could fill."""
    request.max_content_length = LARGEST_FORM


def looking_again(view: Callable[P, Response]) -> Callable[P, Response]:
    """Do *view* once more where something was gone: a round may have been sealed meanwhile.

    Then its box and its pepper are no fault; what is still gone the second time is one.
    """

    @wraps(view)
    def twice(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except (Damaged, ProgrammingError):
            db.session.rollback()
            return view(*args, **kwargs)

    return twice
