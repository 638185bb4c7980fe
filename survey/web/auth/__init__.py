"""Signing in and out, one's own password, second step and language."""

from survey.web.auth import own, second_step, sessions
from survey.web.auth.blueprint import blueprint

__all__ = ["blueprint", "own", "second_step", "sessions"]
