"""Whoever helps others to answer: their link, and the guide that they carry."""

from __future__ import annotations

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey import papers
from survey.core.errors import Refused
from survey.core.questionnaire import LANGUAGES
from survey.core.wording import N_
from survey.printing import qr
from survey.storage import keys, rounds
from survey.storage.db import db
from survey.storage.tables import RoundRow
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.i18n import language
from survey.web.paper import reader, send_pdf


@blueprint.get("/rounds/<slug>/helpers")
@administrators
def helpers(slug: str) -> ResponseReturnValue:
    """Administrators: the link of an open round's helpers, to scan, to send, to print."""
    round_ = rounds.by_slug(db.session, slug)
    return render_template(
        "admin/helpers.html",
        round=round_,
        address=papers.helper_address(round_, pepper(round_)),
        has_tickets=any(row.access != "poster" for row in round_.audiences),
        guides=[(tongue, url_for("admin.guide", slug=slug, tongue=tongue)) for tongue in LANGUAGES],
    )


def pepper(round_: RoundRow) -> bytes:
    """Return the pepper of *round_*; raises `Refused` where it is not open."""
    if round_.state != "open":
        raise Refused(N_("Helpers and paper slips have their page while the round is open."))
    return keys.pepper(current_app.extensions["settings"].keys, round_.id)


@blueprint.get("/rounds/<slug>/helpers/link.svg")
@administrators
def helper_picture(slug: str) -> Response:
    """Administrators: the helpers' link as a QR code."""
    round_ = rounds.by_slug(db.session, slug)
    address = papers.helper_address(round_, pepper(round_))
    return Response(qr.picture(qr.coded(address)), mimetype="image/svg+xml")


@blueprint.get("/rounds/<slug>/helpers/guide.pdf")
@administrators
def guide(slug: str) -> Response:
    """Administrators: the page that each helper gets, in either language."""
    round_ = rounds.by_slug(db.session, slug)
    tongue = request.args.get("tongue")
    wanted = tongue if tongue in LANGUAGES else language()
    pdf = papers.print_guide(round_, reader(wanted), pepper(round_))
    return send_pdf(pdf, f"{slug}-helpers-{wanted}")
