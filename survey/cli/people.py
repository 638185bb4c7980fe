"""flask --app survey person: who of the staff may sign in."""

from __future__ import annotations

import click

from survey.cli.speech import say, spoken
from survey.core.errors import Missing
from survey.core.wording import N_
from survey.storage import accounts, audit, registers
from survey.storage.db import begin_write, db
from survey.storage.tables import ROLES


@click.group("person")
def person() -> None:
    """The staff: who may sign in."""


@person.command("add")
@click.argument("username")
@click.option("--name", default="", help="The name that papers show.")
@click.option("--role", type=click.Choice(ROLES), default="administrator", show_default=True)
@click.option("--group", help="Name of the acceptance group of a lead or member.")
@spoken
def add(username: str, name: str, role: str, group: str | None) -> None:
    """Add a person with a random first password, which is shown once."""
    password = accounts.new_password()
    begin_write(db.session)
    chosen = registers.group(db.session, group) if group else None
    accounts.add(db.session, username, name, password, role, chosen)
    audit.record(db.session, "console", "person.add", username, role=role)
    db.session.commit()
    _tell(username, password)


@person.command("reset")
@click.argument("username")
@spoken
def reset(username: str) -> None:
    """Give a person a new random password, shown once, and end their sessions.

    This is how the last administrator gets back in.
    """
    begin_write(db.session)
    account = accounts.by_username(db.session, username)
    if account is None:
        raise Missing(N_("There is no person with the user name %(username)s."), username=username)
    password = accounts.new_password()
    accounts.set_password(db.session, account, password)
    audit.record(db.session, "console", "person.reset", username)
    db.session.commit()
    _tell(username, password)


def _tell(username: str, password: str) -> None:
    say(
        "%(username)s may sign in with the password %(password)s",
        username=username,
        password=password,
    )
