"""One village's meeting is later: a deadline of its own, by two persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectField
from wtforms.validators import InputRequired

from survey.core.errors import Invalid, Refused
from survey.core.round import spoken
from survey.core.wording import Sentence
from survey.storage import acts, deadlines, rounds
from survey.storage import postponing as store
from survey.storage.db import begin_write, db
from survey.storage.extending import proposed_time
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.admin.proposal import Proposal
from survey.web.fields import StaffForm, options


class PostponeForm(StaffForm):
    """Which village, and until when it may answer, in the office's time."""

    village = SelectField(_l("Village"))
    until = DateTimeLocalField(
        _l("Answers until"), [InputRequired(_l("Please choose a date and a time."))]
    )


@dataclass(frozen=True)
class Waiting:
    """A village for which somebody proposed a later time."""

    village: RoundVillageRow
    until: datetime
    proposal: Proposal


@blueprint.get("/rounds/<slug>/postpone")
@administrators
def postponing(slug: str) -> ResponseReturnValue:
    """Administrators: give one village a later time."""
    round_ = rounds.by_slug(db.session, slug)
    until = spoken(round_.closes_at, round_.timezone).replace(second=0)
    return _page(round_, _form(round_, until=until))


def _form(round_: RoundRow, **filled: datetime) -> PostponeForm:
    form = PostponeForm(**filled)
    form.village.choices = options(
        *(
            (str(row.village_id), f"{row.township} · {row.name}")
            for row in rounds.villages(db.session, round_)
        )
    )
    return form


def _page(
    round_: RoundRow, form: PostponeForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    villages = rounds.villages(db.session, round_)
    later = deadlines.postponed(db.session, round_)
    return render_template(
        "admin/postpone.html",
        round=round_,
        form=form,
        problem=problem,
        waiting=_waiting(round_, villages),
        later=[(row, later[row.village_id]) for row in villages if row.village_id in later],
    ), (422 if problem or form.errors else 200)


def _waiting(round_: RoundRow, villages: list[RoundVillageRow]) -> list[Waiting]:
    by_code = {row.code: row for row in villages}
    found = []
    for row in acts.pending(db.session, round_):
        proposed = proposal.of(round_, store.ACT, row.subject) if row.act == store.ACT else None
        if proposed is not None:
            found.append(Waiting(by_code[row.subject], proposed_time(row), proposed))
    return found


@blueprint.post("/rounds/<slug>/postpone/propose")
@administrators
def propose_postponing(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = _form(round_)
    if not form.validate_on_submit():
        return _page(round_, form)
    village = rounds.village(db.session, round_, int(form.village.data))
    until = form.until.data.replace(tzinfo=ZoneInfo(round_.timezone))
    try:
        store.propose(db.session, round_, village, current_account(), until)
    except (Invalid, Refused) as fault:
        return _page(round_, form, fault.sentence)
    db.session.commit()
    return redirect(url_for("admin.postponing", slug=slug))


@blueprint.post("/rounds/<slug>/postpone/<int:village_id>")
@administrators
def postpone_village(slug: str, village_id: int) -> ResponseReturnValue:
    """Administrators: the second of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    village = rounds.village(db.session, round_, village_id)
    proposal.require_seen(round_, store.ACT, village.code)
    two_person = proposal.two_person(round_)
    store.postpone(db.session, round_, village, current_account(), two_person=two_person)
    name = village.name
    db.session.commit()
    flash(
        _(
            "%(village)s has more time now. Print its poster again: the one that hangs names the "
            "old time.",
            village=name,
        ),
        "well",
    )
    return redirect(url_for("admin.postponing", slug=slug))
