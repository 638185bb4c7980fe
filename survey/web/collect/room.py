"""The blueprint of the respondent's pages, and what holds for each of them."""

from __future__ import annotations

from flask import Blueprint, request

from survey.web.collect import pages

LARGEST_FORM = 64 * 1024

blueprint = Blueprint("collect", __name__)
blueprint.after_request(pages.compress)


@blueprint.before_request
def bound_the_body() -> None:
    """Refuse a form that no questionnaire could fill."""
    request.max_content_length = LARGEST_FORM
