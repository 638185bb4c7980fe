"""One's own account: password and language."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField
from wtforms.validators import EqualTo, InputRequired, Length

from survey.core.errors import Invalid, Refused
from survey.core.wording import N_, Sentence, say
from survey.storage import accounts, audit, devices, second_factor, sign_in
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow
from survey.web import access, i18n
from survey.web.auth import device
from survey.web.auth.blueprint import blueprint
from survey.web.fields import LANGUAGES, NEW_PASSWORD, StaffForm

NOT_YOURS = say(
    N_(
        "The old password is not right. Please type it again; after several wrong ones, wait up "
        "to 15 minutes."
    )
)


class PasswordForm(StaffForm):
    """The old password and twice the new one."""

    old = PasswordField(
        _l("Old password"),
        [InputRequired(_l("Please type the old password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(_l("Please type a new password.")), Length(max=accounts.MAXIMUM_PASSWORD)],
        render_kw=NEW_PASSWORD,
    )
    again = PasswordField(
        _l("New password once more"),
        [
            InputRequired(_l("Please type the new password once more.")),
            EqualTo("new", _l("The two are not the same. Please type both again.")),
        ],
        render_kw=NEW_PASSWORD,
    )


class LanguageForm(StaffForm):
    """The language of one's pages."""

    language = RadioField(_l("Language"), choices=LANGUAGES)


@blueprint.get("/account")
@access.signed_in
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
        second_step=second_factor.is_on(db.session, access.current_account()),
        minimum=accounts.MINIMUM_PASSWORD,
        problem=problem,
    )


@blueprint.post("/account/password")
@access.signed_in
def change_password() -> ResponseReturnValue:
    """Whoever is signed in; every other session of the account ends."""
    form = PasswordForm()
    account = access.current_account()
    if not form.validate_on_submit():
        return _page(form, _languages()), 422
    made = sign_in.attempt(db.session, account.username, form.old.data)
    begin_write(db.session)
    try:
        account = sign_in.admit(db.session, made, device.token())
        accounts.change_password(db.session, account, form.old.data, form.new.data)
    except Refused:
        db.session.commit()
        return _page(form, _languages(), NOT_YOURS), 422
    except Invalid as fault:
        db.session.rollback()
        return _page(form, _languages(), fault.sentence), 422
    return _changed(account)


def _changed(account: AccountRow) -> ResponseReturnValue:
    """Keep the new password; this browser stays signed in and known, all others do not."""
    token = devices.remember(db.session, account, device.token())
    devices.forget(db.session, account, but=token)
    audit.record(db.session, account.username, "change password", account.username)
    db.session.commit()
    access.sign_in(account)
    flash(_("Your password is changed. You are signed out everywhere else."), "well")
    return device.keep(make_response(redirect(url_for("auth.account"))), token)


@blueprint.post("/account/language")
@access.signed_in
def choose_language() -> ResponseReturnValue:
    """Whoever is signed in; remembered for the next time too."""
    form = LanguageForm()
    if form.validate_on_submit():
        begin_write(db.session)
        access.current_account().language = form.language.data
        db.session.commit()
        i18n.remember(form.language.data)
    return redirect(url_for("auth.account"))
