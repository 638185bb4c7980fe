"""One's own account: password and language."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField
from wtforms.validators import EqualTo, InputRequired, Length

from survey.core.errors import Invalid
from survey.core.wording import Sentence
from survey.storage import accounts, audit
from survey.storage.db import begin_write, db
from survey.web import access, i18n
from survey.web.auth.blueprint import blueprint
from survey.web.fields import LANGUAGES

_NEW = {"autocomplete": "new-password"}


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The old password and twice the new one."""

    old = PasswordField(
        _l("Old password"),
        [InputRequired(_l("Please type the old password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(_l("Please type a new password.")), Length(max=accounts.MAXIMUM_PASSWORD)],
        render_kw=_NEW,
    )
    again = PasswordField(
        _l("New password once more"),
        [
            InputRequired(_l("Please type the new password once more.")),
            EqualTo("new", _l("The two are not the same. Please type both again.")),
        ],
        render_kw=_NEW,
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """The language of one's pages."""

    language = RadioField(_l("Language"), choices=LANGUAGES)


@blueprint.get("/account")
@access.reviewers
def account() -> ResponseReturnValue:
    """Whoever is signed in: their own name, role, password and language."""
    return _page(PasswordForm(), _languages())


def _languages() -> LanguageForm:
    return LanguageForm(formdata=None, language=i18n.language())


def _page(
    password: PasswordForm, language: LanguageForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "auth/account.html",
        account=access.current_account(),
        password=password,
        language_form=language,
        minimum=accounts.MINIMUM_PASSWORD,
        problem=problem,
    )


@blueprint.post("/account/password")
@access.reviewers
def change_password() -> ResponseReturnValue:
    """Whoever is signed in; every other session of the account ends."""
    form = PasswordForm()
    account = access.current_account()
    if not form.validate_on_submit():
        return _page(form, _languages()), 422
    begin_write(db.session)
    try:
        accounts.change_password(db.session, account, form.old.data, form.new.data)
    except Invalid as fault:
        return _page(form, _languages(), fault.sentence), 422
    audit.record(db.session, account.username, "change password", account.username)
    db.session.commit()
    access.sign_in(account)
    flash(_("Your password is changed. You are signed out everywhere else."), "well")
    return redirect(url_for("auth.account"))


@blueprint.post("/account/language")
@access.reviewers
def choose_language() -> ResponseReturnValue:
    """Whoever is signed in; remembered for the next time too."""
    form = LanguageForm()
    if form.validate_on_submit():
        begin_write(db.session)
        access.current_account().language = form.language.data
        db.session.commit()
        i18n.remember(form.language.data)
    return redirect(url_for("auth.account"))
