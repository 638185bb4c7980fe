"""The questionnaires: drafts, kept versions with where they are asked, and how a draft begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField

from survey.core.drafting import draft as forms
from survey.core.drafting.draft import Draft
from survey.core.errors import Invalid
from survey.core.questionnaire import AUDIENCES, Audience, Questionnaire
from survey.reports import questionnaire_file
from survey.storage import drafts, questionnaires
from survey.storage.db import begin_write, db
from survey.storage.tables import QuestionnaireRow, RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm, options
from survey.web.i18n import language
from survey.web.installation import settings

LONGEST_NAME = 120
"""Characters kept of a file's name."""
_AUDIENCE_NAMES = options(("mass", _l("Mass evaluation")), ("self", _l("Self-evaluation")))


@dataclass(frozen=True)
class Kept:
    """A kept version; *template* where it came with the service, *rounds* that ask it."""

    row: QuestionnaireRow
    asked: Questionnaire
    rounds: list[RoundRow]
    template: bool

    @property
    def title(self) -> str:
        """What it is called, with its version."""
        title = self.asked.title.in_language(language())
        return _("%(title)s, version %(version)s", title=title, version=self.row.version)


class BeginForm(StaffForm):
    """What a new questionnaire begins as."""

    source = SelectField(_l("Begin as a copy of"))


class FileForm(StaffForm):
    """A questionnaire in a file."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".json,.xlsx"},
    )
    audience = RadioField(
        _l("Who is asked, where the file does not say"), choices=_AUDIENCE_NAMES, default="mass"
    )


@blueprint.get("/questionnaires", endpoint="questionnaires")
@administrators
def list_questionnaires() -> ResponseReturnValue:
    """Administrators: what is being written, and what rounds can ask."""
    return render_template(
        "admin/questionnaires.html",
        drafts=drafts.listing(db.session),
        kept=_kept(),
        timezone=settings().timezone,
    )


def _kept() -> list[Kept]:
    uses = questionnaires.uses(db.session)
    shipped = {one.digest for one in questionnaires.defaults().values()}
    return [
        Kept(
            row,
            questionnaires.read(row.document),
            uses.get(row.digest, []),
            row.digest in shipped,
        )
        for row in questionnaires.listing(db.session)
    ]


@blueprint.get("/questionnaires/new")
@administrators
def new_questionnaire() -> ResponseReturnValue:
    """Administrators: choose what a new questionnaire begins as."""
    return _beginning(_begin_form(), FileForm())


def _beginning(
    form: BeginForm, file: FileForm, wrong: tuple[object, ...] = (), status: int = 200
) -> ResponseReturnValue:
    page = render_template("admin/questionnaire_new.html", form=form, file=file, wrong=wrong)
    return page, status


def _begin_form() -> BeginForm:
    form = BeginForm()
    empty = [
        ("empty-mass", _("Mass evaluation, without a question")),
        ("empty-self", _("Self-evaluation, without a question")),
    ]
    form.source.choices = options(*((kept.row.digest, _origin(kept)) for kept in _kept()), *empty)
    return form


def _origin(kept: Kept) -> str:
    if kept.rounds:
        return _("%(title)s (asked in %(round)s)", title=kept.title, round=kept.rounds[0].title)
    return kept.title


@blueprint.post("/questionnaires/new")
@administrators
def begin_questionnaire() -> ResponseReturnValue:
    """Administrators: begin a draft as a copy, or without a question."""
    form = _begin_form()
    if not form.validate_on_submit():
        return _beginning(form, FileForm(formdata=None), status=422)
    begin_write(db.session)
    source = form.source.data
    if source.startswith("empty-"):
        draft, origin = _empty(source.removeprefix("empty-")), ""
    else:
        asked = questionnaires.of_digest(db.session, source)
        draft, origin = _of_its_own(forms.of(asked)), f"{asked.key} {asked.version}"
    return _keep(draft, origin)


def _empty(audience: str) -> Draft:
    who = cast(Audience, audience)
    key = drafts.free_key(db.session, who)
    return forms.empty(key, who, questionnaires.defaults()[who])


def _of_its_own(draft: Draft) -> Draft:
    """Return *draft* under a key that no other questionnaire has."""
    key = drafts.free_key(db.session, draft.audience)
    return draft.model_copy(update={"key": key, "version": 1})


def _keep(draft: Draft, origin: str) -> ResponseReturnValue:
    row = drafts.add(db.session, draft, current_account(), origin)
    draft_id = row.id
    db.session.commit()
    return redirect(url_for("admin.draft", draft_id=draft_id))


@blueprint.post("/questionnaires/import")
@administrators
def import_questionnaire() -> ResponseReturnValue:
    """Administrators: begin a draft with what a file asks, or see all that cannot be asked."""
    form = FileForm()
    if not form.validate_on_submit():
        return _beginning(_begin_form(), form, status=422)
    upload = form.file.data
    likes = {key: forms.of(questionnaires.defaults()[key]) for key in AUDIENCES}
    try:
        found = questionnaire_file.read(upload.stream, upload.filename, likes[form.audience.data])
    except Invalid as fault:
        return _beginning(_begin_form(), form, (fault.sentence,), 422)
    if found.draft is None:
        return _beginning(_begin_form(), form, found.wrong, 422)
    begin_write(db.session)
    draft = found.draft.model_copy(
        update={"version": questionnaires.next_version(db.session, found.draft.key)}
    )
    for sentence in found.left_out:
        flash(sentence.render(_), "care")
    return _keep(draft, upload.filename[:LONGEST_NAME])
