"""How somebody of the staff gets in, or no longer does: passwords, second steps, sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import accounts, invitations, second_factor
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.people import record


def _back(person: AccountRow) -> ResponseReturnValue:
    return redirect(url_for("admin.show_person", account_id=person.id))


@blueprint.post("/people/<int:account_id>/password")
@administrators
def reset_password(account_id: int) -> ResponseReturnValue:
    """Administrators: a new password for somebody, shown here, once."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    password = accounts.issue_password(db.session, person)
    invitations.withdraw(db.session, person)
    record("person.password", person)
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
    record("person.second_factor", person)
    db.session.commit()
    flash(_("%(name)s signs in with the password alone now.", name=person.name), "well")
    return _back(person)


@blueprint.post("/people/<int:account_id>/sign-out")
@administrators
def sign_person_out(account_id: int) -> ResponseReturnValue:
    """Administrators: end every session of somebody."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    accounts.end_sessions(db.session, person)
    record("person.sign_out", person)
    db.session.commit()
    flash(_("%(name)s is signed out everywhere.", name=person.name), "well")
    return _back(person)


@blueprint.post("/people/<int:account_id>/disable")
@administrators
def disable_person(account_id: int) -> ResponseReturnValue:
    """Administrators: shut somebody out; not oneself."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    if person.id == current_account().id:
        raise Refused(N_("Ask another administrator to disable your own account."))
    accounts.disable(db.session, person)
    invitations.withdraw(db.session, person)
    record("person.disable", person)
    db.session.commit()
    flash(_("%(name)s can no longer sign in.", name=person.name), "well")
    return _back(person)


@blueprint.post("/people/<int:account_id>/enable")
@administrators
def enable_person(account_id: int) -> ResponseReturnValue:
    """Administrators: let somebody in again."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    accounts.enable(db.session, person)
    record("person.enable", person)
    db.session.commit()
    flash(_("%(name)s can sign in again.", name=person.name), "well")
    return _back(person)
