"""Sealing a closed round: proposed by one person, done by a second with both key halves."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField
from wtforms.validators import InputRequired, Length, NumberRange

from survey import papers
from survey.core import keys
from survey.core.errors import Refused, SurveyError
from survey.core.wording import N_, Sentence
from survey.storage import accounts, acts, rounds, scrub, seal
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.admin.paper import reader, send_pdf
from survey.web.fields import StaffForm
from survey.web.installation import settings

ACT = "round.seal"
_HALF = [InputRequired(_l("Please type the half.")), Length(max=100)]
_UNKEPT = {"autocomplete": "off", "spellcheck": "false"}


class ProposeForm(StaffForm):
    """How many bad rows both accept: none, unless a seal was refused because of them."""

    accepted = IntegerField(
        _l("Rows that are not as they were put in, accepted by both"),
        [InputRequired(_l("Please type a number; 0 is usual.")), NumberRange(0, 10**9)],
        default=0,
    )


class SealForm(StaffForm):
    """Both halves, each typed by its holder."""

    first = PasswordField(_l("Half number 1, typed by its holder"), _HALF, render_kw=_UNKEPT)
    second = PasswordField(_l("Half number 2, typed by its holder"), _HALF, render_kw=_UNKEPT)


@blueprint.get("/rounds/<slug>/seal")
@administrators
def sealing(slug: str) -> ResponseReturnValue:
    """Administrators: what sealing does, and its next step."""
    return _page(rounds.by_slug(db.session, slug))


def _page(
    round_: RoundRow, form: SealForm | None = None, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/seal.html",
        round=round_,
        proposal=proposal.of(round_, ACT),
        propose_form=ProposeForm(formdata=None),
        form=form or SealForm(formdata=None),
        problem=problem,
        waiting=_waiting(round_),
        seal_from=rounds.seal_allowed_at(round_),
    ), (422 if problem or (form and form.errors) else 200)


def _waiting(round_: RoundRow) -> Sentence | None:
    try:
        seal.require_sealable(db.session, round_)
    except Refused as refusal:
        return refusal.sentence
    return None


@blueprint.post("/rounds/<slug>/seal/propose")
@administrators
def propose_sealing(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    form = ProposeForm()
    if form.validate_on_submit():
        begin_write(db.session)
        round_ = rounds.by_slug(db.session, slug)
        seal.require_sealable(db.session, round_)
        acts.propose(db.session, round_, ACT, current_account(), accepted=form.accepted.data)
        db.session.commit()
    return redirect(url_for("admin.sealing", slug=slug))


@blueprint.post("/rounds/<slug>/seal")
@administrators
def seal_round(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons, with both holders at the keyboard."""
    round_ = rounds.by_slug(db.session, slug)
    form = SealForm()
    if round_.key_holding == "halves" and not form.validate_on_submit():
        return _page(round_, form)
    try:
        _seal(round_, form)
    except SurveyError as fault:
        db.session.rollback()
        return _page(round_, SealForm(formdata=None), fault.sentence)
    scrub.scrub(db.session, round_, settings().keys)
    flash(_("The round is sealed. Print the sealing sheet and do what it lists."), "well")
    return redirect(url_for("admin.show_round", slug=slug))


def _seal(round_: RoundRow, form: SealForm) -> None:
    proposed = acts.find(db.session, round_, ACT)
    if proposed is None:
        raise Refused(N_("Nobody has proposed to seal. Propose it first."))
    proposal.require_seen(round_, ACT)
    account = current_account()
    persons = (accounts.by_id(db.session, proposed.proposed_by), account)
    accepted = proposed.detail["accepted"]
    private = _private_key(round_, form)
    pepper = key_folder.pepper(settings().keys, round_.id)
    seal.seal(db.session, round_, private, pepper, persons, accepted)
    acts.confirm(db.session, round_, ACT, account, two_person=settings().two_person)
    db.session.commit()


def _private_key(round_: RoundRow, form: SealForm) -> bytes:
    folder = settings().keys
    if round_.key_holding == "server":
        return key_folder.server_key(folder, round_.id)
    halves = (keys.read_half(form.first.data), keys.read_half(form.second.data))
    return keys.unwrap(key_folder.locked(folder, round_.id), halves, round_.public_key or b"")


@blueprint.post("/rounds/<slug>/scrub")
@administrators
def scrub_again(slug: str) -> ResponseReturnValue:
    """Administrators: finish a scrub that was cut short."""
    scrub.scrub(db.session, rounds.by_slug(db.session, slug), settings().keys)
    flash(_("The round is sealed. Print the sealing sheet and do what it lists."), "well")
    return redirect(url_for("admin.show_round", slug=slug))


@blueprint.get("/rounds/<slug>/sealing-sheet.pdf")
@administrators
def sealing_sheet(slug: str) -> Response:
    """Administrators: what was sealed, and what must be destroyed by hand before witnesses."""
    round_ = rounds.by_slug(db.session, slug)
    if round_.state != "sealed":
        raise Refused(N_("The sealing sheet is there as soon as the round is sealed."))
    return send_pdf(papers.print_sealing_sheet(db.session, round_, reader()), f"{slug}-sealing")
