"""One's own second step at sign-in: set up with a QR code, used, renewed, turned off."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from survey.core import second_factor as codes
from survey.core.errors import Invalid, Refused
from survey.core.wording import Sentence
from survey.printing import qr
from survey.storage import audit, second_factor, sign_in
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow
from survey.web import access
from survey.web.auth import device
from survey.web.auth.blueprint import blueprint
from survey.web.fields import StaffForm

_TYPED = {"autocomplete": "one-time-code", "autocapitalize": "none"}


class BeginForm(StaffForm):
    """The password once more, so that an unattended screen is not enough."""

    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Please type your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class FirstCodeForm(StaffForm):
    """The first code that the app shows."""

    code = StringField(
        _l("Code that the app shows"),
        [InputRequired(_l("Please type the code.")), Length(max=100)],
        render_kw=_TYPED | {"inputmode": "numeric"},
    )


class ProofForm(BeginForm):
    """Password and code together."""

    code = StringField(
        _l("Code of the app, or a recovery code"),
        [InputRequired(_l("Please type the code.")), Length(max=100)],
        render_kw=_TYPED,
    )


@blueprint.get("/second-step")
@access.staff
def second_step() -> ResponseReturnValue:
    """Whoever is signed in: whether their second step is on, and what can be done."""
    return _page()


def _page(
    form: BeginForm | None = None, problem: Sentence | None = None, renewing: bool = False
) -> ResponseReturnValue:
    account = access.current_account()
    on = second_factor.is_on(db.session, account)
    blank = ProofForm(formdata=None) if on else BeginForm(formdata=None)
    return render_template(
        "auth/second_step.html",
        on=on,
        form=form or blank,
        problem=problem,
        renewing=renewing,
        left=second_factor.recovery_codes_left(db.session, account),
    ), (422 if problem or (form and form.errors) else 200)


def _key() -> str:
    return str(current_app.secret_key)


def _prove(form: BeginForm, *, with_code: bool) -> AccountRow:
    """Return the account after its password (and code) were typed again; raises `Refused`."""
    account = access.current_account()
    made = sign_in.attempt(db.session, account.username, form.password.data)
    begin_write(db.session)
    account = sign_in.admit(db.session, made, device.token())
    if with_code:
        account = sign_in.admit_code(db.session, account, form.code.data, _key(), device.token())
    return account


@blueprint.post("/second-step/begin")
@access.staff
def begin_second_step() -> ResponseReturnValue:
    """Whoever is signed in, with their password: makes the secret for their app."""
    form = BeginForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        second_factor.begin(db.session, _prove(form, with_code=False), _key())
    except (Refused, Invalid) as fault:
        db.session.commit()
        return _page(form, fault.sentence)
    db.session.commit()
    return redirect(url_for("auth.first_code"))


@blueprint.get("/second-step/new")
@access.staff
def first_code() -> ResponseReturnValue:
    """Whoever is setting it up: the QR code, the same as text, and a field for the first code."""
    return _first_code_page(FirstCodeForm())


def _first_code_page(form: FirstCodeForm, problem: Sentence | None = None) -> ResponseReturnValue:
    secret = second_factor.begun(db.session, access.current_account(), _key())
    return render_template(
        "auth/first_code.html",
        form=form,
        problem=problem,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    ), (422 if problem or form.errors else 200)


@blueprint.get("/second-step/new.svg")
@access.staff
def second_step_picture() -> Response:
    """Whoever is setting it up: the QR code for their app."""
    account = access.current_account()
    secret = second_factor.begun(db.session, account, _key())
    picture = qr.picture(codes.address(secret, account.username))
    return Response(picture, mimetype="image/svg+xml")


@blueprint.post("/second-step/confirm")
@access.staff
def confirm_second_step() -> ResponseReturnValue:
    """Whoever is setting it up: the first code turns it on; recovery codes are shown, once."""
    form = FirstCodeForm()
    if not form.validate_on_submit():
        return _first_code_page(form)
    begin_write(db.session)
    account = access.current_account()
    try:
        made = second_factor.confirm(db.session, account, form.code.data, _key())
    except Invalid as fault:
        db.session.rollback()
        return _first_code_page(form, fault.sentence)
    audit.record(db.session, account.username, "second step on", account.username)
    db.session.commit()
    return render_template("auth/recovery_codes.html", codes=made)


@blueprint.post("/second-step/codes")
@access.staff
def renew_codes() -> ResponseReturnValue:
    """Whoever has it on, with password and code: new recovery codes, shown once."""
    form = ProofForm()
    if not form.validate_on_submit():
        return _page(form, renewing=True)
    try:
        account = _prove(form, with_code=True)
    except Refused as refusal:
        db.session.commit()
        return _page(form, refusal.sentence, renewing=True)
    made = second_factor.renew_recovery_codes(db.session, account)
    audit.record(db.session, account.username, "recovery codes renewed", account.username)
    db.session.commit()
    return render_template("auth/recovery_codes.html", codes=made)


@blueprint.post("/second-step/off")
@access.staff
def turn_second_step_off() -> ResponseReturnValue:
    """Whoever has it on, with password and code."""
    form = ProofForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        account = _prove(form, with_code=True)
    except Refused as refusal:
        db.session.commit()
        return _page(form, refusal.sentence)
    second_factor.remove(db.session, account)
    audit.record(db.session, account.username, "second step off", account.username)
    db.session.commit()
    flash(_("The second step is off. From now on the password alone signs you in."), "well")
    return redirect(url_for("auth.second_step"))
