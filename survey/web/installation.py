"""The settings of this installation and what its office says of itself, as views see them."""

from __future__ import annotations

from flask import current_app, g

from survey.config import Settings
from survey.core import keys
from survey.storage import installation
from survey.storage.db import db
from survey.storage.installation import About

_SEEN = "about"
"""Where this process keeps what it read last, for what must not ask the database."""


def settings() -> Settings:
    """Return the settings that the service was started with."""
    found: Settings = current_app.extensions["settings"]
    return found


def about() -> About:
    """Return how the office is called and reached; asks the database once in a request."""
    if _SEEN not in g:
        setattr(g, _SEEN, installation.about(db.session, settings()))
        current_app.extensions[_SEEN] = getattr(g, _SEEN)
    found: About = getattr(g, _SEEN)
    return found


def seen() -> About | Settings:
    """Return what was read last, or the settings where nothing was; asks no database."""
    found: About | Settings = current_app.extensions.get(_SEEN, settings())
    return found


def is_secure() -> bool:
    """Say whether browsers reach this service by https:// alone."""
    return seen().base_address.startswith("https://")


def key_cost() -> tuple[int, int]:
    """Return how much work and memory it takes to try a key half."""
    return keys.MODERATE if settings().key_cost == "moderate" else keys.MINIMUM
