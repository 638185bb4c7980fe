"""Who of the acceptance groups stands back from which village of a round, and why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence
from survey.storage import accounts, groups, recusals, rounds
from survey.storage.db import begin_write, db
from survey.storage.recusals import Recusal
from survey.storage.tables import AccountRow, RoundRow, RoundVillageRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm, options


class RecusalForm(StaffForm):
    """Who is to stand back, from which village, and why."""

    person = SelectField(_l("Person"), coerce=int)
    village = SelectField(_l("Village"))
    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Please fill this in.")), Length(max=recusals.LONGEST_REASON)],
    )


@dataclass(frozen=True)
class Line:
    """One person who stands back from one village."""

    village: RoundVillageRow
    person: AccountRow
    recusal: Recusal


@blueprint.get("/rounds/<slug>/recusals", endpoint="recusals")
@administrators
def show_recusals(slug: str) -> ResponseReturnValue:
    """Administrators: who stands back, of itself by the register or by hand."""
    round_ = rounds.by_slug(db.session, slug)
    return _page(round_, _form(round_))


def _form(round_: RoundRow) -> RecusalForm:
    form = RecusalForm()
    villages = rounds.villages(db.session, round_)
    people = {row.id: row for row in _seated(round_, villages)}
    form.person.choices = options(
        *((str(row.id), f"{row.name} · {row.username}") for row in people.values())
    )
    form.village.choices = options(
        *((row.code, f"{row.township} {row.name}") for row in villages if row.group_id)
    )
    return form


def _seated(round_: RoundRow, villages: list[RoundVillageRow]) -> list[AccountRow]:
    tables = groups.tables(db.session, round_, {row.group_id for row in villages})
    return sorted(
        (member for table in tables.values() for member in table.members),
        key=lambda member: (member.group_id or 0, member.name),
    )


def _lines(round_: RoundRow) -> list[Line]:
    villages = rounds.villages(db.session, round_)
    tables = groups.tables(db.session, round_, {row.group_id for row in villages})
    seated = {row.village_id: tables[row.group_id].members for row in villages}
    found = recusals.of_seats(db.session, round_, seated)
    return [
        Line(village, member, found[village.village_id][member.id])
        for village in villages
        for member in seated[village.village_id]
        if member.id in found.get(village.village_id, {})
    ]


def _page(
    round_: RoundRow, form: RecusalForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    page = render_template(
        "admin/recusals.html", round=round_, form=form, problem=problem, lines=_lines(round_)
    )
    return page, (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/recusals")
@administrators
def recuse(slug: str) -> ResponseReturnValue:
    """Administrators: somebody stands back from a village of their group."""
    round_ = rounds.by_slug(db.session, slug)
    form = _form(round_)
    if not form.validate_on_submit():
        return _page(round_, form)
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    try:
        person = accounts.by_id(db.session, form.person.data)
        village = _village(round_, form.village.data)
        recusals.enter(db.session, round_, village, person, form.reason.data, current_account())
    except (Invalid, Missing, Refused) as fault:
        db.session.rollback()
        return _page(rounds.by_slug(db.session, slug), form, fault.sentence)
    db.session.commit()
    flash(_("%(name)s stands back from this village.", name=person.name), "well")
    return redirect(url_for("admin.recusals", slug=slug))


def _village(round_: RoundRow, code: str) -> RoundVillageRow:
    found = [row for row in rounds.villages(db.session, round_) if row.code == code]
    if not found:
        raise Missing(N_("There is no such village in this round."))
    return found[0]


@blueprint.post("/rounds/<slug>/recusals/<int:account_id>/<village_code>/withdraw")
@administrators
def withdraw_recusal(slug: str, account_id: int, village_code: str) -> ResponseReturnValue:
    """Administrators: take back what was entered by hand."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    person = accounts.by_id(db.session, account_id)
    village = _village(round_, village_code)
    recusals.withdraw(db.session, round_, village, person, current_account())
    db.session.commit()
    flash(_("%(name)s no longer stands back from this village.", name=person.name), "well")
    return redirect(url_for("admin.recusals", slug=slug))
