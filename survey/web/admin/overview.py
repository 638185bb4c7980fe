"""The administrator's first page: the rounds, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.storage import accounts, rounds
from survey.storage.db import db
from survey.storage.registers import listing as villages
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.installation import settings


@dataclass(frozen=True)
class Step:
    """One thing that must be there before a round can open, ticked by the facts."""

    label: str
    address: str
    done: bool


@blueprint.get("/")
@administrators
def home() -> ResponseReturnValue:
    """Administrators."""
    existing = rounds.listing(db.session)
    return render_template("admin/home.html", rounds=existing, steps=_steps(bool(existing)))


def _steps(any_round: bool) -> list[Step]:
    people = accounts.listing(db.session)
    administrators_there = sum(not row.disabled and row.role == "administrator" for row in people)
    leads_there = any(not row.disabled and row.role == "lead" for row in people)
    return [
        Step(
            _("Import the register of villages"),
            url_for("admin.register"),
            villages(db.session).total > 0,
        ),
        Step(
            _("Add a second administrator: opening and sealing need two persons"),
            url_for("admin.people"),
            administrators_there > 1 or not settings().two_person,
        ),
        Step(
            _("Add the leads and members of the acceptance groups"),
            url_for("admin.people"),
            leads_there,
        ),
        Step(_("Make a round"), url_for("admin.new_round"), any_round),
    ]
