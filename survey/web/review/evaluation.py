"""A member's own evaluation, standing back, and the group's consensus."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import evaluation as marks
from survey.core.errors import Invalid, Refused
from survey.core.round import spoken
from survey.storage import evaluations, recusals
from survey.storage.db import begin_write, db, now
from survey.storage.evaluations import Overtaken, Window
from survey.web.access import reviewers
from survey.web.i18n import sentence
from survey.web.review import village as pages
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import Place, find_village


@blueprint.post("/<slug>/<code>/evaluation")
@reviewers
def evaluate(slug: str, code: str) -> ResponseReturnValue:
    """The member whose evaluation it is: keep it as a draft, or hand it in."""
    begin_write(db.session)
    place = find_village(slug, code)
    written, faults = marks.read(request.form, pages.scale(place))
    handing_in = request.form.get("act") == "hand_in"
    if handing_in:
        faults = marks.lacks(written, pages.scale(place)) | faults
    if faults:
        return pages.show(place, form=dict(request.form), faults=faults, where="evaluation"), 400
    act = evaluations.hand_in if handing_in else evaluations.draft
    try:
        act(db.session, place.round_, place.village, place.reader, written, _window())
    except Overtaken as error:
        db.session.rollback()
        return _overtaken(find_village(slug, code), error), 409
    db.session.commit()
    flash(_("Handed in. Thank you.") if handing_in else _("Draft saved."), "well")
    return _back(place)


def _overtaken(place: Place, error: Overtaken) -> Response:
    """Show what was typed beside what is saved; pressing again takes what was typed."""
    return pages.show(
        place,
        form=dict(request.form),
        problem=error.sentence,
        where="evaluation",
        overtaken=True,
    )


def _window() -> Window:
    return Window(request.form.get("window", "")[:40], request.form.get("seen", -1, type=int))


@blueprint.post("/<slug>/<code>/draft")
@reviewers
def save_draft(slug: str, code: str) -> ResponseReturnValue:
    """The script on the member's page, which saves while they type; answers in JSON.

    What cannot be read yet is left out and counted: half of a number was typed so far.
    """
    begin_write(db.session)
    place = find_village(slug, code)
    written, faults = marks.read(request.form, pages.scale(place))
    try:
        row = evaluations.draft(
            db.session, place.round_, place.village, place.reader, written, _window()
        )
    except Refused as error:
        db.session.rollback()
        return {"said": sentence(error.sentence)}, 409
    seen, at = row.revision, spoken(now(db.session), place.round_.timezone)
    db.session.commit()
    time = at.strftime("%H:%M")
    said = (
        _("Saved %(time)s, without what cannot be read yet.", time=time)
        if faults
        else _("Saved %(time)s.", time=time)
    )
    return {"said": said, "seen": seen, "whole": not faults}


@blueprint.post("/<slug>/<code>/recusal")
@reviewers
def recuse(slug: str, code: str) -> ResponseReturnValue:
    """The member who stands back from the village, which is not there for them from now on."""
    begin_write(db.session)
    place = find_village(slug, code)
    try:
        recusals.enter(
            db.session,
            place.round_,
            place.village,
            place.reader,
            request.form.get("reason", ""),
            place.reader,
        )
    except (Invalid, Refused) as error:
        db.session.rollback()
        return pages.show(find_village(slug, code), problem=error.sentence, where="recusal"), 400
    db.session.commit()
    flash(
        _(
            "You stand back from %(village)s and see nothing more of it. Was it a mistake? An "
            "administrator takes it back.",
            village=place.village.name,
        ),
        "well",
    )
    return redirect(url_for("review.round_desk", slug=slug), 303)


@blueprint.post("/<slug>/<code>/consensus")
@reviewers
def agree(slug: str, code: str) -> ResponseReturnValue:
    """The lead, who enters what the group agreed on."""
    begin_write(db.session)
    place = find_village(slug, code)
    agreed, faults = marks.read_consensus(request.form, pages.scale(place))
    form = dict(request.form)
    if faults:
        return pages.show(place, consensus_form=form, faults=faults, where="consensus"), 400
    try:
        evaluations.agree(
            db.session,
            place.round_,
            place.village,
            place.reader,
            agreed,
            request.form.get("reason", ""),
            request.form.get("seen", -1, type=int),
        )
    except (Invalid, Refused) as error:
        db.session.rollback()
        place = find_village(slug, code)
        return pages.show(
            place, consensus_form=form, problem=error.sentence, where="consensus"
        ), 400
    db.session.commit()
    flash(_("The consensus is entered."), "well")
    return _back(place)


def _back(place: Place) -> ResponseReturnValue:
    return redirect(url_for("review.village", slug=place.round_.slug, code=place.village.code), 303)
