"""The application factory: the only place that sees the whole house."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_alembic import Alembic

from survey import cli, config
from survey.storage.db import db, prepare
from survey.storage.tables import Base
from survey.web import (
    access,
    admin,
    auth,
    collect,
    errors,
    headers,
    home,
    i18n,
    limits,
    review,
    shell,
)

HOUSE = Path(__file__).resolve().parent
ROOT = HOUSE.parent


class Discretion(logging.Filter):
    """Keeps out of gunicorn's log what it quotes of a request: addresses, codes, comments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop what tells of a request that it could not read; of others leave the fault."""
        said = str(record.msg)
        if said.startswith("Error handling request"):
            record.msg, record.args = "Error handling request", ()
        return not said.startswith("Invalid request from")


_discretion = Discretion()


class Service(Flask):
    """Flask, but for what it writes into the log: never an address, which may hold a code."""

    def log_exception(self, exc_info: Any) -> None:
        """Log where an exception came from by the name of the view."""
        self.logger.error(
            "Exception in %s [%s]", request.endpoint, request.method, exc_info=exc_info
        )


def build(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the service, set up from SURVEY_* and *overrides* (names of `config.Settings`)."""
    instance = Path(os.environ.get(f"{config.PREFIX}INSTANCE_PATH") or ROOT / "instance").resolve()
    settings = config.load(instance, overrides)
    app = Service(
        __name__,
        instance_path=str(settings.instance_path),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    _configure(app, settings)
    _extend(app)
    for room in (home, collect, auth, admin, review):
        app.register_blueprint(room.blueprint)
    app.extensions["preview"] = collect.preview
    cli.add_to(app)
    cli.announce(app)
    return app


def _configure(app: Flask, settings: config.Settings) -> None:
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=config.secret_key(settings),
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SQLALCHEMY_ENGINES={"default": settings.database},
        ALEMBIC={"script_location": str(HOUSE / "migrations")},
        ALEMBIC_CONTEXT={"render_as_batch": True},
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _end_requests_in_their_own_thread(app: Flask) -> None:
    """Take away what waits for asynchronous sessions: none is ever opened here.

    Flask would start a thread and an event loop at the end of every request for it.
    """
    app.teardown_appcontext_funcs = [
        act for act in app.teardown_appcontext_funcs if not iscoroutinefunction(act)
    ]


def _extend(app: Flask) -> None:
    settings: config.Settings = app.extensions["settings"]
    settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.init_app(app)
    _end_requests_in_their_own_thread(app)
    with app.app_context():
        prepare(db.engine)
    Alembic(app, metadatas=Base.metadata)
    logging.getLogger("gunicorn.error").addFilter(_discretion)
    for part in (limits, access, i18n, shell, headers, errors, auth.set_up):
        part.register(app)
    access.csrf.exempt(collect.blueprint)
