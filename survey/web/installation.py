"""The settings of this installation, as views see them."""

from __future__ import annotations

from flask import current_app

from survey.config import Settings
from survey.core import keys


def settings() -> Settings:
    """Return the settings that the service was started with."""
    found: Settings = current_app.extensions["settings"]
    return found


def key_cost() -> tuple[int, int]:
    """Return how much work and memory it takes to try a key half."""
    return keys.MODERATE if settings().key_cost == "moderate" else keys.MINIMUM
