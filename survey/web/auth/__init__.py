"""Signing in and out, one's own password, second step and language."""

from survey.web.auth import invitation, own, second_step, sessions, set_up
from survey.web.auth.blueprint import blueprint

__all__ = ["blueprint", "invitation", "own", "second_step", "sessions", "set_up"]
