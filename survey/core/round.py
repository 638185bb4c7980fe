"""What an administrator says when a round is made; checked before anything is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from survey.core.policy import Policy
from survey.core.questionnaire import Audience
from survey.core.wording import N_

Access = Literal["poster", "ticket", "both"]
KeyHolding = Literal["halves", "server"]
Kind = Literal["real", "rehearsal", "reassessment"]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


class AudienceDraft(BaseModel):
    """The questionnaire of one audience and how it gets to the form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questionnaire_digest: str
    access: Access


class RoundDraft(BaseModel):
    """Everything about a round but its keys. *village_codes* empty: the whole register."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    title: Named
    timezone: str
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    results_on: date
    results_place: Named
    help_on: date
    help_place: Named
    office: Named
    phone: Named
    audiences: Annotated[dict[Audience, AudienceDraft], Field(min_length=1)]
    village_codes: tuple[str, ...] = ()
    policy: Policy = Policy()
    key_holding: KeyHolding = "halves"
    kind: Kind = "real"
    demo: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise ValueError(N_("Answers must end after they begin."))
        if self.results_on < self.closes_at.astimezone(ZoneInfo(self.timezone)).date():
            raise ValueError(N_("Results cannot hang before the answers end."))
        return self


def is_local(address: str) -> bool:
    """Say whether *address* can be reached from this machine only, or from nowhere."""
    host = urlsplit(address).hostname or ""
    return host in {"", "localhost", "::1"} or host.startswith("127.") or host.endswith(".local")


def spoken(moment: datetime, timezone: str) -> datetime:
    """Return *moment* in the office's time zone."""
    return moment.astimezone(ZoneInfo(timezone))
