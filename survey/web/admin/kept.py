"""A kept questionnaire: to look at, as a file, copied to be changed, or taken away unused."""

from __future__ import annotations

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.drafting import draft as forms
from survey.core.drafting.draft import Draft
from survey.core.questionnaire import LANGUAGES, Questionnaire
from survey.reports import questionnaire_file
from survey.reports.questionnaire_file import KINDS
from survey.storage import drafts, questionnaires
from survey.storage.db import begin_write, db
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.i18n import language
from survey.web.paper import send_download


def look(questionnaire: Questionnaire) -> ResponseReturnValue:
    """Return the villager's page of *questionnaire*, in the language that ``?in=`` names."""
    wanted = request.args.get("in")
    tongue = wanted if wanted in LANGUAGES else language()
    page: ResponseReturnValue = current_app.extensions["preview"](questionnaire, tongue)
    return page


def as_file(draft: Draft, kind: str) -> ResponseReturnValue:
    """Return *draft* as a file to keep, ``json`` or ``xlsx``."""
    content = questionnaire_file.write(draft, kind)
    return send_download(content, KINDS[kind], f"{draft.key}-{draft.version}.{kind}")


@blueprint.get("/questionnaires/kept/<digest>")
@administrators
def kept_questionnaire(digest: str) -> ResponseReturnValue:
    """Administrators: the villager's page of a kept questionnaire, to look at."""
    return look(questionnaires.of_digest(db.session, digest))


@blueprint.get("/questionnaires/kept/<digest>/file.<any(json, xlsx):kind>")
@administrators
def kept_file(digest: str, kind: str) -> ResponseReturnValue:
    """Administrators: a kept questionnaire as JSON or as an XLSForm."""
    return as_file(forms.of(questionnaires.of_digest(db.session, digest)), kind)


@blueprint.post("/questionnaires/kept/<digest>/copy")
@administrators
def copy_questionnaire(digest: str) -> ResponseReturnValue:
    """Administrators: begin the next version of a kept questionnaire."""
    begin_write(db.session)
    asked = questionnaires.of_digest(db.session, digest)
    row = drafts.add(
        db.session,
        drafts.copy(db.session, asked),
        current_account(),
        f"{asked.key} {asked.version}",
    )
    draft_id = row.id
    db.session.commit()
    return redirect(url_for("admin.draft", draft_id=draft_id))


@blueprint.post("/questionnaires/kept/<digest>/remove")
@administrators
def remove_questionnaire(digest: str) -> ResponseReturnValue:
    """Administrators: take away a questionnaire that no round asks."""
    begin_write(db.session)
    questionnaires.remove(db.session, digest, current_account().username)
    db.session.commit()
    flash(_("The questionnaire is taken away."), "well")
    return redirect(url_for("admin.questionnaires"))
