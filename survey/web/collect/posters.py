"""Behind a poster: anybody may answer; a signed nonce makes each form one ballot."""

from __future__ import annotations

from flask import Response, request

from survey.core import box
from survey.core.errors import Invalid
from survey.storage import deadlines, posters
from survey.storage.db import db
from survey.storage.tables import PosterRow, RoundRow
from survey.web.collect import door, pages
from survey.web.collect.pages import Sheet
from survey.web.collect.room import blueprint, looking_again


@blueprint.get("/v/<code>")
@blueprint.get("/V/<code>")
@looking_again
def poster(code: str) -> Response:
    """A villager who has scanned a poster sees this."""
    found = posters.by_code(db.session, code)
    if found is None:
        return pages.message("unknown", status=404)
    round_ = db.session.get_one(RoundRow, found.round_id)
    deadline = deadlines.of_village(db.session, round_, found.village_id)
    refusal = door.not_now(round_, deadline)
    if refusal:
        return refusal
    if found.withdrawn:
        return pages.message("replaced", round_, 410)
    if request.cookies.get(pages.ANSWERED) == round_.slug and "another" not in request.args:
        return pages.message("answered", round_)
    nonce = box.make_nonce(door.pepper(round_), found.village_id, found.audience)
    return pages.form(_sheet(round_, found, nonce))


@blueprint.post("/v/<code>")
@blueprint.post("/V/<code>")
@looking_again
def send_poster(code: str) -> Response:
    """A villager who has filled in the form behind a poster sees this."""
    found = posters.by_code(db.session, code)
    if found is None:
        return pages.message("unknown", status=404)
    round_ = db.session.get_one(RoundRow, found.round_id)
    if round_.state not in ("open", "closed"):
        deadline = deadlines.of_village(db.session, round_, found.village_id)
        return pages.message("closed", round_, deadline=deadline)
    if found.withdrawn:
        return pages.message("replaced", round_, 410)
    nonce = request.form.get("nonce", "")
    try:
        village_id, audience, mac = box.read_nonce(door.pepper(round_), nonce)
    except Invalid:
        return pages.message("stale", round_, 400)
    if (village_id, audience) != (found.village_id, found.audience):
        return pages.message("stale", round_, 400)
    return door.take(_sheet(round_, found, nonce), mac, nonce)


def _sheet(round_: RoundRow, found: PosterRow, nonce: str) -> Sheet:
    return door.sheet(round_, found.village_id, found.audience, "poster", {"nonce": nonce})
