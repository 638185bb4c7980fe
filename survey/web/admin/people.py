"""The staff: who they are, with which role, acceptance group and unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Invalid, Refused
from survey.core.wording import N_, Sentence
from survey.storage import accounts, audit, invitations, lockout, recusals, registers, second_factor
from survey.storage.accounts import Particulars
from survey.storage.db import begin_write, db, now
from survey.storage.tables import AccountRow, GroupRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.invitations import show_invitation
from survey.web.fields import LANGUAGES, StaffForm, options
from survey.web.installation import settings

_HAND = {"autocomplete": "off"}
_NOT_SAID, _NONE = "?", "-"
"""Choices of a moderator's township that are none: nobody said which, and none of them."""


class PersonForm(StaffForm):
    """What an administrator says of a person."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Please type the person's name.")), Length(max=60)],
        render_kw=_HAND,
    )
    role = RadioField(
        _l("Role"),
        [InputRequired(_l("Please choose a role."))],
        choices=options(
            ("member", _l("Member of an acceptance group")),
            ("lead", _l("Lead of an acceptance group")),
            ("administrator", _l("Administrator")),
            ("moderator", _l("Moderator")),
            ("observer", _l("Observer")),
        ),
    )
    group = SelectField(_l("Acceptance group"), coerce=int)
    unit = StringField(
        _l("Unit"), [Length(max=accounts.LONGEST_UNIT)], render_kw=_HAND | {"list": "units"}
    )

    township = SelectField(_l("Township"), default=_NOT_SAID)

    def particulars(self) -> Particulars:
        """Return what the form says."""
        chosen = db.session.get(GroupRow, self.group.data) if self.group.data else None
        said = self.township.data
        return Particulars(
            self.name.data,
            self.role.data,
            chosen,
            self.unit.data or "",
            None if said == _NOT_SAID else said.removeprefix(_NONE),
        )


class NewPersonForm(PersonForm):
    """A new person, whose user name and language are chosen once."""

    username = StringField(
        _l("User name"),
        [InputRequired(_l("Please type a user name.")), Length(max=40)],
        render_kw=_HAND | {"autocapitalize": "none", "spellcheck": "false"},
    )
    language = RadioField(_l("Language"), choices=LANGUAGES, default="zh")


def _with_groups(form: PersonForm) -> PersonForm:
    groups = [(str(row.id), row.name) for row in registers.groups(db.session)]
    form.group.choices = options(("0", _("none")), *groups)
    form.township.choices = options(
        (_NOT_SAID, _("not said yet")),
        (_NONE, _("of none of them")),
        *((name, name) for name in _townships(form.township.data)),
    )
    return form


def _townships(kept: str | None) -> list[str]:
    """Return the townships of the register, and the one that is *kept* where it left it."""
    found = registers.townships(db.session)
    return found if kept in {None, _NOT_SAID, _NONE, *found} else [kept, *found]


@blueprint.get("/people")
@administrators
def people() -> ResponseReturnValue:
    """Administrators: everybody of the staff, or those who are looked for."""
    asked = request.args.get("search", "").strip()
    found = accounts.listing(db.session)
    return render_template(
        "admin/people.html",
        people=[person for person in found if _is_asked(person, asked)],
        total=len(found),
        asked=asked,
        with_second_step=second_factor.everybody(db.session),
        invited=invitations.pending(db.session),
        now=now(db.session),
        timezone=settings().timezone,
        refusals=lockout.refusals(db.session),
    )


def _is_asked(person: AccountRow, asked: str) -> bool:
    group = person.group.name if person.group else ""
    texts = (person.name, person.username, person.unit, group)
    return any(asked.casefold() in text.casefold() for text in texts)


@blueprint.get("/people/new")
@administrators
def new_person() -> ResponseReturnValue:
    """Administrators: add a person."""
    return _new_page(_with_groups(NewPersonForm()))


def _new_page(form: PersonForm, problem: Sentence | None = None) -> ResponseReturnValue:
    return render_template(
        "admin/new_person.html",
        form=form,
        problem=problem,
        units=recusals.paired_units(db.session),
    ), (422 if problem or form.errors else 200)


@blueprint.post("/people/new")
@administrators
def add_person() -> ResponseReturnValue:
    """Administrators: the invitation is shown here, once."""
    form = _with_groups(NewPersonForm())
    if not form.validate_on_submit():
        return _new_page(form)
    said = form.particulars()
    begin_write(db.session)
    try:
        person = accounts.add(
            db.session,
            form.username.data,
            said.name,
            accounts.new_password(),
            said.role,
            said.group,
            form.language.data,
            unit=said.unit,
            township=said.township,
        )
    except Invalid as fault:
        return _new_page(form, fault.sentence)
    record("person.add", person, role=person.role)
    return show_invitation(person)


def record(act: str, person: AccountRow, **detail: Any) -> None:
    """Write down what the administrator who is signed in does to *person*."""
    audit.record(db.session, current_account().username, act, person.username, **detail)


@blueprint.get("/people/<int:account_id>")
@administrators
def show_person(account_id: int) -> ResponseReturnValue:
    """Administrators: one person, what is known of their sign-in, and what can be done."""
    person = accounts.by_id(db.session, account_id)
    said = {
        "name": person.name,
        "role": person.role,
        "group": person.group_id or 0,
        "unit": person.unit,
        "township": _NOT_SAID if person.township is None else person.township or _NONE,
    }
    return _person_page(person, _with_groups(PersonForm(data=said)))


def _person_page(
    person: AccountRow, form: PersonForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/person.html",
        person=person,
        form=form,
        problem=problem,
        units=recusals.paired_units(db.session),
        mine=person.id == current_account().id,
        second_step=second_factor.is_on(db.session, person),
        invited_until=_invited_until(person),
        now=now(db.session),
        timezone=settings().timezone,
    ), (422 if problem or form.errors else 200)


def _invited_until(person: AccountRow) -> datetime | None:
    return invitations.pending(db.session).get(person.id)


@blueprint.post("/people/<int:account_id>")
@administrators
def change_person(account_id: int) -> ResponseReturnValue:
    """Administrators: another name, role, group or unit; one's own role stays."""
    form = _with_groups(PersonForm())
    if not form.validate_on_submit():
        return _person_page(accounts.by_id(db.session, account_id), form)
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    try:
        _require_own_role_kept(person, form.role.data)
        changed = accounts.change(db.session, person, form.particulars())
    except (Invalid, Refused) as fault:
        db.session.rollback()
        return _person_page(accounts.by_id(db.session, account_id), form, fault.sentence)
    if changed:
        record("person.change", person, **changed)
    db.session.commit()
    flash(_("Kept."), "well")
    return redirect(url_for("admin.show_person", account_id=account_id))


def _require_own_role_kept(person: AccountRow, role: str) -> None:
    if person.id == current_account().id and role != person.role:
        raise Refused(N_("Ask another administrator to change your own role."))
