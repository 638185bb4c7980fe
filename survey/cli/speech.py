"""How commands speak: in the installation's language, refusals as one sentence, no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from getpass import getpass
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext

from survey import papers
from survey.config import Settings
from survey.core.errors import Invalid, Refused, SurveyError
from survey.core.wording import N_
from survey.papers import Reader
from survey.storage import devices, installation, sign_in
from survey.storage.db import begin_write, db
from survey.storage.installation import About
from survey.storage.tables import AccountRow

P = ParamSpec("P")
R = TypeVar("R")


def settings() -> Settings:
    """Return the settings of this installation."""
    found: Settings = current_app.extensions["settings"]
    return found


def about() -> About:
    """Return how the office of this installation is called and reached."""
    return installation.about(db.session, settings())


def reader(language: str | None = None) -> Reader:
    """Return for whom a paper is made: the installation's language unless one is given."""
    return papers.reader(language or settings().language, settings().two_person)


def spoken(command: Callable[P, R]) -> Callable[P, R]:
    """Run *command* in the application, in its language, and say a refusal in one sentence."""

    @with_appcontext
    @wraps(command)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
        with force_locale(settings().language):
            try:
                return command(*args, **kwargs)
            except SurveyError as error:
                raise click.ClickException(error.sentence.render(gettext)) from error
            except OSError as error:
                if error.filename is None:
                    raise
                raise click.ClickException(
                    gettext(
                        "%(name)s cannot be read or written: %(reason)s",
                        name=error.filename,
                        reason=error.strerror,
                    )
                ) from error

    return speaking


def say(message: str, **values: Any) -> None:
    """Write one translated line."""
    click.echo(gettext(message, **values) if values else gettext(message))


def secret_line(prompt: str) -> str:
    """Return a line that is not shown: asked for at a terminal, or the next of standard input."""
    if sys.stdin.isatty():
        return getpass(f"{prompt}: ")
    line = sys.stdin.readline()
    if not line:
        raise Invalid(N_("Standard input ended before every password and key half was read."))
    return line.rstrip("\r\n")


def private_file(path: Path) -> str:
    """Return the first line of a file that nobody but its owner can read; raises `Invalid`."""
    if not path.is_file():
        raise Invalid(N_("There is no file %(name)s."), name=str(path))
    if path.stat().st_mode & 0o077:
        raise Invalid(
            N_("Others can read %(name)s. Say: chmod 600 %(name)s"),
            name=str(path),
        )
    lines = path.read_text().split("\n")
    if not lines[0].strip():
        raise Invalid(N_("The first line of %(name)s is empty."), name=str(path))
    return lines[0].strip()


@contextmanager
def new_private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that only its owner can read; nothing is left where the work fails.

    Raises `Refused` rather than write over a file: it may hold codes that are nowhere else.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            N_("The file %(name)s is there already and is not overwritten."), name=str(path)
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink()
        raise


def two_persons(
    by: str, witness: str | None, password_files: tuple[Path, ...]
) -> tuple[AccountRow, AccountRow]:
    """Return the two administrators of an act, each having given a password.

    Passwords come from *password_files* in this order, else from a prompt or standard input.
    Where the installation needs no second person, *by* may act alone.
    """
    names = [by] if witness is None else [by, witness]
    if witness is None and settings().two_person:
        raise Invalid(N_("This needs two persons: name the second with --witness."))
    if witness is not None and witness.strip().lower() == by.strip().lower():
        raise Invalid(N_("This needs two different persons."))
    found = [
        _administrator(name, _password(name, position, password_files))
        for position, name in enumerate(names)
    ]
    return found[0], found[-1]


def one_person(by: str, password_files: tuple[Path, ...]) -> AccountRow:
    """Return the administrator of an act that needs no second person, having given a password."""
    return _administrator(by, _password(by, 0, password_files))


def _password(name: str, position: int, files: tuple[Path, ...]) -> str:
    if position < len(files):
        return private_file(files[position])
    return secret_line(gettext("Password of %(name)s", name=name))


def _administrator(name: str, password: str) -> AccountRow:
    made = sign_in.attempt(db.session, name, password)
    begin_write(db.session)
    try:
        account = sign_in.admit(db.session, made, devices.CONSOLE)
    finally:
        db.session.commit()
    if account.role != "administrator":
        raise Invalid(N_("%(name)s is not an administrator."), name=name)
    return account


by_option = click.option("--by", required=True, help="User name of who does it.")
witness_option = click.option("--witness", help="User name of the second person.")
password_option = click.option(
    "--password-file",
    "password_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File (0600) with a password: of --by first, then of --witness.",
)
language_option = click.option(
    "--language", type=click.Choice(["zh", "en"]), help="Language of the paper."
)


def persons(command: Callable[..., R]) -> Callable[..., R]:
    """Give *command* the options --by, --witness and --password-file."""
    return by_option(witness_option(password_option(command)))
