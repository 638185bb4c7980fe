"""Who may sign in to the demonstration: administrators, a moderator, two persons of each group."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.core.wording import N_
from survey.demo.notes import Notes
from survey.storage import accounts, registers
from survey.storage.tables import AccountRow, GroupRow

ADMINISTRATORS = {"admin": N_("Administrator A"), "witness": N_("Administrator B")}


def load(session: Session, notes: Notes) -> None:
    """Add whoever is missing, with a random password that goes into *notes*."""
    for username, name in ADMINISTRATORS.items():
        _add(session, notes, username, gettext(name), "administrator")
    for number, group in enumerate(registers.groups(session), start=1):
        lead = gettext("Lead of %(group)s", group=group.name)
        member = gettext("Member of %(group)s", group=group.name)
        _add(session, notes, f"lead{number}", lead, "lead", group)
        _add(session, notes, f"member{number}", member, "member", group)
    _add(session, notes, "moderator1", gettext("Moderator"), "moderator", township="")


def _add(
    session: Session,
    notes: Notes,
    username: str,
    name: str,
    role: str,
    group: GroupRow | None = None,
    township: str | None = None,
) -> None:
    if accounts.by_username(session, username):
        return
    notes.passwords[username] = accounts.new_password()
    password = notes.passwords[username]
    accounts.add(session, username, name, password, role, group, township=township)


def administrators(session: Session) -> tuple[AccountRow, AccountRow]:
    """Return the two administrators."""
    first, second = (accounts.by_username(session, name) for name in ADMINISTRATORS)
    if first is None or second is None:
        raise LookupError("the demonstration's administrators are loaded before its rounds")
    return first, second
