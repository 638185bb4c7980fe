"""What a request may be: anything else is refused before a guard or a view reads it."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from survey.web.access import is_staff_path

LARGEST_FORM = 512 * 1024
"""Bytes of a form that has no file; a larger one takes seconds to read, for whoever sends it."""
LARGEST_NUMBER = 2**31 - 1
"""What an id's column of PostgreSQL can hold."""
FORM, FILE = "application/x-www-form-urlencoded", "multipart/form-data"
NUL = "\0"
FILE_FIELDS = {"file"}
"""The fields of the staff's forms that take a file."""


class IdConverter(IntegerConverter):
    """A whole number in an address, no larger than an id can be."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_NUMBER} | kwargs)


def register(app: Flask) -> None:
    """Let *app* refuse what no page of it sends. Before its routes and its guards."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(bound_the_body)
    app.before_request(refuse_what_no_page_sends)


def bound_the_body() -> None:
    """Refuse a form that nobody could fill; a file may be larger (SURVEY_UPLOAD_LIMIT)."""
    if request.mimetype != FILE:
        request.max_content_length = LARGEST_FORM


def refuse_what_no_page_sends() -> None:
    """Refuse NUL, which nobody can type, and bodies and parts that no form of ours has."""
    if NUL in request.path:
        abort(404)
    if any(NUL in value for value in request.args.values()):
        abort(400)
    if is_staff_path(request.path) and request.method == "POST" and not _is_form():
        abort(400)


def _is_form() -> bool:
    if request.mimetype not in {FORM, FILE}:
        return not request.content_length
    files, texts = set(request.files), set(request.form)
    whole = None not in texts and files <= FILE_FIELDS and not texts & FILE_FIELDS
    return whole and not any(NUL in value for typed in request.form.listvalues() for value in typed)


def number(text: str) -> int:
    """Return the whole number that *text* says, as `type` of a query's value; raises ValueError."""
    found = int(text)
    if not 0 <= found <= LARGEST_NUMBER:
        raise ValueError(text)
    return found
