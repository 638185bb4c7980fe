"""Inviting somebody of the staff: a link and a code, shown once, and the same on a sheet."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.core.errors import Missing, Refused
from survey.core.wording import N_
from survey.papers import print_invitation
from survey.storage import accounts, audit, invitations
from survey.storage.db import begin_write, db
from survey.storage.installation import About
from survey.storage.tables import AccountRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.installation import about, settings
from survey.web.paper import reader, send_pdf


def show_invitation(person: AccountRow) -> ResponseReturnValue:
    """Invite *person* anew, commit, and show the link and the code: this page alone has them."""
    code = invitations.issue(db.session, person)
    audit.record(db.session, current_account().username, "person.invite", person.username)
    db.session.commit()
    path = url_for("auth.accept", typed=code)
    return render_template(
        "admin/invitation.html",
        person=person,
        code=code,
        link=_reachable().base_address + path,
        until=invitations.pending(db.session)[person.id],
        timezone=settings().timezone,
    )


def _reachable() -> About:
    """Return what the office says of itself, its address as this browser reached it for want."""
    said = about()
    return said if said.base_address else replace(said, base_address=request.host_url.rstrip("/"))


@blueprint.post("/people/<int:account_id>/invitation")
@administrators
def invite_again(account_id: int) -> ResponseReturnValue:
    """Administrators: a new invitation for whoever has not used theirs; the old one is void."""
    begin_write(db.session)
    person = accounts.by_id(db.session, account_id)
    if person.id not in invitations.pending(db.session):
        raise Refused(N_("This person has a password already. Give them a new one instead."))
    return show_invitation(person)


@blueprint.post("/people/<int:account_id>/invitation/sheet")
@administrators
def invitation_sheet(account_id: int) -> ResponseReturnValue:
    """Administrators: the sheet to hand over, for the code that the page before showed."""
    code = request.form.get("code", "")
    person = invitations.find(db.session, code)
    if person.id != account_id:
        raise Missing(N_("There is no such person."))
    until = invitations.pending(db.session)[person.id]
    content = print_invitation(person, code, until, settings().timezone, _reachable(), reader())
    return send_pdf(content, f"invitation-{person.username}")
