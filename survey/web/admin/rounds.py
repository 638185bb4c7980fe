"""The rounds: all of them, a new one, and where one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import ValidationError
from wtforms.fields import SelectChoice

from survey.core import turnout
from survey.core.errors import SurveyError
from survey.core.wording import N_, Sentence
from survey.storage import acts, copying, opening, questionnaires, registers, retention, rounds
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.tables import QuestionnaireRow, RoundRow, RoundVillageRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.rehearsals import findings
from survey.web.admin.round_form import RoundForm, draft, said
from survey.web.fields import named, options
from survey.web.i18n import language
from survey.web.installation import about, settings

_ACTS = {
    "round.open": ("admin.opening", N_("opening the round")),
    "round.close": ("admin.closing", N_("closing the round early")),
    "round.seal": ("admin.sealing", N_("sealing the round")),
    "round.extend": ("admin.extending", N_("giving people more time")),
    "round.postpone": ("admin.postponing", N_("giving a village more time")),
    "round.cancel": ("admin.cancelling", N_("cancelling the round")),
    "round.remove": ("admin.keeping", N_("deleting the round")),
    "tickets.print": ("admin.tickets", N_("printing tickets")),
    "sheet.void": ("admin.count_form", N_("voiding a sheet of slips")),
    "sheet.reprint": ("admin.count_form", N_("printing a sheet of slips again")),
}


@dataclass(frozen=True)
class VillageTurnout:
    """One village of a live round: what may be said of its ballots, and how many could come."""

    village: RoundVillageRow
    said: dict[str, Sentence]
    expected: dict[str, int | None]


@blueprint.get("/rounds", endpoint="rounds")
@administrators
def list_rounds() -> ResponseReturnValue:
    """Administrators: all rounds."""
    kept = retention.listing(db.session, settings().keep_months)
    return render_template(
        "admin/rounds.html",
        rounds=rounds.listing(db.session),
        due=sum(one.due for one in kept),
    )


def _form() -> RoundForm:
    form = RoundForm(office=about().office, phone=about().phone)
    form.townships.choices = named(registers.townships(db.session))
    form.groups.choices = named(row.name for row in registers.groups(db.session))
    available = questionnaires.listing(db.session)
    for audience, part in form.audiences.items():
        part.form.questionnaire.choices = choices_of(available, audience)
    return form


def choices_of(available: Sequence[QuestionnaireRow], audience: str) -> list[SelectChoice]:
    """Return the questionnaires for *audience* to choose from, the newest version first."""
    return options(
        *(
            (row.digest, _title(row.document, row.version))
            for row in reversed(available)
            if row.audience == audience
        )
    )


def _title(document: str, version: int) -> str:
    title = questionnaires.read(document).title.in_language(language())
    return _("%(title)s, version %(version)s", title=title, version=version)


@blueprint.get("/rounds/new")
@administrators
def new_round() -> ResponseReturnValue:
    """Administrators: make a round."""
    return render_template("admin/round_form.html", form=_form(), problem=None)


@blueprint.post("/rounds/new")
@administrators
def add_round() -> ResponseReturnValue:
    """Administrators: keep a new round as a draft."""
    form = _form()
    if not form.validate_on_submit():
        return render_template("admin/round_form.html", form=form, problem=None), 422
    begin_write(db.session)
    try:
        wanted = draft(form, _ticked(form))
        round_ = rounds.create(db.session, wanted, current_account().username)
    except (SurveyError, ValidationError) as fault:
        db.session.rollback()
        return render_template("admin/round_form.html", form=form, problem=said(fault)), 422
    slug = round_.slug
    db.session.commit()
    flash(_("The round is prepared. Look at it once more, then open it."), "well")
    return redirect(url_for("admin.show_round", slug=slug))


def _ticked(form: RoundForm) -> tuple[str, ...]:
    """Return the codes of the villages in the townships, or of the groups, that are ticked."""
    if form.which.data == "groups":
        return tuple(registers.codes_of_groups(db.session, form.groups.data))
    return tuple(registers.codes_of(db.session, form.townships.data))


@blueprint.get("/rounds/<slug>")
@administrators
def show_round(slug: str) -> ResponseReturnValue:
    """Administrators: where the round stands, and the next act."""
    round_ = rounds.by_slug(db.session, slug)
    return render_template(
        "admin/round.html",
        round=round_,
        audiences=[row.audience for row in round_.audiences],
        titles=_titles(round_),
        village_count=len(rounds.villages(db.session, round_)),
        obstacles=_obstacles(round_),
        proposals=_proposals(round_),
        seal_from=rounds.seal_allowed_at(round_),
        being_sealed=key_folder.is_held(settings().keys, round_.id),
        turnout=_turnout(round_),
        findings=findings(round_),
        draft=_draft(round_),
        relatives=_relatives(round_),
        kept=retention.of_round(db.session, round_, settings().keep_months),
    )


def _relatives(round_: RoundRow) -> list[RoundRow]:
    """Return what the round was made from, and what was made from it."""
    origin = copying.origin_of(db.session, round_)
    return [*([origin] if origin else []), *copying.copies_of(db.session, round_)]


def _draft(round_: RoundRow) -> RoundRow | None:
    """Return the draft that was rehearsed, where its questions can still be changed."""
    origin = copying.origin_of(db.session, round_) if round_.kind == "rehearsal" else None
    return origin if origin and origin.state == "draft" else None


def _proposals(round_: RoundRow) -> list[tuple[str, str]]:
    return [
        (
            url_for(_ACTS[row.act][0], slug=round_.slug, **row.detail.get("place", {})),
            _(_ACTS[row.act][1]),
        )
        for row in acts.pending(db.session, round_)
        if row.act in _ACTS
    ]


def _titles(round_: RoundRow) -> dict[str, str]:
    return {
        row.audience: _title(row.questionnaire.document, row.questionnaire.version)
        for row in round_.audiences
    }


def _obstacles(round_: RoundRow) -> list[Sentence]:
    if round_.state != "draft":
        return []
    return opening.obstacles(db.session, round_, about().base_address)


def _turnout(round_: RoundRow) -> list[VillageTurnout]:
    if round_.state not in {"open", "closed"}:
        return []
    lines: dict[int, VillageTurnout] = {}
    for cell in rounds.turnout(db.session, round_):
        line = lines.setdefault(cell.village.village_id, VillageTurnout(cell.village, {}, {}))
        line.said[cell.audience] = turnout.before_seal(cell.audience, cell.ballots)
        line.expected[cell.audience] = cell.expected
    return list(lines.values())
