"""Who is signed in, and who may see a page.

Only staff pages have a session: for every other address Flask is given none at all, so that a
respondent's page can neither set nor read a cookie, nor vary by one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from urllib.parse import urlsplit

from flask import Flask, Request, abort, flash, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import CSRFProtect

from survey.storage import accounts
from survey.storage.db import db
from survey.storage.tables import ROLES, AccountRow
from survey.web.installation import is_secure

STAFF_PATHS = ("/staff/", "/admin/", "/review/")
REVIEWERS = ("administrator", "lead", "member")
OVERSEERS = ("administrator", "moderator", "observer")
SESSION_HOURS = 12
"""How long a session lasts at most; then one signs in again."""
IDLE_MINUTES = 60
"""How long a session lasts without a request."""

csrf = CSRFProtect()


def register(app: Flask) -> None:
    """Give *app* its staff sessions, the sign-in manager and the guard against forged forms."""
    app.session_interface = StaffSessions()
    app.config.update(
        SESSION_COOKIE_NAME="staff",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        WTF_CSRF_TIME_LIMIT=None,
    )
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)
    csrf.init_app(app)


class StaffSessions(SecureCookieSessionInterface):
    """Signed cookie sessions, for the addresses of staff pages alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a staff page, or None where there must not be any."""
        return super().open_session(app, request) if is_staff_path(request.path) else None

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie goes over https:// alone."""
        return is_secure()


def is_staff_path(path: str) -> bool:
    """Say whether *path* belongs to staff; everything else is for respondents and the public."""
    return path.startswith(STAFF_PATHS)


class Person(UserMixin):
    """An account as flask-login wants it; its id is the rotating session key."""

    def __init__(self, account: AccountRow) -> None:
        self.account = account

    def get_id(self) -> str:
        """Return the session key, so that a new key ends every session."""
        return self.account.session_key


def _load(session_key: str) -> Person | None:
    now = seconds()
    began, seen = session.get("began", 0), session.get("seen", 0)
    if now - began > SESSION_HOURS * 3600 or now - seen > IDLE_MINUTES * 60:
        return None
    session["seen"] = now
    account = accounts.by_session_key(db.session, session_key)
    return Person(account) if account else None


def seconds() -> int:
    """Return the time of this machine in whole seconds; sessions are dated with it."""
    return int(datetime.now(UTC).timestamp())


def _ask_to_sign_in() -> ResponseReturnValue:
    if session.pop("_user_id", None):
        flash(_("You were signed out meanwhile. Please sign in again."), "care")
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=wanted))


def sign_in(account: AccountRow) -> None:
    """Begin a session of *account*."""
    session["began"] = session["seen"] = seconds()
    login_user(Person(account))


def sign_out() -> None:
    """End this browser's session."""
    logout_user()


def current_account() -> AccountRow:
    """Return the account that is signed in; only behind one of the decorators below."""
    account: AccountRow = current_user.account
    return account


def account_or_none() -> AccountRow | None:
    """Return the account that is signed in, if any."""
    return current_account() if current_user.is_authenticated else None


View = Callable[..., ResponseReturnValue]


def _only(*roles: str, own: bool = False) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            account = account_or_none()
            if account is None:
                return _ask_to_sign_in()
            if account.provisional and not own:
                return redirect(url_for("auth.account"))
            if account.role not in roles:
                abort(404)
            return view(*args, **kwargs)

        return guarded

    return decorate


administrators = _only("administrator")
"""The page is for administrators; anybody else signed in is told that there is no such page."""

moderators = _only("moderator")
"""The page is for those who read what villagers wrote before anybody else does."""

overseers = _only(*OVERSEERS)
"""The page is for whoever looks on without a group: administrators, moderators, observers."""

reviewers = _only(*REVIEWERS)
"""The page has what groups write; what one sees on it is scoped to one's group."""

staff = _only(*ROLES)
"""The page is for everybody of the staff; what they see on it is scoped to their group."""

signed_in = _only(*ROLES, own=True)
"""The page is about one's own account: open also to whoever must still change a first password."""


def safe_path(target: str | None) -> str | None:
    """Return *target* where it is a path of this service that staff may be sent to, else None."""
    if not target or not target.startswith("/") or "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not is_staff_path(parts.path):
        return None
    return target


def home_of(account: AccountRow) -> str:
    """Return the address of the page that *account* begins with."""
    return url_for("admin.home" if account.role == "administrator" else "review.desk")
