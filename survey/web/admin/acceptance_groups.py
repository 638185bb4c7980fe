"""The acceptance groups: made, renamed, deleted while empty; an acting lead for one who is ill."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Invalid, Refused
from survey.core.wording import Sentence
from survey.storage import accounts, audit, groups, registers, substitutes
from survey.storage.db import begin_write, db
from survey.storage.substitutes import Term
from survey.storage.tables import AccountRow, GroupRow, SubstituteRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm, options
from survey.web.installation import settings


class GroupForm(StaffForm):
    """The name of a group."""

    name = StringField(
        _l("Name of the group"),
        [InputRequired(_l("Please fill this in.")), Length(max=groups.LONGEST_NAME)],
        render_kw={"autocomplete": "off"},
    )


class SubstituteForm(StaffForm):
    """Who leads a group, from when to when, and why."""

    person = SelectField(_l("Acting lead"), coerce=int)
    since = DateField(_l("From"), [InputRequired(_l("Please choose a date."))])
    until = DateField(_l("Until, this day included"), [InputRequired(_l("Please choose a date."))])
    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Please fill this in.")),
            Length(max=substitutes.LONGEST_REASON),
        ],
    )


@dataclass(frozen=True)
class Card:
    """One group with who sits in it, how many villages it has, and who leads it for a while."""

    group: GroupRow
    people: list[AccountRow]
    villages: int
    terms: list[SubstituteRow]
    empty: bool


@blueprint.get("/groups")
@administrators
def acceptance_groups() -> ResponseReturnValue:
    """Administrators: every acceptance group, its people and villages."""
    return _list(GroupForm())


def _list(form: GroupForm, problem: Sentence | None = None) -> ResponseReturnValue:
    villages = groups.villages(db.session)
    terms = substitutes.current(db.session, groups.today(db.session, settings().timezone))
    everybody = [row for row in accounts.listing(db.session) if not row.disabled]
    cards = [
        Card(
            group,
            [row for row in everybody if row.group_id == group.id],
            villages.get(group.id, 0),
            terms.get(group.id, []),
            groups.is_empty(db.session, group),
        )
        for group in registers.groups(db.session)
    ]
    page = render_template("admin/acceptance_groups.html", cards=cards, form=form, problem=problem)
    return page, (422 if problem or form.errors else 200)


@blueprint.post("/groups")
@administrators
def make_group() -> ResponseReturnValue:
    """Administrators: one more group."""
    form = GroupForm()
    if not form.validate_on_submit():
        return _list(form)
    begin_write(db.session)
    try:
        group = groups.make(db.session, form.name.data)
    except Invalid as fault:
        db.session.rollback()
        return _list(form, fault.sentence)
    audit.record(db.session, current_account().username, "group.make", group.name)
    db.session.commit()
    flash(_("%(name)s is made.", name=group.name), "well")
    return redirect(url_for("admin.acceptance_groups"))


@blueprint.get("/groups/<int:group_id>")
@administrators
def show_group(group_id: int) -> ResponseReturnValue:
    """Administrators: one group, to be renamed, deleted, or led by somebody else for a while."""
    group = groups.by_id(db.session, group_id)
    return _page(group, GroupForm(name=group.name), _substitute_form(group))


def _substitute_form(group: GroupRow) -> SubstituteForm:
    day = groups.today(db.session, settings().timezone)
    form = SubstituteForm(since=day, until=day)
    form.person.choices = options(
        *((str(row.id), _described(row)) for row in substitutes.candidates(db.session, group))
    )
    return form


def _described(person: AccountRow) -> str:
    return f"{person.name} · {person.group.name}" if person.group else person.name


def _page(
    group: GroupRow,
    form: GroupForm,
    substitute: SubstituteForm,
    problem: Sentence | None = None,
) -> ResponseReturnValue:
    day = groups.today(db.session, settings().timezone)
    page = render_template(
        "admin/acceptance_group.html",
        group=group,
        form=form,
        substitute=substitute,
        problem=problem,
        terms=substitutes.current(db.session, day).get(group.id, []),
        empty=groups.is_empty(db.session, group),
    )
    return page, (422 if problem or form.errors or substitute.errors else 200)


@blueprint.post("/groups/<int:group_id>")
@administrators
def rename_group(group_id: int) -> ResponseReturnValue:
    """Administrators: another name, on every page and paper from now on."""
    form = GroupForm()
    if not form.validate_on_submit():
        group = groups.by_id(db.session, group_id)
        return _page(group, form, _fresh(group))
    begin_write(db.session)
    group = groups.by_id(db.session, group_id)
    before = group.name
    try:
        groups.rename(db.session, group, form.name.data)
    except Invalid as fault:
        db.session.rollback()
        group = groups.by_id(db.session, group_id)
        return _page(group, form, _fresh(group), fault.sentence)
    audit.record(db.session, current_account().username, "group.rename", group.name, before=before)
    db.session.commit()
    flash(_("Kept."), "well")
    return redirect(url_for("admin.acceptance_groups"))


def _fresh(group: GroupRow) -> SubstituteForm:
    """Return the form of an acting lead as nobody has filled it."""
    form = _substitute_form(group)
    day = groups.today(db.session, settings().timezone)
    form.process(formdata=None, since=day, until=day)
    return form


@blueprint.post("/groups/<int:group_id>/delete")
@administrators
def delete_group(group_id: int) -> ResponseReturnValue:
    """Administrators: take an empty group away."""
    begin_write(db.session)
    group = groups.by_id(db.session, group_id)
    name = group.name
    groups.delete(db.session, group)
    audit.record(db.session, current_account().username, "group.delete", name)
    db.session.commit()
    flash(_("%(name)s is deleted.", name=name), "well")
    return redirect(url_for("admin.acceptance_groups"))


@blueprint.post("/groups/<int:group_id>/substitute")
@administrators
def name_substitute(group_id: int) -> ResponseReturnValue:
    """Administrators: somebody leads the group for some days, with a reason."""
    group = groups.by_id(db.session, group_id)
    form = _substitute_form(group)
    unchanged = GroupForm(formdata=None, name=group.name)
    if not form.validate_on_submit():
        return _page(group, unchanged, form)
    begin_write(db.session)
    try:
        person = accounts.by_id(db.session, form.person.data)
        term = Term(form.since.data, form.until.data, form.reason.data)
        substitutes.name(db.session, group, person, term, current_account())
    except (Invalid, Refused) as fault:
        db.session.rollback()
        return _page(groups.by_id(db.session, group_id), unchanged, form, fault.sentence)
    db.session.commit()
    flash(_("%(name)s leads the group on these days.", name=person.name), "well")
    return redirect(url_for("admin.show_group", group_id=group_id))


@blueprint.post("/groups/substitutes/<int:substitute_id>/end")
@administrators
def end_substitute(substitute_id: int) -> ResponseReturnValue:
    """Administrators: the lead leads again."""
    begin_write(db.session)
    row = substitutes.end(db.session, substitute_id, current_account())
    db.session.commit()
    flash(_("The lead leads the group again."), "well")
    return redirect(url_for("admin.show_group", group_id=row.group_id))
