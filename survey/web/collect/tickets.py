"""Behind a slip: one code, one ballot. Only a POST spends it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, current_app, request

from survey.core import box, codes
from survey.core.errors import Invalid
from survey.storage import cancelling, deadlines, intake, rounds
from survey.storage.db import db
from survey.storage.intake import Ticket
from survey.storage.tables import RoundRow
from survey.web.collect import door, marks, pages
from survey.web.collect.guesses import Bucket
from survey.web.collect.room import blueprint, looking_again

RETRY_SECONDS = 60

unknown_codes = Bucket()


@dataclass(frozen=True)
class Slip:
    """A code that was found: its round, what is known of it, and what answering spends."""

    round: RoundRow
    ticket: Ticket
    code: str
    mac: bytes


@blueprint.before_app_request
def report_guesses() -> None:
    """Log how many unknown codes were tried, with whatever request comes next."""
    tried = unknown_codes.report()
    if tried:
        current_app.logger.warning("Unknown codes tried: %d", tried)


@blueprint.get("/t/")
@blueprint.get("/T/")
def type_ticket() -> Response:
    """A villager who is about to type a slip's code sees this."""
    return pages.type_code()


@blueprint.get("/t/<code>")
@blueprint.get("/T/<code>")
@looking_again
def ticket(code: str) -> Response:
    """A villager who has scanned a slip sees this; it spends nothing."""
    return _show(code)


@blueprint.post("/t/")
@blueprint.post("/T/")
@looking_again
def send_ticket() -> Response:
    """A villager who has typed a code, or filled in the form of a slip, sees this."""
    once = request.form.get("once")
    typed = request.form.get("code", "")
    if once is None:
        return _show(typed)
    slip = _find(typed) if box.is_once(once) else None
    if slip is None:
        return _unknown()
    hidden = {"code": slip.code, "once": once} | marks.of_round(door.pepper(slip.round))
    place = (slip.ticket.village_id, slip.ticket.audience)
    return door.take(door.sheet(slip.round, *place, "ticket", hidden), slip.mac, once)


def _show(typed: str) -> Response:
    try:
        slip = _find(typed)
    except Invalid as error:
        return pages.type_code(error.sentence, 400, typed)
    if slip is None:
        return _unknown()
    deadline = deadlines.of_village(db.session, slip.round, slip.ticket.village_id)
    refusal = door.not_now(slip.round, deadline)
    if refusal:
        return refusal
    if slip.ticket.void:
        return pages.message("void", slip.round, 410)
    if slip.ticket.spent:
        return pages.message("used", slip.round, 410)
    hidden = {"code": slip.code, "once": box.make_once()}
    hidden |= marks.of_round(door.pepper(slip.round))
    place = (slip.ticket.village_id, slip.ticket.audience)
    return pages.form(door.sheet(slip.round, *place, "ticket", hidden))


def _find(typed: str) -> Slip | None:
    code = codes.read_ticket_code(typed)
    for round_ in rounds.live(db.session):
        mac = box.ticket_mac(door.pepper(round_), code)
        found = intake.ticket(db.session, round_.id, mac)
        if found:
            return Slip(round_, found, code, mac)
    return None


def _unknown() -> Response:
    if unknown_codes.draw():
        return pages.message("unknown", cancelling.standing(db.session), 404)
    return pages.message("slower", status=429, retry=RETRY_SECONDS)
