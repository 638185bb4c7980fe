"""A round as eyes may see it: composite, gaps and suggestion, all from released scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.core.collector import uncollected
from survey.core.composite import Composite
from survey.core.evidence import Event, Evidence
from survey.core.gaps import Gap, gaps_of_round
from survey.core.policy import Policy
from survey.core.rating import Cap, cap, suggest
from survey.core.release.source import ReleasedSource, release_all
from survey.core.scores import SourceScores
from survey.core.screening import Flags
from survey.core.suggestion import Suggestion


@dataclass(frozen=True, kw_only=True)
class ReleasedVillage:
    """All that may be shown of one village. *gaps* are by dimension, None where one is withheld.

    *flags*: by audience, the names of the screens that raised one (core/screening); None where its
    score is withheld, or where it was not screened.
    """

    code: str
    mass: ReleasedSource | None
    self_: ReleasedSource | None
    organisational: float | None
    gaps: dict[str, Gap | None]
    suggestion: Suggestion
    flags: dict[str, tuple[str, ...] | None]

    @property
    def composite(self) -> Composite:
        """The composite; its *missing* says why there is none."""
        return self.suggestion.composite


def release_round(
    mass: Sequence[SourceScores],
    self_: Sequence[SourceScores],
    policy: Policy,
    *,
    organisational: Mapping[str, float | None] | None = None,
    handed_out: Mapping[str, Mapping[str, int | None]] | None = None,
    events: Mapping[str, tuple[Event, ...]] | None = None,
    flags: Mapping[str, Mapping[str, Flags]] | None = None,
    exact: bool = False,
) -> dict[str, ReleasedVillage]:
    """Return every village of *mass* or *self_* by its code, with what is derived.

    By village code: *organisational* in points, *handed_out* slips per audience, veto *events*;
    by audience and village code: *flags*, which are shown and change nothing. A source that is
    withheld counts as missing.
    """
    return derive_round(
        release_all(mass, policy, exact=exact),
        release_all(self_, policy, exact=exact),
        policy,
        organisational=organisational,
        handed_out=handed_out,
        events=events,
        flags=flags,
    )


@uncollected()
def derive_round(
    mass: Sequence[ReleasedSource],
    self_: Sequence[ReleasedSource],
    policy: Policy,
    *,
    organisational: Mapping[str, float | None] | None = None,
    handed_out: Mapping[str, Mapping[str, int | None]] | None = None,
    events: Mapping[str, tuple[Event, ...]] | None = None,
    flags: Mapping[str, Mapping[str, Flags]] | None = None,
) -> dict[str, ReleasedVillage]:
    """Return what `release_round` does, from sources that are released already."""
    mass_by_code = {source.code: source for source in mass}
    self_by_code = {source.code: source for source in self_}
    gaps = gaps_of_round(self_by_code, mass_by_code, policy.notable_gap)
    released = {}
    for code in [*mass_by_code, *(code for code in self_by_code if code not in mass_by_code)]:
        evidence = Evidence(
            mass=mass_by_code.get(code),
            self_=self_by_code.get(code),
            organisational=(organisational or {}).get(code),
            handed_out=(handed_out or {}).get(code, {}),
            events=(events or {}).get(code, ()),
        )
        released[code] = ReleasedVillage(
            code=code,
            mass=mass_by_code.get(code),
            self_=self_by_code.get(code),
            organisational=evidence.organisational,
            gaps=gaps.get(code, {}),
            suggestion=suggest(evidence, policy),
            flags={
                audience: _flags(source, (flags or {}).get(audience, {}).get(code))
                for audience, source in evidence.sources.items()
            },
        )
    return released


def _flags(source: SourceScores | None, flags: Flags | None) -> tuple[str, ...] | None:
    """Return the screens that raised a flag; None where the score they are about is not shown."""
    if flags is None or source is None or source.source is None:
        return None
    return flags.raised


def release_cap(villages: Mapping[str, ReleasedVillage], policy: Policy) -> Cap:
    """Return the cap on good over all *villages* of a round."""
    return cap({code: village.suggestion for code, village in villages.items()}, policy)
