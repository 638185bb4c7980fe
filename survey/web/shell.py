"""What surrounds every staff page: navigation, language and account.

`Shell` is made only when the template asks for it, so that an error page needs no database.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l

from survey.core.questionnaire import LANGUAGES
from survey.web.access import account_or_none, home_of, is_staff_path

_NAMES = {"zh": "中文", "en": "English"}
_PAGES = {
    "administrator": (
        ("admin.home", "/admin/", _l("Overview")),
        ("admin.rounds", "/admin/rounds", _l("Rounds")),
        ("admin.questionnaires", "/admin/questionnaires", _l("Questionnaires")),
        ("admin.register", "/admin/register", _l("Register")),
        ("admin.people", "/admin/people", _l("People")),
        ("review.desk", "/review/", _l("Review")),
    ),
    "lead": (("review.desk", "/review/", _l("My villages")),),
    "member": (("review.desk", "/review/", _l("My villages")),),
    "moderator": (
        ("review.desk", "/review/", _l("All villages")),
        ("review.texts", "/review/texts", _l("Comments")),
    ),
    "observer": (("review.desk", "/review/", _l("All villages")),),
}


@dataclass(frozen=True)
class Link:
    """One word of the navigation; *current* where the page belongs to it."""

    address: str
    label: str
    current: bool = False
    language: str | None = None


@dataclass(frozen=True)
class Shell:
    """The frame of one page; *name* is None where nobody is signed in."""

    home: str
    name: str | None
    links: list[Link]
    languages: list[Link]


def register(app: Flask) -> None:
    """Let the templates of *app* call ``shell()``."""
    app.add_template_global(shell)


def shell() -> Shell:
    """Return the frame of this page for whoever is signed in."""
    account = account_or_none() if is_staff_path(request.path) else None
    return Shell(
        home=home_of(account) if account else url_for("home.show"),
        name=account.name if account else None,
        links=_navigation(account.role) if account else [],
        languages=languages(),
    )


def _navigation(role: str) -> list[Link]:
    here = request.path
    mine = [
        start
        for _endpoint, start, _label in _PAGES[role]
        if (here == start if start == "/admin/" else here.startswith(start))
    ]
    nearest = max(mine, key=len, default="")
    return [
        Link(url_for(endpoint), label, start == nearest) for endpoint, start, label in _PAGES[role]
    ]


def languages() -> list[Link]:
    """Return the page in each language."""
    return [Link(f"{request.path}?lang={key}", _NAMES[key], language=key) for key in LANGUAGES]
