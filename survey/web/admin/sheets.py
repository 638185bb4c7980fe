"""The sheets of slips of one village: voided, or printed again, by two persons."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import papers
from survey.core.errors import Invalid, Refused
from survey.core.slips import Amount
from survey.core.wording import N_, Sentence
from survey.storage import keys as key_folder
from survey.storage import rounds
from survey.storage import sheets as store
from survey.storage.accounting import Slips
from survey.storage.db import begin_write, db
from survey.storage.sheets import Place
from survey.storage.tables import RoundRow, SheetRow
from survey.web.access import administrators, current_account
from survey.web.admin import proposal
from survey.web.admin.blueprint import blueprint
from survey.web.admin.proposal import Proposal
from survey.web.installation import settings
from survey.web.paper import reader, send_pdf

_SHEET = "/rounds/<slug>/slips/<int:village_id>/<audience>/sheets/<int:number>"


@dataclass(frozen=True)
class Line:
    """One sheet, what was proposed for it, and why it cannot be voided, where it cannot."""

    sheet: SheetRow
    void: Proposal | None
    reprint: Proposal | None
    hindrance: Sentence | None


def lines(round_: RoundRow, slips: Slips) -> list[Line]:
    """Return the sheets of one village and audience."""
    found = store.of_village(db.session, round_, slips.village.village_id, slips.audience)
    return [_line(round_, slips, sheet) for sheet in found]


def _line(round_: RoundRow, slips: Slips, sheet: SheetRow) -> Line:
    subject = Place(slips.village, slips.audience, sheet.number).subject
    return Line(
        sheet,
        proposal.of(round_, store.VOID, subject),
        proposal.of(round_, store.REPRINT, subject),
        _hindrance(round_, sheet),
    )


def _hindrance(round_: RoundRow, sheet: SheetRow) -> Sentence | None:
    try:
        store.require_voidable(db.session, round_, sheet)
    except Refused as refusal:
        return refusal.sentence
    return None


@blueprint.post(f"{_SHEET}/propose")
@administrators
def propose_voiding(slug: str, village_id: int, audience: str, number: int) -> ResponseReturnValue:
    """Administrators: the first of two persons, for either act."""
    act = request.form.get("act", "")
    if act not in (store.VOID, store.REPRINT):
        raise Invalid(N_("There is no such act. Please go back and choose one."))
    begin_write(db.session)
    round_, place = _find(slug, village_id, audience, number)
    store.propose(db.session, round_, act, place, current_account())
    db.session.commit()
    return redirect(_address(slug, place))


@blueprint.post(f"{_SHEET}/void")
@administrators
def void_sheet(slug: str, village_id: int, audience: str, number: int) -> ResponseReturnValue:
    """Administrators: the second of two persons."""
    begin_write(db.session)
    round_, place = _find(slug, village_id, audience, number)
    _void(round_, store.VOID, place)
    db.session.commit()
    flash(_("Sheet %(number)d is void. What was spent of it stays counted.", number=number), "well")
    return redirect(_address(slug, place))


@blueprint.post(f"{_SHEET}/reprint")
@administrators
def reprint_sheet(slug: str, village_id: int, audience: str, number: int) -> ResponseReturnValue:
    """Administrators: the second of two persons gets the new sheet, once."""
    begin_write(db.session)
    round_, place = _find(slug, village_id, audience, number)
    amount = _void(round_, store.REPRINT, place)
    pepper = key_folder.pepper(settings().keys, round_.id)
    name, make = papers.print_sheet(
        db.session, round_, reader(), place.village, audience, amount, pepper
    )
    db.session.commit()
    return send_pdf(make(), name.removesuffix(".pdf"))


def _find(slug: str, village_id: int, audience: str, number: int) -> tuple[RoundRow, Place]:
    round_ = rounds.by_slug(db.session, slug)
    return round_, Place(rounds.village(db.session, round_, village_id), audience, number)


def _void(round_: RoundRow, act: str, place: Place) -> Amount:
    two_person = proposal.two_person(round_)
    return store.void(db.session, round_, act, place, current_account(), two_person=two_person)


def _address(slug: str, place: Place) -> str:
    return url_for(
        "admin.count_form",
        slug=slug,
        village_id=place.village.village_id,
        audience=place.audience,
    )
