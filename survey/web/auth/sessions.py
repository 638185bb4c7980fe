"""Signing in and signing out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Refused
from survey.storage import accounts
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow
from survey.web import access, i18n
from survey.web.auth.blueprint import blueprint


class SignInForm(FlaskForm):  # type: ignore[misc]
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


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
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
        attempt = accounts.attempt(db.session, form.username.data, form.password.data)
        begin_write(db.session)
        try:
            account = accounts.admit(db.session, attempt)
        except Refused as refusal:
            problem = refusal.sentence
        db.session.commit()
        if problem is None:
            _begin(account)
            return redirect(_destination(account))
    return render_template("auth/sign_in.html", form=form, problem=problem), 422


def _begin(account: AccountRow) -> None:
    chosen = session.get(i18n.REMEMBERED, account.language)
    session.clear()
    session.permanent = True
    access.sign_in(account)
    i18n.remember(chosen)


def _destination(account: AccountRow) -> str:
    return access.safe_path(request.args.get("next")) or access.home_of(account)


@blueprint.post("/sign-out")
@access.reviewers
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
