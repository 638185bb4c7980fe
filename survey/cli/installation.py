"""flask --app survey prepare | demo | audit: what an installation needs to run and be trusted."""

from __future__ import annotations

import click
from flask import current_app
from flask_babel import gettext

from survey import demo as demonstration
from survey.cli.speech import say, settings, spoken
from survey.core.errors import Damaged, Refused
from survey.core.wording import N_
from survey.storage import audit, cancelling, proofs, questionnaires, scrub
from survey.storage.db import begin_write, db


@click.command("prepare")
@spoken
def prepare() -> None:
    """Bring the database up to date, and finish a seal that was cut short."""
    _prepare()


def _prepare() -> None:
    with current_app.app_context():  # its end closes the connection that migrations read with
        current_app.extensions["alembic"].upgrade()
    begin_write(db.session)
    questionnaires.add_defaults(db.session)
    db.session.commit()
    scrub.resume(db.session, settings().keys)
    cancelling.resume(db.session, settings().keys)
    proofs.sweep(db.session, settings().proofs)


@click.command("demo")
@click.option("--port", default=8000, show_default=True, help="Where the demonstration is served.")
@spoken
def demo(port: int) -> None:
    """Prepare the installation, load the demonstration, and say how to look at it.

    What is loaded already is kept.
    """
    if settings().production:
        raise Refused(N_("The demonstration is not loaded in production mode."))
    _prepare()
    click.echo(demonstration.load(db.session, settings(), port))


@click.group("audit")
def audit_log() -> None:
    """The log of what the staff did."""


@audit_log.command("verify")
@click.option("--head", help="A head from a printed sheet; it must be in the log.")
@spoken
def verify(head: str | None) -> None:
    """Check that no entry was changed, removed or put in between."""
    fault = audit.verify(db.session, head)
    if fault:
        raise Damaged(fault)
    say("The audit log is whole. Its head is %(head)s", head=audit.head(db.session))
    click.echo(gettext("Compare it with the head on the newest sheet."))
