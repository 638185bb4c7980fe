"""What a paper says of one village: released figures, the group's consensus, who signed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from survey.core.evaluation import Consensus
from survey.core.questionnaire import Questionnaire
from survey.core.release import ReleasedExtra, ReleasedVillage


@dataclass(frozen=True)
class Signed:
    """One version of a rating; times in the office's zone, *audit_head* once it is locked.

    *reopened*: why its lock was taken off again, None where it was not.
    """

    version: int
    suggestion: str | None
    decision: str
    reason: str
    lead: str
    signed_at: datetime
    countersigner: str
    countersigned_at: datetime | None
    audit_head: str | None
    reopened: str | None = None

    @property
    def locked(self) -> bool:
        """Whether nothing can be changed in it any more."""
        return self.audit_head is not None and self.reopened is None


@dataclass(frozen=True)
class Finding:
    """One village; *shown* is None while its scores are hidden from the reader of the paper.

    *versions* of the rating, oldest first; *heard*: people interviewed, by role.
    """

    code: str
    township: str
    name: str
    group: str
    shown: ReleasedVillage | None
    consensus: Consensus | None
    versions: tuple[Signed, ...] = ()
    heard: Mapping[str, int] = field(default_factory=dict)
    extras: Mapping[str, tuple[ReleasedExtra, ...]] = field(default_factory=dict)

    @property
    def rating(self) -> Signed | None:
        """The version of the rating that stands: the newest, unless it was reopened."""
        newest = self.versions[-1] if self.versions else None
        return newest if newest and newest.reopened is None else None

    @property
    def earlier(self) -> tuple[Signed, ...]:
        """The versions that no longer stand, oldest first."""
        return self.versions[:-1] if self.rating else self.versions

    @property
    def decided(self) -> str | None:
        """The rating that is locked, or None."""
        return self.rating.decision if self.rating and self.rating.locked else None


Asked = Mapping[str, Questionnaire]
"""The questionnaire of each audience of a round."""
