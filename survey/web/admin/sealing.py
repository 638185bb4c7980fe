"""Sealing a closed round: proposed by one person, done by a second with both key halves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response, flash, redirect, render_template, stream_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField
from wtforms.validators import InputRequired, Length, NumberRange

from survey import papers
from survey.core import keys
from survey.core.errors import Refused, SurveyError
from survey.core.wording import N_, Sentence, say
from survey.storage import accounts, acts, rounds, scrub, seal
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.progress import STAGES, Report
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.admin.work import News, Work
from survey.web.fields import StaffForm
from survey.web.installation import settings
from survey.web.paper import reader, send_pdf

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
        being_sealed=key_folder.is_held(settings().keys, round_.id),
        seal_from=rounds.seal_allowed_at(round_),
    ), (422 if problem or (form and form.errors) else 200)


def _waiting(round_: RoundRow) -> Sentence | None:
    if key_folder.is_held(settings().keys, round_.id):
        return say(key_folder.HELD)
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
    """Administrators: the second of two persons, with both holders at the keyboard.

    The seal goes on in a thread when nobody watches it any more.
    """
    round_ = rounds.by_slug(db.session, slug)
    form = SealForm()
    if round_.key_holding == "halves" and not form.validate_on_submit():
        return _page(round_, form)
    try:
        order = _order(round_)
        private = _private_key(round_, form)
        pepper = key_folder.pepper(order.keys, round_.id)
        held = key_folder.hold(order.keys, round_.id)
    except SurveyError as fault:
        db.session.rollback()
        return _page(round_, SealForm(formdata=None), fault.sentence)
    title = round_.title
    db.session.close()
    work = Work(partial(_seal, order, private, pepper, held), "admin.seal_round")
    return watched(slug, title, work)


@dataclass(frozen=True)
class Order:
    """What was confirmed, as a thread without a request must know it. No secret is in it."""

    slug: str
    proposal: str
    account: int
    two_person: bool
    keys: Path


def _order(round_: RoundRow) -> Order:
    """Return what the second person confirms; refuse at once what can be refused at once."""
    proposed = proposal.of(round_, ACT)
    if proposed is None:
        raise Refused(_UNPROPOSED)
    proposal.require_seen(round_, ACT)
    if not proposed.may_confirm:
        raise Refused(N_("This needs a second person. Ask a colleague to sign in and confirm."))
    seal.require_sealable(db.session, round_)
    return Order(
        slug=round_.slug,
        proposal=proposed.stamp,
        account=current_account().id,
        two_person=proposal.two_person(round_),
        keys=settings().keys,
    )


_UNPROPOSED = N_("Nobody has proposed to seal. Propose it first.")


def _seal(order: Order, private: bytes, pepper: bytes, held: BinaryIO, report: Report) -> None:
    """Seal and scrub, in the thread; the file *held* keeps everybody else from it."""
    with held:
        round_ = rounds.by_slug(db.session, order.slug)
        proposed = acts.find(db.session, round_, ACT)
        if proposed is None:
            raise Refused(_UNPROPOSED)
        account = accounts.by_id(db.session, order.account)
        persons = (accounts.by_id(db.session, proposed.proposed_by), account)
        accepted = proposed.detail["accepted"]
        seal.seal(db.session, round_, private, pepper, persons, accepted, report=report)
        confirmed = acts.confirm(db.session, round_, ACT, account, two_person=order.two_person)
        if proposal.stamp(confirmed) != order.proposal:
            raise Refused(proposal.CHANGED)
        db.session.commit()
        scrub.scrub(db.session, round_, order.keys, report=report)


def watched(slug: str, title: str, work: Work) -> Response:
    """Return a page that is written while the work goes on."""
    page = stream_template(
        "admin/seal_progress.html",
        slug=slug,
        title=title,
        stages=_stages(work),
        end=partial(_end, slug, work),
    )
    response = Response(page, mimetype="text/html")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _stages(work: Work) -> Iterator[tuple[Sentence, Iterator[News]]]:
    """Yield each stage with its news as they come; nothing is read from the database meanwhile."""
    db.session.close()
    yield from work.told(STAGES)


def _end(slug: str, work: Work) -> dict[str, Any]:
    """Return how it ended: the state of the round now, and what went wrong, if anything."""
    return {"state": rounds.by_slug(db.session, slug).state, "fault": work.fault}


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
