"""What the “I can't read” mode fetches when it is tapped: its words, and the recordings.

A recording is public and the same for everybody: no session, no cookie, nothing of who asks. A
phone may keep it for a day, as long as it keeps choices; its address is the digest of its sound.
"""

from __future__ import annotations

from datetime import datetime

from flask import Response, jsonify, request, url_for
from flask_babel import gettext

from survey.core.errors import Missing
from survey.core.recording import KINDS
from survey.core.wording import N_
from survey.storage import deadlines, recordings, rounds
from survey.storage.db import db
from survey.storage.tables import RoundAudienceRow, RoundRow
from survey.web import reading
from survey.web.collect.room import blueprint
from survey.web.i18n import language

KEPT_SECONDS = 24 * 3600


@blueprint.get("/s/<int:round_id>/<audience>/<access>")
@blueprint.get("/s/<int:round_id>/<audience>/<access>/<int:village_id>")
def sounds(round_id: int, audience: str, access: str, village_id: int | None = None) -> Response:
    """A villager's phone gets this when “Read it to me” is tapped; a village where it is later."""
    round_ = db.session.get(RoundRow, round_id)
    if round_ is None or round_.state not in {"open", "closed"}:
        raise Missing(N_("There is nothing to read aloud."))
    asked = rounds.audience_of(round_, audience)
    if access not in reading.accesses(asked):
        raise Missing(N_("There is nothing to read aloud."))
    closes_at = deadlines.of_village(db.session, round_, village_id) if village_id else None
    return jsonify(words=_words(), sounds=_sounds(asked, round_, access, closes_at))


def _words() -> dict[str, str]:
    return {
        "back": gettext("Back"),
        "next": gettext("Next"),
        "again": gettext("Once more"),
        "leave": gettext("Show everything"),
        "send": reading.how_to_send(),
        "silent": gettext(
            "It cannot be read aloud on this phone just now. Somebody you trust can read it to"
            " you, or come to the help day."
        ),
        "tap": gettext("Please tap “Once more” to hear it."),
    }


def _sounds(
    asked: RoundAudienceRow, round_: RoundRow, access: str, closes_at: datetime | None
) -> dict[str, tuple[str, str]]:
    """Return address and media type of the recordings that there are, by item."""
    texts = reading.of_form(asked, round_, access, language(), closes_at)
    kept = recordings.of_words(db.session, [text.words for text in texts])
    return {
        text.item: (url_for("collect.sound", name=row.name), KINDS[row.kind])
        for text in texts
        if (row := kept.get(text.words))
    }


@blueprint.get("/s/<name>")
def sound(name: str) -> Response:
    """A villager's phone plays this; iPhones ask for it in ranges."""
    row = recordings.by_name(db.session, name)
    if row is None:
        raise Missing(N_("There is nothing to read aloud."))
    response = Response(row.content, mimetype=KINDS[row.kind])
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
    response.make_conditional(request, accept_ranges=True, complete_length=row.size)
    return response
