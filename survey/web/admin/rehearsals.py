"""A rehearsal (演练): made from a draft, sealed and deleted by one person in one click each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.errors import Invalid, Refused
from survey.core.wording import Sentence
from survey.storage import (
    accounts,
    opening,
    questionnaires,
    rehearsing,
    removing,
    rounds,
    scrub,
    seal,
)
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.progress import Report
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin import selection
from survey.web.admin.blueprint import blueprint
from survey.web.admin.sealing import watched
from survey.web.admin.selection import VillageSelection
from survey.web.admin.work import Work
from survey.web.i18n import language
from survey.web.installation import settings


@dataclass(frozen=True)
class Finding:
    """What a rehearsal showed of one audience: too few answers, or the questions to reword."""

    audience: str
    few: bool
    questions: list[str]


def findings(round_: RoundRow) -> list[Finding]:
    """Return what a sealed rehearsal showed; nothing of any other round."""
    if round_.kind != "rehearsal" or round_.state != "sealed":
        return []
    found = rehearsing.findings(db.session, round_)
    return [
        Finding(
            asked.audience,
            found[asked.audience].few,
            _texts(asked.questionnaire.document, found[asked.audience].positions),
        )
        for asked in round_.audiences
    ]


def _texts(document: str, positions: tuple[int, ...]) -> list[str]:
    items = questionnaires.read(document).items
    return [items[position].text.in_language(language()) for position in positions]


@blueprint.get("/rounds/<slug>/rehearse")
@administrators
def rehearsing_form(slug: str) -> ResponseReturnValue:
    """Administrators: what a rehearsal is, and in which villages."""
    round_ = rounds.by_slug(db.session, slug)
    first = [row.code for row in rounds.villages(db.session, round_)[: rehearsing.VILLAGES]]
    form = VillageSelection(ticked=first)
    selection.offer_villages(form, round_)
    if not form.by_township:
        form.codes.data, form.ticked.data = "\n".join(first), []
    return _page(round_, form)


def _page(
    round_: RoundRow, form: VillageSelection, problem: Sentence | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/rehearse.html",
        round=round_,
        form=form,
        problem=problem,
        days=rehearsing.DAYS,
        obstacles=opening.obstacles(db.session, round_, settings().base_address),
    ), (422 if problem or form.errors else 200)


@blueprint.post("/rounds/<slug>/rehearse")
@administrators
def rehearse(slug: str) -> ResponseReturnValue:
    """Administrators: make the rehearsal and open it, alone."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    form = VillageSelection()
    selection.offer_villages(form, round_)
    if not form.validate_on_submit():
        return _page(round_, form)
    try:
        villages = selection.chosen(form, round_)
        made = rehearsing.rehearse(
            db.session,
            round_,
            villages,
            current_account(),
            _("REHEARSAL: %(title)s", title=round_.title),
            settings().base_address,
            settings().keys,
        )
    except (Invalid, Refused) as fault:
        db.session.rollback()
        return _page(rounds.by_slug(db.session, slug), form, fault.sentence)
    made_slug = made.slug
    db.session.commit()
    flash(
        _("The rehearsal is open. Print its posters and slips, and let colleagues answer."), "well"
    )
    return redirect(url_for("admin.show_round", slug=made_slug))


@dataclass(frozen=True)
class _Order:
    """What a thread without a request must know. No secret is in it."""

    slug: str
    account: int
    keys: Path


@blueprint.post("/rounds/<slug>/rehearsal/seal")
@administrators
def seal_rehearsal(slug: str) -> ResponseReturnValue:
    """Administrators: close the rehearsal, where it is open, and seal it, alone."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    rehearsing.close(db.session, round_, current_account())
    db.session.commit()
    seal.require_sealable(db.session, round_)
    order = _Order(slug, current_account().id, settings().keys)
    private = key_folder.server_key(order.keys, round_.id)
    pepper = key_folder.pepper(order.keys, round_.id)
    held = key_folder.hold(order.keys, round_.id)
    title = round_.title
    db.session.close()
    return watched(slug, title, Work(partial(_seal, order, private, pepper, held)))


def _seal(order: _Order, private: bytes, pepper: bytes, held: BinaryIO, report: Report) -> None:
    with held:
        round_ = rounds.by_slug(db.session, order.slug)
        account = accounts.by_id(db.session, order.account)
        seal.seal(db.session, round_, private, pepper, (account, account), report=report)
        db.session.commit()
        scrub.scrub(db.session, round_, order.keys, report=report)


@blueprint.post("/rounds/<slug>/rehearsal/delete")
@administrators
def delete_rehearsal(slug: str) -> ResponseReturnValue:
    """Administrators: delete the rehearsal with everything, alone, at any time."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    rehearsing.remove(db.session, round_, current_account(), settings().keys)
    db.session.commit()
    return cleared(_("The rehearsal is deleted, with all its answers, codes and papers."))


def cleared(done: str) -> ResponseReturnValue:
    """Clear the disk of a deleted round, say what is *done*, and go to the rounds."""
    try:
        removing.clear(db.session)
        flash(done, "well")
    except Refused as refusal:
        flash(done, "well")
        flash(refusal.sentence.render(_), "bad")
    return redirect(url_for("admin.rounds"))
