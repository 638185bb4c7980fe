"""The calibration villages of a round: named, and scored by every group, on one sheet."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.calibration import NAME_MAXIMUM, PLACES, kept_meanwhile, read, to_form
from survey.core.evaluation import Faults, Scale
from survey.core.wording import N_, Sentence, say
from survey.storage import calibration, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint

_MEANWHILE = N_(
    "Somebody else has changed this sheet meanwhile, so nothing of yours is kept yet. What is kept"
    " stands beside what you typed: look at it, then keep the sheet again."
)
_FAULTY = N_("Some fields need another look. They are marked below; nothing is saved yet.")


@blueprint.get("/rounds/<slug>/calibration", endpoint="calibration")
@administrators
def show_calibration(slug: str) -> ResponseReturnValue:
    """Administrators: the calibration villages and each group's points for them."""
    round_ = rounds.by_slug(db.session, slug)
    calibration.require_open(round_)
    return _page(round_, to_form(calibration.sheet(db.session, round_)))


@blueprint.post("/rounds/<slug>/calibration")
@administrators
def keep_calibration(slug: str) -> ResponseReturnValue:
    """Administrators: keep the whole sheet, or show it again with what is wrong."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    calibration.lock(db.session, round_)
    kept, groups = calibration.sheet(db.session, round_), calibration.groups(db.session, round_)
    if request.form.get("seen") != kept.stamp:
        meanwhile = kept_meanwhile(request.form, kept, groups)
        return _page(round_, request.form, meanwhile, say(_MEANWHILE)), 409
    wanted, faults = read(request.form, groups, _scale(round_), _villages(round_))
    if faults:
        return _page(round_, request.form, faults, say(_FAULTY)), 422
    calibration.keep(db.session, round_, current_account(), wanted)
    db.session.commit()
    flash(_("The calibration villages are kept."), "well")
    return redirect(url_for("admin.calibration", slug=slug))


def _page(
    round_: RoundRow,
    form: Mapping[str, str],
    faults: Faults | None = None,
    problem: Sentence | None = None,
) -> str:
    return render_template(
        "admin/calibration.html",
        round=round_,
        form=form,
        faults=faults or {},
        problem=problem,
        stamp=calibration.sheet(db.session, round_).stamp,
        groups=calibration.groups(db.session, round_),
        entered=calibration.entered(db.session, round_),
        places=PLACES,
        scale=_scale(round_),
        name_maximum=NAME_MAXIMUM,
    )


def _scale(round_: RoundRow) -> Scale:
    return Scale(rounds.policy_of(round_).values)


def _villages(round_: RoundRow) -> list[tuple[str, str, str]]:
    return [(row.code, row.township, row.name) for row in rounds.villages(db.session, round_)]
