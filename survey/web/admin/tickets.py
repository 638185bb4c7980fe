"""Tickets: planned by one person, printed once by a second; their codes are stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import NumberRange, Optional

from survey import papers
from survey.core import slips
from survey.core.errors import Invalid
from survey.core.slips import Amount
from survey.core.wording import N_, Sentence
from survey.storage import acts, audit, deadlines, rounds
from survey.storage import keys as key_folder
from survey.storage import tickets as ticket_store
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.storage.tickets import MOST_AT_ONCE
from survey.web.access import administrators, current_account
from survey.web.admin import proposal, selection
from survey.web.admin.blueprint import blueprint
from survey.web.admin.selection import Selection
from survey.web.fields import PercentField, options
from survey.web.installation import settings
from survey.web.paper import reader, send_archive, send_pdf

ACT = "tickets.print"
_PERCENT = NumberRange(0, 1, _l("Please type a percentage from 0 to 100."))


class TicketForm(Selection):
    """How many slips for which villages."""

    how = RadioField(
        _l("How many slips"),
        choices=options(
            ("share", _l("A share of those who may answer")),
            ("each", _l("The same number for each village")),
        ),
        default="share",
    )
    share = PercentField(_l("Share, percent"), [Optional(), _PERCENT], default=1.0)
    each = IntegerField(_l("Number for each village"), [Optional(), NumberRange(1, MOST_AT_ONCE)])
    spare = PercentField(_l("Spare slips on top, percent"), [Optional(), _PERCENT], default=0.05)
    per_page = RadioField(
        _l("Slips on a page"),
        choices=options(
            ("10", _l("10: large print, the easiest to read")),
            ("16", _l("16: less paper")),
            ("24", _l("24: the least paper, small print")),
        ),
        default="10",
    )


@dataclass(frozen=True)
class Line:
    """One village of a plan."""

    village: RoundVillageRow
    count: int
    spare: int


@blueprint.get("/rounds/<slug>/tickets")
@administrators
def tickets(slug: str) -> ResponseReturnValue:
    """Administrators: plan slips, or confirm what a colleague planned."""
    round_ = rounds.by_slug(db.session, slug)
    form = TicketForm()
    selection.offer(form, round_, tickets=True)
    return _page(round_, form)


def _page(
    round_: RoundRow, form: TicketForm, problem: Sentence | None = None
) -> ResponseReturnValue:
    waiting = proposal.of(round_, ACT)
    lines = _lines(round_, waiting.detail) if waiting else []
    return render_template(
        "admin/tickets.html",
        round=round_,
        form=form,
        problem=problem,
        proposal=waiting,
        lines=lines,
        total=sum(line.count for line in lines),
        spare=sum(line.spare for line in lines),
        per_page=_per_page(waiting.detail) if waiting else None,
        pages=_pages(lines, _per_page(waiting.detail)) if waiting else 0,
    ), (422 if problem or form.errors else 200)


def _per_page(detail: dict[str, Any]) -> int:
    """Return what was planned; before this could be chosen it was ten."""
    return int(detail.get("per_page", 10))


def _pages(lines: list[Line], per_page: int) -> int:
    return sum(ceil(line.count / per_page) for line in lines)


def _lines(round_: RoundRow, detail: dict[str, Any]) -> list[Line]:
    counts: dict[str, int] = detail["counts"]
    return [
        Line(village, counts[name], detail["spares"][name])
        for village in rounds.villages(db.session, round_)
        if (name := str(village.village_id)) in counts
    ]


@blueprint.post("/rounds/<slug>/tickets")
@administrators
def plan_tickets(slug: str) -> ResponseReturnValue:
    """Administrators: the first of two persons."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = TicketForm()
    selection.offer(form, round_, tickets=True)
    if not form.validate_on_submit():
        return _page(round_, form)
    try:
        amounts = _amounts(form, round_)
    except Invalid as fault:
        return _page(round_, form, fault.sentence)
    acts.propose(
        db.session,
        round_,
        ACT,
        current_account(),
        audience=form.audience.data,
        language=form.language.data,
        per_page=int(form.per_page.data),
        counts={village_id: amount.count for village_id, amount in amounts.items()},
        spares={village_id: amount.spare for village_id, amount in amounts.items()},
    )
    db.session.commit()
    return redirect(url_for("admin.tickets", slug=slug))


def _amounts(form: TicketForm, round_: RoundRow) -> dict[int, Amount]:
    """Return the slips of each village chosen that may still answer."""
    villages = deadlines.answering(db.session, round_, selection.chosen(form, round_))
    return ticket_store.count(villages, form.audience.data, _plan(form))


def _plan(form: TicketForm) -> slips.Plan:
    spare = form.spare.data or 0.0
    if form.how.data == "share":
        return slips.Plan(share=1.0 if form.share.data is None else form.share.data, spare=spare)
    if form.each.data is None:
        raise Invalid(N_("Please type how many slips each village gets."))
    return slips.Plan(each=form.each.data, spare=spare)


@blueprint.post("/rounds/<slug>/tickets/print")
@administrators
def print_tickets(slug: str) -> ResponseReturnValue:
    """Administrators: the second of two persons gets the sheets, once."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    account = current_account()
    proposal.require_seen(round_, ACT)
    planned = acts.confirm(
        db.session, round_, ACT, account, two_person=proposal.two_person(round_)
    ).detail
    files = papers.print_tickets(
        db.session,
        round_,
        reader(planned["language"]),
        planned["audience"],
        {
            int(village_id): Amount(count, planned["spares"][village_id])
            for village_id, count in planned["counts"].items()
        },
        key_folder.pepper(settings().keys, round_.id),
        _per_page(planned),
    )
    audit.record(
        db.session, account.username, ACT, slug, audience=planned["audience"], villages=len(files)
    )
    db.session.commit()
    if len(files) == 1:
        name, make = files[0]
        return send_pdf(make(), name.removesuffix(".pdf"))
    return send_archive(papers.stream_archive(files), f"{slug}-{planned['audience']}-tickets")
