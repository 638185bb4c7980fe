"""After the office's period: which rounds are due, keeping one longer, deleting one by two."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Invalid
from survey.core.wording import Sentence
from survey.storage import removing, rounds
from survey.storage import retention as store
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.admin.rehearsals import cleared
from survey.web.fields import StaffForm
from survey.web.installation import settings


class KeepForm(StaffForm):
    """Until when a round is kept, and why."""

    until = DateField(_l("Keep it until"), [InputRequired(_l("Please choose a date."))])
    reason = StringField(
        _l("Why it is kept longer; the audit log keeps it"),
        [InputRequired(_l("Please fill this in.")), Length(max=200)],
    )


@blueprint.get("/retention")
@administrators
def retention() -> ResponseReturnValue:
    """Administrators: the finished rounds, when each is due, and what is left of deleted ones."""
    return render_template(
        "admin/retention.html",
        kept=store.listing(db.session, settings().keep_months),
        removed=removing.listing(db.session),
        months=settings().keep_months,
    )


@blueprint.get("/rounds/<slug>/keeping")
@administrators
def keeping(slug: str) -> ResponseReturnValue:
    """Administrators: keep a finished round longer, or delete it when its period is over."""
    return _page(rounds.by_slug(db.session, slug), KeepForm())


def _page(round_: RoundRow, form: KeepForm, problem: Sentence | None = None) -> ResponseReturnValue:
    return render_template(
        "admin/keeping.html",
        round=round_,
        form=form,
        problem=problem,
        kept=store.of_round(db.session, round_, settings().keep_months),
        proposal=proposal.of(round_, store.ACT),
        months=settings().keep_months,
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/keeping")
@administrators
def keep_round(slug: str) -> ResponseReturnValue:
    """Administrators: keep a round longer, with a reason; one person is enough for that."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = KeepForm()
    if not form.validate_on_submit():
        return _page(round_, form)
    until, reason = form.until.data, form.reason.data
    try:
        store.keep(db.session, round_, current_account(), until, reason, settings().keep_months)
    except Invalid as fault:
        return _page(round_, form, fault.sentence)
    db.session.commit()
    flash(_("The round is kept longer."), "well")
    return redirect(url_for("admin.keeping", slug=slug))


@blueprint.post("/rounds/<slug>/remove/propose")
@administrators
def propose_removal(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    store.propose_removal(db.session, round_, current_account(), settings().keep_months)
    db.session.commit()
    return redirect(url_for("admin.keeping", slug=slug))


@blueprint.post("/rounds/<slug>/remove")
@administrators
def remove_round(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    store.remove(
        db.session,
        round_,
        current_account(),
        settings().keys,
        settings().keep_months,
        two_person=settings().two_person,
    )
    db.session.commit()
    return cleared(
        _("The round is deleted. Destroy its printed papers and downloaded files by hand, too.")
    )
