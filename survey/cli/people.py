"""flask --app survey person: who of the staff may sign in, and the way back in for anybody."""

from __future__ import annotations

import click

from survey.cli.speech import say, spoken
from survey.core.errors import Missing
from survey.core.wording import N_
from survey.storage import accounts, audit, registers, second_factor
from survey.storage.db import begin_write, db
from survey.storage.tables import ROLES, AccountRow


@click.group("person")
def person() -> None:
    """The staff: who may sign in."""


@person.command("add")
@click.argument("username")
@click.option("--name", default="", help="The name that papers show.")
@click.option("--role", type=click.Choice(ROLES), default="administrator", show_default=True)
@click.option("--group", help="Name of the acceptance group of a lead or member.")
@click.option("--township", help='Of which township a moderator is; "" of none.')
@spoken
def add(username: str, name: str, role: str, group: str | None, township: str | None) -> None:
    """Add a person with a random first password, which is shown once."""
    password = accounts.new_password()
    begin_write(db.session)
    chosen = registers.group(db.session, group) if group else None
    accounts.add(
        db.session, username, name, password, role, chosen, township=township, provisional=True
    )
    audit.record(db.session, "console", "person.add", username, role=role)
    db.session.commit()
    _tell(username, password)


@person.command("list")
@spoken
def listing() -> None:
    """Say who there is: user name, role, acceptance group, second step, whether disabled."""
    with_second = second_factor.everybody(db.session)
    for account in accounts.listing(db.session):
        marks = [
            *(["second-factor"] if account.id in with_second else []),
            *(["disabled"] if account.disabled else []),
        ]
        group = account.group.name if account.group else "—"
        click.echo("\t".join((account.username, account.role, group, ",".join(marks) or "—")))


@person.command("reset")
@click.argument("username")
@click.option(
    "--second-factor",
    "second_too",
    is_flag=True,
    help="Take the second step of signing in away too.",
)
@spoken
def reset(username: str, second_too: bool) -> None:
    """Give a person a new random password, shown once, and end their sessions.

    This is how the last administrator gets back in; after a lost device, with --second-factor.
    """
    begin_write(db.session)
    account = _find(username)
    password = accounts.issue_password(db.session, account)
    audit.record(db.session, "console", "person.reset", account.username)
    if second_too:
        _take_second_step_away(account)
    db.session.commit()
    _tell(account.username, password)


def _take_second_step_away(account: AccountRow) -> None:
    second_factor.remove(db.session, account)
    audit.record(db.session, "console", "person.second_factor", account.username)


@person.command("disable")
@click.argument("username")
@spoken
def disable(username: str) -> None:
    """Shut a person out at once; never the last administrator."""
    begin_write(db.session)
    account = _find(username)
    accounts.disable(db.session, account)
    audit.record(db.session, "console", "person.disable", account.username)
    db.session.commit()
    say("%(name)s can no longer sign in.", name=account.username)


@person.command("enable")
@click.argument("username")
@spoken
def enable(username: str) -> None:
    """Let a person in again, with the password that they had."""
    begin_write(db.session)
    account = _find(username)
    accounts.enable(db.session, account)
    audit.record(db.session, "console", "person.enable", account.username)
    db.session.commit()
    say("%(name)s can sign in again.", name=account.username)


def _find(username: str) -> AccountRow:
    account = accounts.by_username(db.session, username)
    if account is None:
        raise Missing(N_("There is no person with the user name %(username)s."), username=username)
    return account


def _tell(username: str, password: str) -> None:
    say(
        "%(username)s may sign in with the password %(password)s",
        username=username,
        password=password,
    )
