"""Opening a round: by two holders of a key half each, or with a key that the server holds.

A half is on the page of its holder once and in the form that they type it back into; it is never
stored. The page carries a keyed proof of it, so that what was typed can be compared.
"""

from __future__ import annotations

from hmac import compare_digest

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from survey import papers
from survey.core import keys
from survey.core.errors import Invalid, Missing
from survey.core.wording import N_, Sentence
from survey.storage import acts, rounds
from survey.storage import opening as opening_acts
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm
from survey.web.installation import about, key_cost, settings
from survey.web.paper import reader, send_pdf

ACT = "round.open"


class HalfForm(StaffForm):
    """A key half typed back by its holder."""

    half = StringField(
        _l("Type your half back from the paper"),
        [InputRequired(_l("Please type the half.")), Length(max=100)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    proof = HiddenField(validators=[InputRequired()])


@blueprint.get("/rounds/<slug>/open")
@administrators
def opening(slug: str) -> ResponseReturnValue:
    """Administrators: what opening means, and the next step of it."""
    round_ = rounds.by_slug(db.session, slug)
    return render_template(
        "admin/open.html",
        round=round_,
        obstacles=opening_acts.obstacles(db.session, round_, about().base_address),
        proposal=proposal.of(round_, ACT),
        village_count=len(rounds.villages(db.session, round_)),
        two_person=settings().two_person,
    )


@blueprint.post("/rounds/<slug>/open/propose")
@administrators
def propose_opening(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons, where the server holds the key."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    opening_acts.require_holding(round_, "server")
    acts.propose(db.session, round_, ACT, current_account())
    db.session.commit()
    return redirect(url_for("admin.opening", slug=slug))


@blueprint.post("/rounds/<slug>/open")
@administrators
def open_round(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons, where the server holds the key."""
    begin_write(db.session)
    opening_acts.with_server_key(
        db.session,
        rounds.by_slug(db.session, slug),
        current_account(),
        about().base_address,
        settings().keys,
        two_person=settings().two_person,
    )
    db.session.commit()
    return _opened(slug)


def _opened(slug: str) -> ResponseReturnValue:
    flash(_("The round is open. Print the posters and tickets now."), "well")
    return redirect(url_for("admin.show_round", slug=slug))


@blueprint.post("/rounds/<slug>/open/half/<int:holder>")
@administrators
def show_half(slug: str, holder: int) -> ResponseReturnValue:
    """Administrators: a new half, on this page and nowhere else."""
    round_ = _round(slug, holder)
    half = keys.make_half(holder)
    form = HalfForm(formdata=None, proof=_proof(round_, half))
    return _half_page(round_, holder, form, half=half)


def _round(slug: str, holder: int) -> RoundRow:
    round_ = rounds.by_slug(db.session, slug)
    if holder not in keys.HOLDERS or round_.key_holding != "halves":
        raise Missing(N_("There is no such key half."))
    return round_


def _proof(round_: RoundRow, half: str) -> str:
    purpose = f"{round_.slug} {current_account().username}"
    return keys.proof_of_half(str(current_app.secret_key), half, purpose)


def _half_page(
    round_: RoundRow,
    holder: int,
    form: HalfForm,
    half: str | None = None,
    problem: Sentence | None = None,
) -> ResponseReturnValue:
    return render_template(
        "admin/half.html", round=round_, holder=holder, form=form, half=half, problem=problem
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/open/half/<int:holder>/sheet")
@administrators
def print_half(slug: str, holder: int) -> Response:
    """Administrators: the sheet for the envelope, from the half on the page it is asked from."""
    round_ = _round(slug, holder)
    half = _checked(round_, request.form.get("half", ""), request.form.get("proof", ""))
    return send_pdf(papers.print_envelope(round_, half, holder, reader()), f"half-{holder}")


def _checked(round_: RoundRow, typed: str, proof: str) -> str:
    half = keys.read_half(typed)
    if not compare_digest(_proof(round_, half), proof):
        raise Invalid(N_("This is not the half that you were shown. Compare it with your paper."))
    return half


@blueprint.post("/rounds/<slug>/open/half/<int:holder>/typed")
@administrators
def type_half(slug: str, holder: int) -> ResponseReturnValue:
    """Administrators: holder 1 proposes, holder 2 opens, each with the half typed back."""
    round_ = _round(slug, holder)
    form = HalfForm()
    if not form.validate_on_submit():
        return _half_page(round_, holder, form)
    try:
        half = _checked(round_, form.half.data, form.proof.data)
    except Invalid as fault:
        return _half_page(round_, holder, form, problem=fault.sentence)
    begin_write(db.session)
    if holder == 1:
        _begin(round_, half)
        db.session.commit()
        flash(_("Your half is taken. Now a second person opens the round with the other."), "well")
        return redirect(url_for("admin.opening", slug=slug))
    _finish(round_, half)
    db.session.commit()
    return _opened(slug)


def _begin(round_: RoundRow, half: str) -> None:
    opening_acts.begin(
        db.session,
        round_,
        current_account(),
        half,
        about().base_address,
        key_cost(),
    )


def _finish(round_: RoundRow, half: str) -> None:
    opening_acts.finish(
        db.session,
        round_,
        current_account(),
        half,
        about().base_address,
        settings().keys,
        two_person=settings().two_person,
    )
