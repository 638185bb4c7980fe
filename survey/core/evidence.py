"""What a rating may be suggested from, and whether that is valid and enough (docs/method.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.core.composite import Composite, compose
from survey.core.errors import Invalid
from survey.core.policy import Policy
from survey.core.scores import SourceScores
from survey.core.wording import N_, Sentence, say

SMALL_VILLAGE = 1.5
"""Below this many times the least number of ballots, two thirds of those eligible are enough."""
UNKNOWN_LIMIT = 1 / 3

AUDIENCE_NAMES = {"mass": N_("mass evaluation"), "self": N_("self-evaluation")}


@dataclass(frozen=True)
class Event:
    """An event of the round's veto list that was established, and the document that shows it."""

    name: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that a suggestion for one village stands on.

    *organisational* in points; *handed_out*: slips handed out per audience, None where they were
    not counted.
    """

    mass: SourceScores | None
    self_: SourceScores | None
    organisational: float | None
    handed_out: Mapping[str, int | None] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @property
    def sources(self) -> dict[str, SourceScores | None]:
        """Self-evaluation and mass evaluation by their names."""
        return {"self": self.self_, "mass": self.mass}

    def composite(self, policy: Policy) -> Composite:
        """Return the composite of this evidence."""
        return compose(
            None if self.self_ is None else self.self_.source,
            None if self.mass is None else self.mass.source,
            self.organisational,
            policy.weights,
        )


def faults(evidence: Evidence, policy: Policy) -> tuple[Sentence, ...]:
    """Return what makes an evaluation void: ballots that cannot all be real."""
    return tuple(
        fault
        for name, source in evidence.sources.items()
        if source is not None and policy.weights[name] > 0
        for fault in _faults(source, evidence.handed_out.get(name))
    )


def _faults(source: SourceScores, handed_out: int | None) -> list[Sentence]:
    audience, found = say(AUDIENCE_NAMES[source.audience]), []
    if handed_out is not None and source.census_allowed and source.received > handed_out:
        found.append(
            say(
                N_(
                    "The %(audience)s has %(received)d ballots, but %(handed_out)d slips were"
                    " handed out. It cannot be used until the slips have been counted again."
                ),
                audience=audience,
                received=source.received,
                handed_out=handed_out,
            )
        )
    if source.census_allowed and _more_than_eligible(source):
        found.append(
            say(
                N_(
                    "The %(audience)s has %(received)d ballots from %(eligible)d eligible people."
                    " It cannot be used until the register and the slips have been checked."
                ),
                audience=audience,
                received=source.received,
                eligible=source.eligible,
            )
        )
    return found


def _more_than_eligible(source: SourceScores) -> bool:
    return source.eligible is not None and source.received > source.eligible


def shortcomings(evidence: Evidence, policy: Policy) -> tuple[Sentence, ...]:
    """Return what of the sources that are there is not enough for a suggestion (证据不足)."""
    found: list[Sentence] = []
    if evidence.mass is not None:
        found += _posters_beyond(evidence.mass)
        found += _low_turnout(evidence.mass, policy)
        found += _few_ballots(evidence.mass, policy)
        found += _many_unknown(evidence.mass)
    if evidence.self_ is not None and policy.weight_self > 0:
        found += _posters_beyond(evidence.self_)
    return tuple(found)


def _posters_beyond(source: SourceScores) -> list[Sentence]:
    if source.census_allowed or not _more_than_eligible(source):
        return []
    return [
        say(
            N_(
                "The %(audience)s has %(received)d ballots by poster from %(eligible)d eligible"
                " people: some must have answered more than once."
            ),
            audience=say(AUDIENCE_NAMES[source.audience]),
            received=source.received,
            eligible=source.eligible,
        )
    ]


def _low_turnout(mass: SourceScores, policy: Policy) -> list[Sentence]:
    least = policy.minimum_turnout
    if least is None:
        return []
    if mass.turnout is None:
        return [
            say(
                N_(
                    "The turnout is not known, because the register has no number of eligible"
                    " villagers. Please add it."
                )
            )
        ]
    if mass.turnout >= least:
        return []
    return [
        say(
            N_("The turnout is %(turnout).1f%%; this round asks for at least %(least).1f%%."),
            turnout=100 * mass.turnout,
            least=100 * least,
        )
    ]


def _few_ballots(mass: SourceScores, policy: Policy) -> list[Sentence]:
    least, eligible = policy.minimum_mass_ballots, mass.eligible
    if eligible and eligible < SMALL_VILLAGE * least:
        least = -(-2 * eligible // 3)
    if mass.valid >= least:
        return []
    return [
        say(
            N_("There are %(valid)d valid mass ballots; a suggestion needs at least %(least)d."),
            valid=mass.valid,
            least=least,
        )
    ]


def _many_unknown(mass: SourceScores) -> list[Sentence]:
    from_dimensions = mass.shares.unknown_in.values()
    if not any(share is not None and share > UNKNOWN_LIMIT for share in from_dimensions):
        return []
    return [
        say(
            N_(
                "In the mass evaluation more than a third of the answers to one dimension are"
                " “don't know”: villagers could not judge it."
            )
        )
    ]


def check_events(evidence: Evidence, policy: Policy) -> None:
    """Raise `Invalid` where an event is not on the round's list or has no document."""
    for event in evidence.events:
        if event.name not in policy.veto_events:
            raise Invalid(
                N_("“%(event)s” is not on this round's list of events. Choose one of the list."),
                event=event.name,
            )
        if not event.reference.strip():
            raise Invalid(
                N_("“%(event)s” needs the document that shows it. Please name it."),
                event=event.name,
            )
