"""Which language a page is in, and how it writes times and numbers.

The order is: ``?lang=`` in the address, what a member of staff chose before (their session), the
browser's Accept-Language, the installation's own. Choosing never asks the database, so that an
error page can always be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, request, session
from flask_babel import Babel, format_decimal, get_locale, gettext

from survey.core.questionnaire import LANGUAGES
from survey.core.wording import Sentence
from survey.web.access import is_staff_path
from survey.web.installation import seen

REMEMBERED = "language"

_TAGS = {"zh": "zh-Hans", "en": "en"}
_DATES = {"zh": "y年M月d日", "en": "d MMMM y"}
_TIMES = {"zh": "y年M月d日 HH:mm", "en": "d MMMM y, HH:mm"}


def register(app: Flask) -> None:
    """Give *app* its languages and the filters that write values in them."""
    app.config["BABEL_DEFAULT_LOCALE"] = app.extensions["settings"].language
    Babel(app, locale_selector=choose)
    app.before_request(remember_choice)
    for written in (moment, day, number, sentence, listed):
        app.add_template_filter(written)
    app.context_processor(lambda: {"language": language(), "language_tag": _TAGS[language()]})


def choose() -> str:
    """Return the language of this request, ``zh`` or ``en``."""
    for wanted in (request.args.get("lang"), session.get(REMEMBERED)):
        if wanted in LANGUAGES:
            return str(wanted)
    best = request.accept_languages.best_match(LANGUAGES)
    return best or seen().language


def remember_choice() -> None:
    """Keep a language chosen by ``?lang=`` for the rest of a staff session."""
    wanted = request.args.get("lang")
    if wanted in LANGUAGES and is_staff_path(request.path):
        session[REMEMBERED] = wanted


def remember(wanted: str) -> None:
    """Keep *wanted* as the language of this staff session."""
    session[REMEMBERED] = wanted


def language() -> str:
    """Return the language of the page being written, ``zh`` or ``en``."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def sentence(value: Sentence | str) -> str:
    """Write *value* in the language of the page; a plain string stays as it is."""
    return value.render(gettext) if isinstance(value, Sentence) else value


def moment(value: datetime, timezone: str) -> str:
    """Write *value* as date and time of day in *timezone*: ``2026年5月1日 18:00``."""
    return format_datetime(value, _TIMES[language()], ZoneInfo(timezone), language())


def day(value: date) -> str:
    """Write *value* as a date: ``2026年5月1日``."""
    return format_date(value, _DATES[language()], language())


def listed(names: Iterable[str]) -> str:
    """Write *names* one after the other with the comma of the language."""
    return ("、" if language() == "zh" else ", ").join(names)


def number(value: float) -> str:
    """Write *value* with the separators of the language: ``12,345``."""
    return format_decimal(value)
