"""The sheet with which somebody of the staff is invited."""

from __future__ import annotations

from datetime import datetime

from survey.core.round import spoken
from survey.core.wording import N_
from survey.papers.reader import Reader
from survey.printing import invitation
from survey.printing.invitation import InvitationText
from survey.storage.installation import About
from survey.storage.tables import AccountRow

ROLES = {
    "administrator": N_("Administrator"),
    "lead": N_("Lead"),
    "member": N_("Member"),
    "moderator": N_("Moderator"),
    "observer": N_("Observer"),
}
PATH = "/staff/invitation"


def print_invitation(
    account: AccountRow, code: str, until: datetime, timezone: str, about: About, reader: Reader
) -> bytes:
    """Return the sheet that invites *account* with *code*."""
    text = InvitationText(
        office=about.office,
        name=account.name,
        username=account.username,
        role=reader.translate(ROLES[account.role]),
        group=account.group.name if account.group else "",
        link=f"{about.base_address}{PATH}/{code}",
        address=f"{about.base_address}{PATH}",
        code=code,
        until=spoken(until, timezone),
    )
    return invitation.invitation(text, reader.language, reader.translate)
