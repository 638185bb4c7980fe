"""What follows a locked rating: a village appeals, the office answers, a rating is reopened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from survey.core.appeal import APPELLANTS, OUTCOMES, WAYS, WORDS
from survey.core.errors import Invalid, Refused
from survey.core.wording import Sentence
from survey.storage import appeals as store
from survey.storage import groups, ratings, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import AppealRow, RatingRow, RoundRow, RoundVillageRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm, options

_TEXT = (DataRequired(_l("Please fill this in.")), Length(max=ratings.LONGEST_REASON))
_NOTHING_CHOSEN = ("", _l("Please choose"))


class AppealForm(StaffForm):
    """What the village contests; *seen* is how many appeals the page had."""

    appellant = SelectField(_l("Brought by"))
    way = SelectField(_l("How it came"))
    received_on = DateField(_l("Received on"), [InputRequired(_l("Please choose a day."))])
    answer_by = DateField(_l("Answer due by"), [Optional()])
    contested = TextAreaField(_l("What is contested"), _TEXT)
    seen = HiddenField()


class AnswerForm(StaffForm):
    """What became of an appeal, and what the village is told."""

    outcome = RadioField(_l("Outcome"), [InputRequired(_l("Please choose one."))])
    text = TextAreaField(_l("Answer to the village"), _TEXT)


class ReopenForm(StaffForm):
    """Why a rating is reopened; *version* is the one that the page showed."""

    reason = TextAreaField(_l("Why it is reopened"), _TEXT)
    version = HiddenField()


@dataclass(frozen=True)
class Line:
    """One village of the round: the rating that stands, if one does, and its appeals."""

    village: RoundVillageRow
    rating: RatingRow | None
    reopened: bool
    appeals: list[AppealRow]

    @property
    def waiting(self) -> list[AppealRow]:
        """The appeals without an answer."""
        return [row for row in self.appeals if row.answer is None]

    @property
    def due(self) -> date | None:
        """The first day by which one of them is to be answered."""
        return min((row.answer_by for row in self.waiting if row.answer_by), default=None)


@dataclass(frozen=True)
class Forms:
    """The forms of one village's page: a new appeal, an answer by number, a reopening."""

    appeal: AppealForm
    answers: dict[int, AnswerForm]
    reopening: ReopenForm


@blueprint.get("/rounds/<slug>/appeals")
@administrators
def appeals(slug: str) -> ResponseReturnValue:
    """Administrators: every village of the round, those that wait for an answer first."""
    round_ = rounds.by_slug(db.session, slug)
    found = store.of_round(db.session, round_)
    rated, reopened = ratings.latest(db.session, round_), ratings.reopened(db.session, round_)
    lines = [
        Line(
            row,
            rated.get(row.village_id),
            row.village_id in reopened,
            found.get(row.village_id, []),
        )
        for row in rounds.villages(db.session, round_)
    ]
    return render_template(
        "admin/appeals.html",
        round=round_,
        lines=sorted(lines, key=lambda line: (not line.waiting, line.due or date.max)),
        today=groups.today(db.session, round_.timezone),
        is_locked=ratings.is_locked,
    )


@blueprint.get("/rounds/<slug>/appeals/<int:village_id>")
@administrators
def appeals_of(slug: str, village_id: int) -> ResponseReturnValue:
    """Administrators: one village's appeals, and reopening its rating."""
    round_ = rounds.by_slug(db.session, slug)
    village = rounds.village(db.session, round_, village_id)
    return _page(round_, village, _forms(round_, village))


def _forms(round_: RoundRow, village: RoundVillageRow) -> Forms:
    known = store.of_village(db.session, round_, village)
    rating = ratings.standing_of(ratings.of_village(db.session, round_, village))
    today = groups.today(db.session, round_.timezone)
    appeal = AppealForm(prefix="appeal-", received_on=today, seen=str(len(known)))
    appeal.appellant.choices = options(_NOTHING_CHOSEN, *_said(APPELLANTS))
    appeal.way.choices = options(_NOTHING_CHOSEN, *_said(WAYS))
    answers = {row.number: _answer_form(row.number) for row in known if row.answer is None}
    version = str(rating.version if rating else 0)
    return Forms(appeal, answers, ReopenForm(prefix="reopen-", version=version))


def _said(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, _(word)) for key, word in words.items()]


def _answer_form(number: int) -> AnswerForm:
    form = AnswerForm(prefix=f"answer-{number}-")
    form.outcome.choices = options(*_said(OUTCOMES))
    return form


def _page(
    round_: RoundRow, village: RoundVillageRow, forms: Forms, problem: Sentence | None = None
) -> ResponseReturnValue:
    rating = ratings.standing_of(ratings.of_village(db.session, round_, village))
    page = render_template(
        "admin/appeals_of.html",
        round=round_,
        village=village,
        forms=forms,
        problem=problem,
        rating=rating,
        locked=ratings.is_locked(rating),
        appeals=store.of_village(db.session, round_, village),
        words=WORDS,
        longest=ratings.LONGEST_REASON,
    )
    every = (forms.appeal, forms.reopening, *forms.answers.values())
    return page, (422 if problem or any(form.errors for form in every) else 200)


@blueprint.post("/rounds/<slug>/appeals/<int:village_id>")
@administrators
def record_appeal(slug: str, village_id: int) -> ResponseReturnValue:
    """Administrators: keep what a village contests."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    village = rounds.village(db.session, round_, village_id)
    forms = _forms(round_, village)
    form = forms.appeal
    if not form.validate_on_submit():
        return _page(round_, village, forms)
    contest = store.Contest(
        appellant=form.appellant.data,
        way=form.way.data,
        received_on=form.received_on.data,
        contested=form.contested.data,
        answer_by=form.answer_by.data,
    )
    try:
        seen = _number(form.seen.data)
        store.record(db.session, round_, village, current_account(), contest, seen)
    except (Invalid, Refused) as fault:
        return _page(round_, village, forms, fault.sentence)
    db.session.commit()
    flash(_("The appeal is recorded."), "well")
    return redirect(url_for("admin.appeals_of", slug=slug, village_id=village_id))


@blueprint.post("/rounds/<slug>/appeals/<int:village_id>/<int:number>/answer")
@administrators
def answer_appeal(slug: str, village_id: int, number: int) -> ResponseReturnValue:
    """Administrators: answer an appeal; one that is upheld reopens the rating."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    village = rounds.village(db.session, round_, village_id)
    forms = _forms(round_, village)
    form = forms.answers.get(number) or _answer_form(number)
    if not form.validate_on_submit():
        return _page(round_, village, forms)
    try:
        store.answer(
            db.session,
            round_,
            village,
            current_account(),
            number,
            form.outcome.data,
            form.text.data,
        )
    except (Invalid, Refused) as fault:
        return _page(round_, village, forms, fault.sentence)
    db.session.commit()
    flash(_("The answer is kept."), "well")
    return redirect(url_for("admin.appeals_of", slug=slug, village_id=village_id))


@blueprint.post("/rounds/<slug>/appeals/<int:village_id>/reopen")
@administrators
def reopen_rating(slug: str, village_id: int) -> ResponseReturnValue:
    """Administrators: take the lock off a rating, so that its group decides anew."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    village = rounds.village(db.session, round_, village_id)
    forms = _forms(round_, village)
    form = forms.reopening
    if not form.validate_on_submit():
        return _page(round_, village, forms)
    try:
        version = _number(form.version.data)
        ratings.reopen(db.session, round_, village, current_account(), version, form.reason.data)
    except (Invalid, Refused) as fault:
        return _page(round_, village, forms, fault.sentence)
    db.session.commit()
    flash(_("The rating is open again. Its group decides and signs anew."), "well")
    return redirect(url_for("admin.appeals_of", slug=slug, village_id=village_id))


def _number(typed: str | None) -> int:
    """Return the number of a hidden field; one that was meddled with fits nothing."""
    return int(typed) if typed and typed.isdecimal() and len(typed) < 6 else -1
