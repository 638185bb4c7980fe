"""What the office said of itself when it set this installation up; settings win over it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import asdict, dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from survey.storage.db import now
from survey.storage.tables import InstallationRow

_ONLY = 1


@dataclass(frozen=True)
class About:
    """How the office is called and reached, and the language of pages where nobody chose one."""

    office: str
    base_address: str
    language: str
    phone: str = ""


class Given(Protocol):
    """The settings that are asked here, and the names of those that somebody set."""

    @property
    def office(self) -> str:
        """The office's name."""

    @property
    def base_address(self) -> str:
        """The public address."""

    @property
    def language(self) -> str:
        """``zh`` or ``en``."""

    @property
    def model_fields_set(self) -> Set[str]:
        """Names of what was set."""


def about(session: Session, given: Given) -> About:
    """Return what holds: a setting that was set, else what the office said, else the default."""
    found = asdict(About(given.office, given.base_address, given.language))
    row = session.get(InstallationRow, _ONLY)
    if row is not None:
        found |= {name: getattr(row, name) for name in found if name not in given.model_fields_set}
    return About(**found)


def keep(session: Session, said: About) -> None:
    """Keep what the office *said*, in the place of what it said before."""
    row = session.get(InstallationRow, _ONLY)
    if row is None:
        row = InstallationRow(id=_ONLY, made_at=now(session))
        session.add(row)
    for name, value in asdict(said).items():
        setattr(row, name, value)
    session.flush()
