"""Whoever was invited chooses a password with a one-time code, and is signed in."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from survey.core.errors import Invalid, Missing
from survey.core.wording import Sentence
from survey.storage import accounts, audit, devices, invitations, second_factor
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow
from survey.web import access, i18n
from survey.web.auth import device
from survey.web.auth.blueprint import blueprint
from survey.web.fields import NEW_PASSWORD, StaffForm


class InvitationForm(StaffForm):
    """The code of an invitation, as it stands on the sheet."""

    code = StringField(
        _l("Code of the invitation"),
        [InputRequired(_l("Please type the code.")), Length(max=100)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class AcceptForm(StaffForm):
    """The password that the invited person chooses."""

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
    second_step = BooleanField(_l("Ask me for a code of an app on my phone too (safer)"))


@blueprint.get("/invitation", endpoint="invitation")
def ask_for_invitation() -> ResponseReturnValue:
    """Whoever was invited: asks for the code that stands on the sheet."""
    return render_template("auth/invitation.html", form=InvitationForm(), problem=None)


@blueprint.post("/invitation")
def find_invitation() -> ResponseReturnValue:
    """Whoever was invited: a right code leads on, a wrong one is told so."""
    form = InvitationForm()
    problem = None
    if form.validate_on_submit():
        try:
            invitations.find(db.session, form.code.data)
        except Missing as fault:
            problem = fault.sentence
        else:
            return redirect(url_for("auth.accept", typed=form.code.data.strip()))
    return render_template("auth/invitation.html", form=form, problem=problem), 422


@blueprint.get("/invitation/<typed>", endpoint="accept")
def show_accept(typed: str) -> ResponseReturnValue:
    """Whoever was invited: who they are here, and a password to choose; looking uses nothing up."""
    return _page(invitations.find(db.session, typed), AcceptForm())


def _page(
    person: AccountRow, form: AcceptForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "auth/accept.html",
        person=person,
        form=form,
        problem=problem,
        minimum=accounts.MINIMUM_PASSWORD,
    ), (422 if problem or form.errors else 200)


@blueprint.post("/invitation/<typed>")
def accept_invitation(typed: str) -> ResponseReturnValue:
    """Whoever was invited: the password is kept, the code used up, and a session begun."""
    form = AcceptForm()
    if not form.validate_on_submit():
        return _page(invitations.find(db.session, typed), form)
    begin_write(db.session)
    try:
        person = invitations.accept(db.session, typed, form.new.data)
    except Invalid as fault:
        db.session.rollback()
        return _page(invitations.find(db.session, typed), form, fault.sentence)
    audit.record(db.session, person.username, "person.accept", person.username)
    if form.second_step.data:
        second_factor.begin(db.session, person, str(current_app.secret_key))
    token = devices.remember(db.session, person, "")
    db.session.commit()
    begin_session(person)
    flash(_("Your password is kept. Next time sign in as %(name)s.", name=person.username), "well")
    wanted = url_for("auth.first_code") if form.second_step.data else access.home_of(person)
    return device.keep(make_response(redirect(wanted)), token)


def begin_session(person: AccountRow) -> None:
    """Begin a session of *person*, who has just chosen a password."""
    chosen = session.get(i18n.REMEMBERED, person.language)
    session.clear()
    session.permanent = True
    access.sign_in(person)
    i18n.remember(chosen)
