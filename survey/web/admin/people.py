"""The staff: who may sign in, with which role and acceptance group."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Invalid, Refused
from survey.core.wording import N_
from survey.storage import accounts, audit, lockout, registers, second_factor
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, GroupRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import LANGUAGES, StaffForm, options


class PersonForm(StaffForm):
    """A new person; the password is made by the machine."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Please type the person's name.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )
    username = StringField(
        _l("User name"),
        [InputRequired(_l("Please type a user name.")), Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    role = RadioField(
        _l("Role"),
        [InputRequired(_l("Please choose a role."))],
        choices=options(
            ("member", _l("Member of an acceptance group")),
            ("lead", _l("Lead of an acceptance group")),
            ("administrator", _l("Administrator")),
        ),
    )
    group = SelectField(_l("Acceptance group"), coerce=int)
    language = RadioField(_l("Language"), choices=LANGUAGES, default="zh")


def _form() -> PersonForm:
    form = PersonForm()
    groups = [(str(row.id), row.name) for row in registers.groups(db.session)]
    form.group.choices = options(("0", _("none")), *groups)
    return form


@blueprint.get("/people")
@administrators
def people() -> ResponseReturnValue:
    """Administrators: everybody of the staff."""
    return render_template(
        "admin/people.html",
        people=accounts.listing(db.session),
        with_second_step=second_factor.everybody(db.session),
        refusals=lockout.refusals(db.session),
        me=current_account(),
    )


@blueprint.get("/people/new")
@administrators
def new_person() -> ResponseReturnValue:
    """Administrators: add a person."""
    return render_template("admin/person.html", form=_form(), problem=None)


@blueprint.post("/people/new")
@administrators
def add_person() -> ResponseReturnValue:
    """Administrators: the first password is shown here, once."""
    form = _form()
    if not form.validate_on_submit():
        return render_template("admin/person.html", form=form, problem=None), 422
    password = accounts.new_password()
    begin_write(db.session)
    try:
        person = accounts.add(
            db.session,
            form.username.data,
            form.name.data,
            password,
            form.role.data,
            _group(form),
            form.language.data,
            provisional=True,
        )
    except Invalid as fault:
        return render_template("admin/person.html", form=form, problem=fault.sentence), 422
    _record("person.add", person)
    db.session.commit()
    return render_template("admin/password.html", person=person, password=password)


def _group(form: PersonForm) -> GroupRow | None:
    return db.session.get(GroupRow, form.group.data) if form.group.data else None


def _record(act: str, person: AccountRow) -> None:
    audit.record(db.session, current_account().username, act, person.username)


@blueprint.post("/people/<int:account_id>/password")
@administrators
def reset_password(account_id: int) -> ResponseReturnValue:
    """Administrators: a new password for somebody, shown here, once."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    password = accounts.issue_password(db.session, person)
    _record("person.password", person)
    db.session.commit()
    return render_template("admin/password.html", person=person, password=password)


@blueprint.post("/people/<int:account_id>/second-step")
@administrators
def take_second_step(account_id: int) -> ResponseReturnValue:
    """Administrators: take away the second step of somebody whose device is lost; not one's own."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    if person.id == current_account().id:
        raise Refused(N_("Turn your own second step off under “My account”."))
    second_factor.remove(db.session, person)
    accounts.end_sessions(db.session, person)
    _record("person.second_factor", person)
    db.session.commit()
    flash(_("%(name)s signs in with the password alone now.", name=person.name), "well")
    return redirect(url_for("admin.people"))


@blueprint.post("/people/<int:account_id>/sign-out")
@administrators
def sign_person_out(account_id: int) -> ResponseReturnValue:
    """Administrators: end every session of somebody."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    accounts.end_sessions(db.session, person)
    _record("person.sign_out", person)
    db.session.commit()
    flash(_("%(name)s is signed out everywhere.", name=person.name), "well")
    return redirect(url_for("admin.people"))


@blueprint.post("/people/<int:account_id>/disable")
@administrators
def disable_person(account_id: int) -> ResponseReturnValue:
    """Administrators: shut somebody out; not oneself."""
    person = accounts.by_id(db.session, account_id)
    if person.id == current_account().id:
        flash(_("Ask another administrator to disable your own account."), "bad")
        return redirect(url_for("admin.people"))
    begin_write(db.session)
    accounts.disable(db.session, person)
    _record("person.disable", person)
    db.session.commit()
    flash(_("%(name)s can no longer sign in.", name=person.name), "well")
    return redirect(url_for("admin.people"))


@blueprint.post("/people/<int:account_id>/enable")
@administrators
def enable_person(account_id: int) -> ResponseReturnValue:
    """Administrators: let somebody in again."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    accounts.enable(db.session, person)
    _record("person.enable", person)
    db.session.commit()
    flash(_("%(name)s can sign in again.", name=person.name), "well")
    return redirect(url_for("admin.people"))
