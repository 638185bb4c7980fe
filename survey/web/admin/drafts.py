"""A questionnaire while it is written: one page, saved part by part, with or without a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.drafting import edits, lacking, parts, phrasing
from survey.core.drafting.draft import KINDS, Draft, answers
from survey.core.drafting.note import Note
from survey.core.drafting.shown import shown
from survey.core.errors import Invalid
from survey.core.questionnaire import CHOICES, GRADES
from survey.core.wording import N_, Sentence, say
from survey.storage import drafts
from survey.storage.db import begin_write, db
from survey.storage.tables import QuestionnaireDraftRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.kept import as_file, look
from survey.web.headers import policy
from survey.web.i18n import language

_POLICY = policy(style_src="'self'", script_src="'self'", img_src="'self'", connect_src="'self'")
_MEANWHILE = N_(
    "Somebody else has changed this part meanwhile, so yours is not kept yet. What is kept stands"
    " below what you wrote: look at it, then save again."
)


@dataclass(frozen=True)
class Part:
    """One part as its form shows it; *kept* where something else is kept than what was written."""

    place: str
    values: dict[str, str]
    stamp: str
    problem: Sentence | None = None
    kept: dict[str, str] | None = None


@blueprint.get("/questionnaires/drafts/<int:draft_id>", endpoint="draft")
@administrators
def show_draft(draft_id: int) -> ResponseReturnValue:
    """Administrators: everything about a draft, to change."""
    return _page(drafts.of_id(db.session, draft_id))


def _page(
    row: QuestionnaireDraftRow, written: Part | None = None, status: int = 200
) -> ResponseReturnValue:
    draft = drafts.read(row)
    page = render_template(
        "admin/draft.html",
        row=row,
        draft=draft,
        part=lambda place: _part(draft, place, written),
        faults=_by_place(lacking.faults_of(draft)),
        hints=_by_place(phrasing.hints_of(draft)),
        name_of=lambda place: _name(draft, place),
        kinds=KINDS,
        choices=CHOICES,
        grades=GRADES,
        answers=answers,
        problem=written.problem if written else None,
        written=written,
    )
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _part(draft: Draft, place: str, written: Part | None) -> Part:
    if written and written.place == place:
        return written
    return Part(place, parts.values(draft, place), parts.stamp(draft, place))


def _by_place(notes: list[Note]) -> dict[str, list[Sentence]]:
    found: dict[str, list[Sentence]] = {}
    for note in notes:
        found.setdefault(note.place, []).append(note.sentence)
    return found


def _name(draft: Draft, place: str) -> str:
    """Return what a place of the page is called in the lists above it."""
    for dimension in draft.dimensions:
        if dimension.key == place:
            return dimension.title.in_language(language())
        for question in dimension.questions:
            if question.key == place:
                return question.text.in_language(language()) or _("A new question")
    return {
        "title": _("The whole questionnaire"),
        "wording": _("Names of the grades"),
        "comment": _("The comment at the end"),
    }.get(place, place)


@blueprint.post("/questionnaires/drafts/<int:draft_id>/parts/<place>")
@administrators
def save_part(draft_id: int, place: str) -> ResponseReturnValue:
    """Administrators: keep one part of a draft, unless somebody else changed it meanwhile."""
    begin_write(db.session)
    row = drafts.lock(db.session, draft_id)
    draft = drafts.read(row)
    stamp = parts.stamp(draft, place)
    if request.form.get("seen") != stamp:
        kept = parts.values(draft, place)
        return _page(row, Part(place, _written(), stamp, say(_MEANWHILE), kept), 409)
    try:
        drafts.save(
            db.session,
            row,
            lambda found: parts.change(found, place, request.form),
            current_account(),
        )
    except Invalid as fault:
        db.session.rollback()
        row = drafts.of_id(db.session, draft_id)
        return _page(row, Part(place, _written(), stamp, fault.sentence), 422)
    db.session.commit()
    flash(_("Saved."), "well")
    return _back(draft_id, place)


def _written() -> dict[str, str]:
    return request.form.to_dict()


def _back(draft_id: int, place: str) -> ResponseReturnValue:
    return redirect(url_for("admin.draft", draft_id=draft_id, _anchor=place))


def _change(draft_id: int, act: Callable[[Draft], Draft]) -> None:
    begin_write(db.session)
    drafts.save(db.session, drafts.lock(db.session, draft_id), act, current_account())
    db.session.commit()


@blueprint.post("/questionnaires/drafts/<int:draft_id>/questions")
@administrators
def add_question(draft_id: int) -> ResponseReturnValue:
    """Administrators: add a question without words to a dimension."""
    kind = request.form.get("kind")
    wanted = next((known for known in KINDS if known == kind), "grades")
    begin_write(db.session)
    row = drafts.lock(db.session, draft_id)
    changed, key = edits.add(drafts.read(row), request.form.get("dimension", ""), wanted)
    drafts.save(db.session, row, lambda _draft: changed, current_account())
    db.session.commit()
    return _back(draft_id, key)


@blueprint.post("/questionnaires/drafts/<int:draft_id>/questions/<key>/move")
@administrators
def move_question(draft_id: int, key: str) -> ResponseReturnValue:
    """Administrators: move a question among those of its dimension."""
    _change(draft_id, lambda draft: edits.move(draft, key, request.form.get("step", 0, type=int)))
    return _back(draft_id, key)


@blueprint.post("/questionnaires/drafts/<int:draft_id>/questions/<key>/remove")
@administrators
def remove_question(draft_id: int, key: str) -> ResponseReturnValue:
    """Administrators: take a question away."""
    _change(draft_id, lambda draft: edits.remove(draft, key))
    flash(_("The question is taken away."), "well")
    return _back(draft_id, key.split(".")[0])


@blueprint.get("/questionnaires/drafts/<int:draft_id>/preview")
@administrators
def preview_draft(draft_id: int) -> ResponseReturnValue:
    """Administrators: a draft as villagers would see it, gaps filled in."""
    return look(shown(drafts.read(drafts.of_id(db.session, draft_id))))


@blueprint.get("/questionnaires/drafts/<int:draft_id>/file.<any(json, xlsx):kind>")
@administrators
def draft_file(draft_id: int, kind: str) -> ResponseReturnValue:
    """Administrators: a draft as JSON or as an XLSForm."""
    return as_file(drafts.read(drafts.of_id(db.session, draft_id)), kind)


@blueprint.post("/questionnaires/drafts/<int:draft_id>/finish")
@administrators
def finish_draft(draft_id: int) -> ResponseReturnValue:
    """Administrators: make a version of it that rounds can choose; it is never changed again."""
    begin_write(db.session)
    row = drafts.lock(db.session, draft_id)
    try:
        kept = drafts.finish(db.session, row, current_account())
    except Invalid as fault:
        db.session.rollback()
        row = drafts.of_id(db.session, draft_id)
        return _page(row, Part("title", {}, "", fault.sentence), 422)
    title, version = kept.title, kept.version
    db.session.commit()
    flash(
        _("“%(title)s”, version %(version)s, can now be asked.", title=title, version=version),
        "well",
    )
    return redirect(url_for("admin.questionnaires"))


@blueprint.post("/questionnaires/drafts/<int:draft_id>/discard")
@administrators
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Administrators: throw a draft away."""
    begin_write(db.session)
    drafts.remove(db.session, drafts.lock(db.session, draft_id), current_account())
    db.session.commit()
    flash(_("The draft is thrown away."), "well")
    return redirect(url_for("admin.questionnaires"))
