"""The weekly report (周报) of a round: made by hand, at most one a day, and kept."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import watch
from survey.core.errors import Missing
from survey.core.questionnaire import LANGUAGES
from survey.core.wording import N_
from survey.papers.watching import write_weekly
from survey.storage import rounds
from survey.storage import watch as watched
from survey.storage.db import begin_write, db
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.i18n import language
from survey.web.paper import reader, send_download

DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/rounds/<slug>/weekly", endpoint="weekly")
@administrators
def show_weekly(slug: str) -> ResponseReturnValue:
    """Administrators: the reports that were made, and a new one."""
    round_ = rounds.by_slug(db.session, slug)
    watched.require_watched(round_)
    days = watched.days(db.session, round_)
    return render_template(
        "admin/weekly.html",
        round=round_,
        days=days[::-1],
        today=watched.today(db.session, round_),
        languages={"zh": "中文", "en": "English"},
    )


@blueprint.post("/rounds/<slug>/weekly")
@administrators
def make_weekly(slug: str) -> ResponseReturnValue:
    """Administrators: keep what may be shown today."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    watched.keep(db.session, round_, current_account().username)
    db.session.commit()
    flash(_("Today's report is there. Fetch it below."), "well")
    return redirect(url_for("admin.weekly", slug=slug))


@blueprint.get("/rounds/<slug>/weekly.docx")
@administrators
def weekly_file(slug: str) -> Response:
    """Administrators: the report of one day, the last one where none is named."""
    round_ = rounds.by_slug(db.session, slug)
    days = watched.days(db.session, round_)
    day = _day() or (days[-1] if days else None)
    if day is None or day not in days:
        raise Missing(N_("There is no report of this day."))
    share = watch.expected_share(request.args.get("expected"), rounds.policy_of(round_))
    wanted = request.args.get("language", "")
    wanted = wanted if wanted in LANGUAGES else language()
    content = write_weekly(db.session, round_, day, share, reader(wanted))
    return send_download(content, DOCUMENT, f"{slug}-{day:%Y-%m-%d}.docx")


def _day() -> date | None:
    """Return the day that is asked for, None where none is; raises `Missing` for no day at all."""
    typed = request.args.get("day")
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Missing(N_("There is no report of this day.")) from None
