"""Signing in and out, one's own password and language."""

from survey.web.auth import own, sessions
from survey.web.auth.blueprint import blueprint

__all__ = ["blueprint", "own", "sessions"]
