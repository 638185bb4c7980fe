"""One village of the register: edited, retired, brought back; hamlets merged and split."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from survey.core import hamlets
from survey.core.errors import Invalid, SurveyError
from survey.core.register import FIELDS, LABELS, Entry, from_list, read_field, to_list
from survey.core.wording import N_, Sentence
from survey.storage import registers
from survey.storage.db import begin_write, db
from survey.storage.tables import VillageRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm, options
from survey.web.i18n import sentence

_LENGTH = Length(max=300)


class VillageForm(StaffForm):
    """What the register says of one village; *seen* is what it said when the page was opened."""

    seen = HiddenField(validators=[Length(max=10_000)])
    code = StringField(_l("Village code"), [_LENGTH], render_kw={"inputmode": "numeric"})
    township = StringField(_l("Township"), [_LENGTH])
    name = StringField(_l("Village name"), [_LENGTH])
    households = StringField(_l("Households"), [_LENGTH], render_kw={"inputmode": "numeric"})
    eligible = StringField(_l("Eligible villagers"), [_LENGTH], render_kw={"inputmode": "numeric"})
    party_members = StringField(_l("Party members"), [_LENGTH], render_kw={"inputmode": "numeric"})
    cause = StringField(_l("Cause of the problem"), [_LENGTH])
    city_leader = StringField(_l("City leader"), [_LENGTH])
    paired_unit = StringField(_l("Paired unit"), [_LENGTH])
    first_secretary = StringField(_l("First secretary"), [_LENGTH])
    acceptance_group = SelectField(_l("Acceptance group"))


def _form(kept: Entry, *, empty: bool = False) -> VillageForm:
    values = {name: "" if value is None else str(value) for name, value in asdict(kept).items()}
    made = VillageForm(formdata=None, **values) if empty else VillageForm()
    names = [row.name for row in registers.groups(db.session)]
    made.acceptance_group.choices = options(("", _("none")), *((name, name) for name in names))
    return made


def _read(form: VillageForm, seen: Entry, fields: tuple[str, ...]) -> Entry | None:
    """Return what *form* says of *fields*, the rest as *seen*; None with a fault at a field."""
    said: dict[str, Any] = asdict(seen)
    for name in fields:
        try:
            said[name] = read_field(name, form[name].data)
        except Invalid as fault:
            form[name].errors = [sentence(fault.sentence)]
    return None if form.errors else Entry(**said)


def _seen(form: VillageForm) -> Entry:
    """Return what the page had shown; raises `Invalid` where that cannot be read."""
    try:
        return from_list(json.loads(form.seen.data))
    except (TypeError, ValueError) as error:
        raise Invalid(_UNREADABLE) from error


_UNREADABLE = N_("This form cannot be read. Please open the page again.")


@blueprint.get("/register/<int:village_id>")
@administrators
def village(village_id: int) -> ResponseReturnValue:
    """Administrators: one line of the register, and what can be done with it."""
    return _show(village_id, own=False)


@blueprint.get("/register/<int:village_id>/own")
@administrators
def hamlet(village_id: int) -> ResponseReturnValue:
    """Administrators: what the hamlet that gives a unit its code says of itself."""
    return _show(village_id, own=True)


@blueprint.post("/register/<int:village_id>")
@administrators
def edit_village(village_id: int) -> ResponseReturnValue:
    """Administrators: change one line of the register."""
    return _edit(village_id, own=False)


@blueprint.post("/register/<int:village_id>/own")
@administrators
def edit_hamlet(village_id: int) -> ResponseReturnValue:
    """Administrators: change what the hamlet that gives a unit its code says of itself."""
    return _edit(village_id, own=True)


def _is_whole(village_id: int, own: bool) -> bool:
    """Say whether the page is about a unit of hamlets."""
    return registers.is_unit(db.session, village_id) and not own


def _kept(village_id: int, own: bool) -> Entry:
    whole = _is_whole(village_id, own)
    return (registers.line if whole else registers.own)(db.session, village_id)


def _show(
    village_id: int,
    *,
    own: bool,
    form: VillageForm | None = None,
    problem: Sentence | None = None,
    meanwhile: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:
    kept = _kept(village_id, own)
    unit = registers.unit_of(db.session, village_id)
    whole = _is_whole(village_id, own)
    form = form or _form(kept, empty=True)
    return render_template(
        "admin/village.html",
        row=registers.village(db.session, village_id),
        kept=kept,
        form=form,
        seen=json.dumps(to_list(kept), ensure_ascii=False),
        fields=registers.OF_UNIT if whole else FIELDS,
        labels=LABELS,
        problem=problem,
        meanwhile=meanwhile or {},
        unit=unit,
        whole=whole,
        own=own,
        parts=registers.parts(db.session, village_id) if whole else [],
        too_small=hamlets.is_too_small(kept.eligible, kept.party_members),
        split_obstacle=registers.split_obstacle(db.session, village_id) if whole else None,
        places=registers.live_places(db.session, village_id),
    ), (422 if problem or form.errors else 200)


def _edit(village_id: int, *, own: bool) -> ResponseReturnValue:
    begin_write(db.session)
    kept = _kept(village_id, own)
    form = _form(kept)
    if not form.validate_on_submit():
        return _show(village_id, own=own, form=form)
    whole = _is_whole(village_id, own)
    try:
        seen = _seen(form)
        new = _read(form, seen, registers.OF_UNIT if whole else FIELDS)
        if new is None:
            return _show(village_id, own=own, form=form)
        write = registers.edit_unit if whole else registers.edit
        write(db.session, village_id, seen, new, current_account())
    except SurveyError as fault:
        db.session.rollback()
        meanwhile = _meanwhile(form, _kept(village_id, own))
        return _show(village_id, own=own, form=form, problem=fault.sentence, meanwhile=meanwhile)
    db.session.commit()
    flash(_("Saved."), "well")
    endpoint = "admin.hamlet" if own else "admin.village"
    return redirect(url_for(endpoint, village_id=village_id))


def _meanwhile(form: VillageForm, kept: Entry) -> dict[str, Any]:
    """Return what is kept now of each field that somebody else changed since *form* was opened."""
    seen, now = asdict(_seen(form)), asdict(kept)
    return {name: now[name] for name in FIELDS if seen[name] != now[name]}


@blueprint.post("/register/<int:village_id>/retire")
@administrators
def retire_village(village_id: int) -> ResponseReturnValue:
    """Administrators: assess a village no longer."""
    begin_write(db.session)
    row = registers.retire(db.session, village_id, current_account())
    return _done(row, _("Retired: no new round takes it. Its past stays."))


@blueprint.post("/register/<int:village_id>/bring-back")
@administrators
def bring_village_back(village_id: int) -> ResponseReturnValue:
    """Administrators: assess a retired village again."""
    begin_write(db.session)
    row = registers.bring_back(db.session, village_id, current_account())
    return _done(row, _("Brought back: rounds that are made from now on can take it."))


@blueprint.post("/register/<int:village_id>/split")
@administrators
def split_village(village_id: int) -> ResponseReturnValue:
    """Administrators: let merged hamlets stand alone again."""
    begin_write(db.session)
    row = registers.village(db.session, village_id)
    registers.split(db.session, row, current_account())
    return _done(row, _("Split: each of them stands alone again."))


def _done(row: VillageRow, words: str) -> ResponseReturnValue:
    village_id = row.id
    db.session.commit()
    flash(words, "well")
    return redirect(url_for("admin.village", village_id=village_id))


class MergeForm(StaffForm):
    """Which villages of a township become one, and what it is called."""

    ticked = SelectMultipleField(_l("Villages to merge"), coerce=int, validate_choice=False)
    name = StringField(
        _l("Name of the merged village"),
        [InputRequired(_l("Please type a name.")), Length(max=60)],
    )


@blueprint.get("/register/merge")
@administrators
def choose_hamlets() -> ResponseReturnValue:
    """Administrators: the villages of one township, to merge those that are too small."""
    return _merging(MergeForm(formdata=None), None)


@blueprint.post("/register/merge")
@administrators
def merge_hamlets() -> ResponseReturnValue:
    """Administrators: make one assessed village of several hamlets."""
    form = MergeForm()
    if not form.validate_on_submit():
        return _merging(form, None)
    begin_write(db.session)
    try:
        name = read_field("name", form.name.data)
        unit = registers.merge(db.session, form.ticked.data, name, current_account())
    except SurveyError as fault:
        db.session.rollback()
        return _merging(form, fault.sentence)
    return _done(unit, _("Merged. Posters and slips carry the new name from the next round on."))


def _merging(form: MergeForm, problem: Sentence | None) -> ResponseReturnValue:
    township = request.args.get("township", "").strip()
    villages = sorted(registers.of_township(db.session, township), key=_is_large)
    return render_template(
        "admin/merge.html",
        form=form,
        problem=problem,
        township=township,
        villages=villages,
        is_large=_is_large,
        least=hamlets.LEAST,
    ), (422 if problem or form.errors else 200)


def _is_large(row: VillageRow) -> bool:
    return not hamlets.is_too_small(row.eligible, row.party_members)
