"""Signing in, in one step or two, and signing out."""

from __future__ import annotations

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import SurveyError
from survey.core.wording import Sentence
from survey.storage import accounts, devices, second_factor, sign_in
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow
from survey.web import access, i18n
from survey.web.auth import device
from survey.web.auth.blueprint import blueprint
from survey.web.fields import StaffForm

HALF_MINUTES = 10
"""How long after the password the code may come."""
FEW_CODES = 3
"""From how few recovery codes on one is told to make new ones."""


class SignInForm(StaffForm):
    """Name and password."""

    username = StringField(
        _l("User name"),
        [InputRequired(_l("Please type your user name.")), Length(max=100)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please type your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(StaffForm):
    """The code that the app shows now, or a recovery code."""

    code = StringField(
        _l("Code of the app, or a recovery code"),
        [InputRequired(_l("Please type the code.")), Length(max=100)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none"},
    )


@blueprint.get("/sign-in", endpoint="sign_in")
def ask() -> ResponseReturnValue:
    """Everybody sees this; whoever is signed in goes on to their first page."""
    account = access.account_or_none()
    if account is not None:
        return redirect(_destination(account))
    return render_template("auth/sign_in.html", form=SignInForm(), problem=None)


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Everybody may try; a wrong password counts and slows the next."""
    form = SignInForm()
    problem = None
    if form.validate_on_submit():
        made = sign_in.attempt(db.session, form.username.data, form.password.data)
        begin_write(db.session)
        try:
            account = sign_in.admit(db.session, made, device.token())
        except SurveyError as refusal:
            problem = refusal.sentence
        else:
            return _go_on(account)
        db.session.commit()
    return render_template("auth/sign_in.html", form=form, problem=problem), 422


def _go_on(account: AccountRow) -> ResponseReturnValue:
    if not second_factor.is_on(db.session, account):
        return _begin(account)
    db.session.commit()
    chosen = session.get(i18n.REMEMBERED)
    session.clear()
    if chosen:
        i18n.remember(chosen)
    session["half"], session["half_at"] = account.session_key, access.seconds()
    return redirect(url_for("auth.ask_code", next=request.args.get("next")))


def _begin(account: AccountRow) -> Response:
    """Begin a session of *account* in this browser, which is known from now on."""
    token = devices.remember(db.session, account, device.token())
    db.session.commit()
    chosen = session.get(i18n.REMEMBERED, account.language)
    session.clear()
    session.permanent = True
    access.sign_in(account)
    i18n.remember(chosen)
    return device.keep(make_response(redirect(_destination(account))), token)


def _destination(account: AccountRow) -> str:
    return access.safe_path(request.args.get("next")) or access.home_of(account)


@blueprint.get("/code")
def ask_code() -> ResponseReturnValue:
    """Whoever has just given the right password of an account with a second step."""
    if _half() is None:
        return redirect(url_for("auth.sign_in", next=request.args.get("next")))
    return _code_page(CodeForm())


def _half() -> AccountRow | None:
    """Return the account whose password this browser has just given."""
    if access.seconds() - session.get("half_at", 0) > HALF_MINUTES * 60:
        return None
    return accounts.by_session_key(db.session, session.get("half", ""))


def _code_page(form: CodeForm, problem: Sentence | None = None) -> ResponseReturnValue:
    status = 422 if problem or form.errors else 200
    return render_template("auth/code.html", form=form, problem=problem), status


@blueprint.post("/code")
def enter_code() -> ResponseReturnValue:
    """The same: the code that the app shows now, or a recovery code; a wrong one counts."""
    account = _half()
    if account is None:
        return redirect(url_for("auth.sign_in", next=request.args.get("next")))
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form)
    left = second_factor.recovery_codes_left(db.session, account)
    begin_write(db.session)
    try:
        account = sign_in.admit_code(
            db.session, account, form.code.data, str(current_app.secret_key), device.token()
        )
    except SurveyError as refusal:
        db.session.commit()
        return _code_page(form, refusal.sentence)
    return _begin_after(account, left)


def _begin_after(account: AccountRow, left_before: int) -> Response:
    left = second_factor.recovery_codes_left(db.session, account)
    response = _begin(account)
    if left < left_before:
        flash(
            ngettext(
                "That recovery code is used up; %(num)s is left.",
                "That recovery code is used up; %(num)s are left.",
                left,
            ),
            "care" if left <= FEW_CODES else "well",
        )
    return response


@blueprint.post("/sign-out")
@access.signed_in
def leave() -> ResponseReturnValue:
    """Whoever is signed in; ends every session of the account, here and elsewhere."""
    begin_write(db.session)
    accounts.end_sessions(db.session, access.current_account())
    db.session.commit()
    language = i18n.language()
    access.sign_out()
    session.clear()
    i18n.remember(language)
    return redirect(url_for("auth.sign_in"))
