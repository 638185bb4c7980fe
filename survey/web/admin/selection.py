"""Which villages of a round a paper, a rehearsal or a reassessment is for."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional

from survey import papers
from survey.core.errors import Invalid
from survey.core.wording import N_
from survey.storage import rounds
from survey.storage.db import db
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.fields import LANGUAGES, StaffForm, named, options

AUDIENCES = {"mass": _l("Mass evaluation"), "self": _l("Self-evaluation")}


MOST_TO_TICK = 500
"""Villages up to which each has a box to tick; beyond it, codes are typed or pasted."""


class VillageSelection(StaffForm):
    """The villages: all, one township, or those ticked and listed."""

    township = SelectField(_l("Township"))
    ticked = SelectMultipleField(_l("Only the villages ticked"), [Optional()])
    codes = TextAreaField(
        _l("Only these villages"), [Optional(), Length(max=200_000)], render_kw={"rows": 2}
    )
    by_township: dict[str, list[RoundVillageRow]]


class Selection(VillageSelection):
    """An audience, its villages, and the language of the paper."""

    audience = RadioField(_l("Audience"))
    language = RadioField(
        _l("Language of the paper"),
        choices=LANGUAGES,
        default="zh",
    )


def offer(form: Selection, round_: RoundRow, *, tickets: bool) -> None:
    """Give *form* the audiences and villages of *round_*; *tickets*: audiences that have them."""
    form.audience.choices = options(
        *(
            (row.audience, AUDIENCES[row.audience])
            for row in round_.audiences
            if not tickets or row.access != "poster"
        )
    )
    if not form.audience.data and form.audience.choices:
        form.audience.data = form.audience.choices[0].value
    offer_villages(form, round_)


def offer_villages(form: VillageSelection, round_: RoundRow) -> None:
    """Give *form* the villages of *round_*."""
    grouped = papers.by_township(rounds.villages(db.session, round_))
    form.township.choices = [*options(("", _("all"))), *named(grouped)]
    form.ticked.choices = named(row.code for rows in grouped.values() for row in rows)
    few = len(form.ticked.choices) <= MOST_TO_TICK
    form.by_township = grouped if few else {}


def named_ones(form: VillageSelection, round_: RoundRow) -> list[RoundVillageRow]:
    """Return the villages ticked or listed; `Invalid` where none is: all are never meant here."""
    if not form.ticked.data and not (form.codes.data or "").strip():
        raise Invalid(N_("Please choose at least one village."))
    return chosen(form, round_)


def chosen(form: VillageSelection, round_: RoundRow) -> list[RoundVillageRow]:
    """Return the villages that *form* names; raises `Invalid` where there is none."""
    codes = [*form.ticked.data, *re.findall(r"[0-9A-Za-z]+", form.codes.data or "")]
    found = [
        row
        for row in rounds.villages(db.session, round_, codes)
        if form.township.data in ("", row.township)
    ]
    unknown = set(codes) - {row.code for row in found}
    if unknown:
        raise Invalid(
            N_("These codes are not among the villages chosen: %(codes)s."),
            codes=", ".join(sorted(unknown)),
        )
    return found
