"""Reminders of villages where few have answered: cards as PDF, and text to paste into WeChat."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.core.questionnaire import LANGUAGES
from survey.papers.reminders import print_reminders, reminder_text, require_open
from survey.storage import watch as watched
from survey.storage.db import db
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.admin.watch import asked
from survey.web.i18n import language
from survey.web.paper import reader, send_pdf

VILLAGES_TO_A_PAGE = 20


@blueprint.get("/rounds/<slug>/reminders", endpoint="reminders")
@administrators
def show_reminders(slug: str) -> ResponseReturnValue:
    """Administrators: what to paste for each village that is late, and for all."""
    looked = asked(slug)
    require_open(looked.round_)
    late, wanted = looked.late, _language()
    pages = max(1, -(-len(late) // VILLAGES_TO_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = late[(page - 1) * VILLAGES_TO_A_PAGE : page * VILLAGES_TO_A_PAGE]
    today = watched.today(db.session, looked.round_)
    query = looked.query | {"language": wanted}
    return render_template(
        "admin/reminders.html",
        round=looked.round_,
        looked=looked,
        late=late,
        for_all=reminder_text(looked.round_, None, reader(wanted), today),
        texts=[
            (village, reminder_text(looked.round_, village, reader(wanted), today))
            for village in shown
        ],
        wanted=wanted,
        tags={"zh": "zh-Hans", "en": "en"},
        query=query,
        page=page,
        pages=pages,
        address=lambda number: url_for("admin.reminders", slug=slug, page=number, **query),
    )


@blueprint.get("/rounds/<slug>/reminders.pdf")
@administrators
def reminder_cards(slug: str) -> Response:
    """Administrators: a card for each village that is late."""
    looked = asked(slug)
    require_open(looked.round_)
    today = watched.today(db.session, looked.round_)
    pdf = print_reminders(looked.round_, looked.late, reader(_language()), today)
    return send_pdf(pdf, f"{slug}-reminders")


def _language() -> str:
    wanted = request.args.get("language", "")
    return wanted if wanted in LANGUAGES else language()
