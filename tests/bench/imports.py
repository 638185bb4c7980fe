"""Importing the whole house, as every process does."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

_LIBRARIES = ("flask", "sqlalchemy.orm", "pydantic", "nacl.public")


def application(folder: Path) -> Callable[[], object]:
    """All of it."""
    return lambda: import_module("survey.application")


def libraries(folder: Path) -> Callable[[], object]:
    """What a respondent's page cannot do without."""
    return lambda: [import_module(name) for name in _LIBRARIES]
