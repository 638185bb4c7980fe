"""The decision: the lead signs, another member countersigns, and it is locked."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.errors import Invalid, Refused
from survey.core.release import to_dict
from survey.storage import ratings, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RatingRow
from survey.web.access import reviewers
from survey.web.installation import settings
from survey.web.review import village as pages
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import Place, find_village


@blueprint.post("/<slug>/<code>/signature")
@reviewers
def sign(slug: str, code: str) -> ResponseReturnValue:
    """The lead of the village's group, who signs the group's decision."""
    decision, reason = request.form.get("decision", ""), request.form.get("reason", "")
    pages.released_village(find_village(slug, code))  # counted before anybody has to wait for it
    begin_write(db.session)
    place = find_village(slug, code)
    try:
        row = _sign(place, decision, reason)
    except (Invalid, Refused) as error:
        db.session.rollback()
        form = {"decision": decision, "reason": reason}
        return pages.show(
            find_village(slug, code), decision_form=form, problem=error.sentence, where="decision"
        ), 400
    db.session.commit()
    flash(
        _("Signed and locked.")
        if ratings.is_locked(row)
        else _("Signed. Another member of the group now countersigns."),
        "well",
    )
    return _back(place)


def _sign(place: Place, decision: str, reason: str) -> RatingRow:
    if not place.scored:
        raise Refused(pages.SCORES_HIDDEN)
    shown = pages.released_village(place)
    return ratings.sign(
        db.session,
        place.round_,
        place.village,
        place.reader,
        suggestion=shown.suggestion.rating,
        evidence=to_dict({shown.code: shown}, rounds.policy_of(place.round_)),
        decision=decision,
        reason=reason,
        seen=request.form.get("seen", -1, type=int),
        two_person=settings().two_person,
    )


@blueprint.post("/<slug>/<code>/countersignature")
@reviewers
def countersign(slug: str, code: str) -> ResponseReturnValue:
    """Another member of the same group, who locks the rating."""
    begin_write(db.session)
    place = find_village(slug, code)
    version = request.form.get("version", type=int) or 0
    try:
        ratings.countersign(db.session, place.round_, place.village, place.reader, version)
    except Refused as error:
        db.session.rollback()
        return pages.show(find_village(slug, code), problem=error.sentence, where="decision"), 400
    db.session.commit()
    flash(_("Countersigned. The rating is locked."), "well")
    return _back(place)


def _back(place: Place) -> ResponseReturnValue:
    return redirect(url_for("review.village", slug=place.round_.slug, code=place.village.code), 303)
