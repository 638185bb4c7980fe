"""Moderation: a text at a time, without its village, to release, to cut from, or to withhold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import moderation, personal_data
from survey.core.ballot import COMMENT
from survey.core.errors import Invalid, Missing, Refused
from survey.core.personal_data import Found
from survey.core.wording import N_, Sentence
from survey.storage import moderation as store
from survey.storage import questionnaires, rounds
from survey.storage.db import begin_write, db
from survey.storage.moderation import Decided, Desk, Progress, Text
from survey.storage.tables import RoundRow
from survey.web.access import current_account, moderators
from survey.web.i18n import language
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import find_round, rounds_seen

A_PAGE = 20
_NO_TEXT = N_("There is no such text for you to read.")


@dataclass(frozen=True)
class Waiting:
    """A round with texts to read, and how far its moderation has come."""

    round_: RoundRow
    progress: Progress


@blueprint.get("/texts")
@moderators
def texts() -> ResponseReturnValue:
    """Moderators: the sealed rounds, and how many texts of each wait."""
    try:
        listed = [
            Waiting(round_, Desk(db.session, round_, current_account()).progress())
            for round_ in rounds_seen()
            if round_.state == "sealed"
        ]
    except Refused as fault:
        return render_template("review/texts.html", waiting=[], problem=fault.sentence)
    return render_template("review/texts.html", waiting=listed, problem=None)


@blueprint.get("/texts/<slug>")
@moderators
def next_text(slug: str) -> ResponseReturnValue:
    """Moderators: the next text about which nobody has decided."""
    desk = _desk(slug)
    return _page(desk, desk.next())


def _desk(slug: str) -> Desk:
    return Desk(db.session, find_round(slug), current_account())


def _page(
    desk: Desk,
    text: Text | None,
    typed: Mapping[str, list[str]] | None = None,
    problem: Sentence | None = None,
    *,
    again: bool = False,
) -> str:
    found = personal_data.find(text.text) if text else ()
    return render_template(
        "review/text.html",
        round_=desk.round_,
        text=text,
        question=_question(desk.round_, text) if text else "",
        found=found,
        ticked=typed["cut"] if typed else [one.text for one in found if _is_sure(one)],
        more=typed["more"][0] if typed else "",
        reason=typed["reason"][0] if typed else "",
        reasons=moderation.REASONS,
        progress=desk.progress(),
        problem=problem,
        again=again,
    )


def _is_sure(found: Found) -> bool:
    """Say whether it is ticked beforehand: a number that checks, not what may be a name."""
    return found.kind != "name"


def _question(round_: RoundRow, text: Text) -> str:
    """Return what was asked, in the reader's language."""
    asked = rounds.audience_of(round_, text.audience)
    questionnaire = questionnaires.read(asked.questionnaire.document)
    if text.item == COMMENT and questionnaire.comment:
        return questionnaire.comment.text.in_language(language())
    extra = next(one for one in questionnaire.extras if one.key == text.item)
    return extra.text.in_language(language())


@blueprint.get("/texts/<slug>/<text_id>")
@moderators
def one_text(slug: str, text_id: str) -> ResponseReturnValue:
    """Moderators: a text once more, to decide otherwise."""
    desk = _desk(slug)
    return _page(desk, desk.find(_id(text_id)), again=True)


def _id(text_id: str) -> bytes:
    try:
        return bytes.fromhex(text_id)
    except ValueError as error:
        raise Missing(_NO_TEXT) from error


@blueprint.post("/texts/<slug>/<text_id>")
@moderators
def decide(slug: str, text_id: str) -> ResponseReturnValue:
    """Moderators: release, cut or withhold; then the next one."""
    found, again = _id(text_id), "again" in request.form
    typed = {
        "cut": request.form.getlist("cut"),
        "more": [request.form.get("more", "")],
        "reason": [request.form.get("reason", "")],
    }
    begin_write(db.session)
    desk = _desk(slug)
    try:
        cut = _decide(desk, found, typed, again=again)
    except (Invalid, Refused) as fault:
        db.session.rollback()
        desk = _desk(slug)
        return _page(desk, desk.find(found), typed, fault.sentence, again=again), 422
    db.session.commit()
    if cut:
        _wipe()
    if again:
        return redirect(url_for("review.decided_texts", slug=slug), 303)
    return redirect(url_for("review.next_text", slug=slug), 303)


def _decide(desk: Desk, text_id: bytes, typed: Mapping[str, list[str]], *, again: bool) -> bool:
    """Do what the button says; return whether something was cut."""
    act = request.form.get("act", "")
    if act == "withhold":
        desk.withhold(text_id, typed["reason"][0], again=again)
    elif act == "cut":
        parts = [*typed["cut"], *typed["more"][0].splitlines()]
        desk.redact(text_id, parts, again=again)
        return True
    elif act == "release":
        desk.release(text_id, again=again)
    else:
        raise Invalid(N_("Please release the text, cut from it, or withhold it."))
    return False


def _wipe() -> None:
    try:
        store.wipe(db.session)
    except Refused:
        flash(
            _("It is cut. The database is busy: its last trace goes with the next cut."),
            "care",
        )


@blueprint.get("/texts/<slug>/decided")
@moderators
def decided_texts(slug: str) -> ResponseReturnValue:
    """Moderators: what was released or withheld, to look at again."""
    desk = _desk(slug)
    state = request.args.get("state", "")
    state = state if state in moderation.STATES else moderation.STATES[0]
    page = max(1, request.args.get("page", 1, type=int))
    found = desk.decided(state, (page - 1) * A_PAGE, A_PAGE + 1)
    return render_template(
        "review/decided_texts.html",
        round_=desk.round_,
        state=state,
        states=moderation.STATES,
        texts=[(one, _question(desk.round_, one), _reason(one)) for one in found[:A_PAGE]],
        page=page,
        more=len(found) > A_PAGE,
        progress=desk.progress(),
    )


def _reason(text: Decided) -> str:
    return moderation.REASONS.get(text.reason, "")
