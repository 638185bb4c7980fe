"""flask --app survey setup-code, and what the server prints while nobody has an account."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import force_locale, gettext

from survey.cli.speech import say, settings, spoken
from survey.storage import set_up
from survey.storage.db import begin_write, db
from survey.storage.tables import SetUpCodeRow


@click.command("setup-code")
@spoken
def setup_code() -> None:
    """Print a new code for the set-up page of an empty installation; the one before is void."""
    begin_write(db.session)
    made = set_up.renew(db.session, str(current_app.secret_key))
    db.session.commit()
    say("Open /staff/set-up and type this code: %(code)s", code=made)


def announce(app: Flask) -> None:
    """Print the set-up code of *app* where the server starts and nobody has an account."""
    if app.testing or click.get_current_context(silent=True) is not None:
        return
    with app.app_context():
        if sa.inspect(db.engine).has_table(SetUpCodeRow.__tablename__):
            _tell(str(app.secret_key))
        db.engine.dispose()


def _tell(service_key: str) -> None:
    if set_up.is_done(db.session):
        return
    begin_write(db.session)
    made = set_up.code(db.session, service_key)
    db.session.commit()
    with force_locale(settings().language):
        told = gettext("Nobody has an account yet: open /staff/set-up. Code: %(code)s", code=made)
        click.echo(told, err=True)
