"""The constants that a city chooses, frozen for a round when it opens (docs/method.md)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.core.wording import N_

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]


class Policy(BaseModel):
    """One round's constants. Points run from 0 to 100, 100 best; shares from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value_good: Points = 100
    value_fairly_good: Points = 80
    value_average: Points = 60
    value_poor: Points = 40
    weight_self: Share = 0.10
    weight_mass: Share = 0.40
    weight_organisational: Share = 0.50
    band_good: Points = 90
    band_fairly_good: Points = 80
    band_average: Points = 60
    good_needs_positive_share: Share = 0.90
    minimum_mass_ballots: Annotated[int, Field(ge=1)] = 30
    minimum_turnout: Share | None = None
    cap_on_good: Share = 0.20
    veto_poor_share: Share = 0.50
    veto_average_share: Share = 1 / 3
    veto_events: tuple[str, ...] = ()
    notable_gap: Points = 5
    seal_delay_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 30

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not list(self.values) == sorted(set(self.values), reverse=True):
            raise ValueError(N_("The points must fall from good to poor."))
        if not self.band_good > self.band_fairly_good > self.band_average:
            raise ValueError(N_("The bands must fall from good to average."))
        if abs(sum(self.weights.values()) - 1) > 1e-9:
            raise ValueError(N_("The three weights must add up to 100 percent."))
        return self

    @property
    def values(self) -> tuple[float, float, float, float]:
        """Points of good, fairly good, average, poor: highest first."""
        return (self.value_good, self.value_fairly_good, self.value_average, self.value_poor)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Weight of each source in the composite, by source; they add up to 1."""
        return {
            "self": self.weight_self,
            "mass": self.weight_mass,
            "organisational": self.weight_organisational,
        }
