"""Refusals and faults as pages: one table of kinds, one template, no database.

A view that can say more (which field, which row) catches the error itself; what reaches this
table is told on a page of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from survey.core.errors import Damaged, Invalid, Missing, Refused, SurveyError
from survey.core.wording import Sentence

STATUS: dict[type[SurveyError], int] = {Invalid: 400, Refused: 409, Missing: 404, Damaged: 500}
RETRY_SECONDS = 20


@dataclass(frozen=True)
class Page:
    """What one kind of error says: a heading and what can be done now."""

    title: str
    remedy: str


PAGES = {
    400: Page(
        _l("This could not be read"),
        _l("Please go back, look at what was filled in, and send it once more."),
    ),
    404: Page(
        _l("There is no such page"),
        _l("Please look at the address again, or begin at the first page."),
    ),
    405: Page(
        _l("This address takes no such request"),
        _l("Please go back to the page before and use its button."),
    ),
    409: Page(
        _l("This cannot be done now"),
        _l("Nothing was changed. Please go back and look at the page again."),
    ),
    413: Page(
        _l("This is too large"),
        _l("Please choose a smaller file or write less, then send it again."),
    ),
    429: Page(
        _l("Too many attempts just now"),
        _l("Please wait a moment, then try again."),
    ),
    500: Page(
        _l("Something went wrong on our side"),
        _l("It is not your fault. Please try again; if it stays so, tell the office."),
    ),
    503: Page(
        _l("The service is busy"),
        _l("Please wait half a minute and try again. Nothing that was acknowledged is lost."),
    ),
}
EXPIRED = Page(
    _l("This form is too old"),
    _l("You were signed out in between. Please open the page again and fill it in once more."),
)


def register(app: Flask) -> None:
    """Answer every error of *app* with its page."""
    app.register_error_handler(SurveyError, refusal)
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(TimeoutError, busy)
    app.register_error_handler(HTTPException, fault)


def refusal(error: SurveyError) -> Response:
    """A refusal that no view caught: its sentence names the remedy."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    return write(status, PAGES[status], error.sentence)


def expired_form(error: CSRFError) -> Response:
    """A form whose guard against forgery is missing or belongs to another session."""
    return write(400, EXPIRED)


def busy(error: OperationalError | TimeoutError) -> Response:
    """The database does not answer in time; the log says why, in the driver's words."""
    current_app.logger.error("The database does not answer: %s", getattr(error, "orig", error))
    response = write(503, PAGES[503])
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def fault(error: HTTPException) -> Response:
    """Any other status that Flask raised."""
    code = error.code or 500
    status = code if code in PAGES else (400 if code < 500 else 500)
    response = write(status, PAGES[status])
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def write(status: int, page: Page, sentence: Sentence | None = None) -> Response:
    """Return the page of *status*; it asks no database and no session."""
    parts = {"status": status, "page": page, "reason": sentence, "here": request.path}
    return make_response(render_template("errors/page.html", **parts), status)
