"""Cunping (村评): asks, counts and scores, village by village, and keeps the answers secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the service, set up from SURVEY_* and *overrides* (names of `config.Settings`).

    The whole house is imported here and not above, so that `survey.core` can be used without it.
    """
    from survey.application import build

    return build(overrides)
