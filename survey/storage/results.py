"""What a sealed round says: its tallies scored once and kept, then released with the consensus.

Only what leaves `released` may reach a page, a chart or a file (core/release).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import tallies
from survey.core.errors import Refused
from survey.core.policy import Policy
from survey.core.release import (
    ReleasedSource,
    ReleasedVillage,
    derive_round,
    release_all,
    what_if,
)
from survey.core.scores import SourceScores
from survey.core.scoring import VillageTally, score_round
from survey.core.screening import Flags
from survey.core.suggestion import Suggestion
from survey.core.tallies import Tally
from survey.core.wording import N_
from survey.storage import questionnaires, screens
from survey.storage.rounds import main_access, policy_of, villages
from survey.storage.standings import latest
from survey.storage.tables import (
    AccountingRow,
    RoundAudienceRow,
    RoundRow,
    RoundVillageRow,
    TallyRow,
)

HandedOut = tuple[tuple[str, tuple[tuple[str, int | None], ...]], ...]


@dataclass(frozen=True, eq=False)
class Counted:
    """Exact scores of every village of one round, in the order of the villages' codes.

    *flags*: what the screens said, by audience and village code.
    """

    policy: Policy
    mass: tuple[SourceScores, ...]
    self_: tuple[SourceScores, ...]
    flags: Mapping[str, Mapping[str, Flags]]


_counted: WeakKeyDictionary[sa.Engine, dict[tuple[int, datetime], Counted]] = WeakKeyDictionary()


def counted(session: Session, round_: RoundRow) -> Counted:
    """Return the exact scores of *round_*, for `core.release` alone; kept after the first call.

    Raises `Refused` before the seal. A sealed round never changes, so it is named by its id and
    the time of its seal.
    """
    if round_.kind == "rehearsal":
        raise Refused(N_("A rehearsal has no scores: it counts for no village."))
    if round_.state != "sealed" or round_.sealed_at is None:
        raise Refused(N_("There are no scores yet: the round must be sealed first."))
    kept = _counted.setdefault(session.get_bind().engine, {})
    key = (round_.id, round_.sealed_at)
    if key not in kept:
        kept[key] = _count(session, round_)
    return kept[key]


def released(
    session: Session, round_: RoundRow, *, exact: bool = False
) -> dict[str, ReleasedVillage]:
    """Return what may be shown of every village of *round_*, by code.

    The suggestion stands on the consensus that holds now; *exact* gives more digits, and the
    caller must have two persons and an audit entry for it. Raises `Refused` before the seal.
    """
    agreed = latest(session, round_)
    organisational = tuple(
        (village.code, agreed[village.village_id].consensus.score)
        for village in villages(session, round_)
        if village.village_id in agreed
    )
    return _release(
        counted(session, round_), organisational, _handed_out(session, round_), exact=exact
    )


def tried(session: Session, round_: RoundRow, policy: Policy) -> dict[str, Suggestion]:
    """Return what *policy* would suggest from what is released of *round_*; nothing is kept.

    Raises `Refused` before the seal.
    """
    handed_out = {code: dict(counts) for code, counts in _handed_out(session, round_)}
    return what_if(released(session, round_), policy_of(round_), policy, handed_out)


@lru_cache(maxsize=32)
def _release(
    scores: Counted,
    organisational: tuple[tuple[str, float | None], ...],
    handed_out: HandedOut,
    *,
    exact: bool,
) -> dict[str, ReleasedVillage]:
    mass, self_ = _sources(scores, exact=exact)
    return derive_round(
        mass,
        self_,
        scores.policy,
        organisational=dict(organisational),
        handed_out={code: dict(counts) for code, counts in handed_out},
        flags=scores.flags,
    )


@lru_cache(maxsize=4)
def _sources(scores: Counted, *, exact: bool) -> tuple[list[ReleasedSource], list[ReleasedSource]]:
    """Return what no consensus changes: the most work of a release, done once."""
    mass, self_ = (
        release_all(one, scores.policy, exact=exact) for one in (scores.mass, scores.self_)
    )
    return mass, self_


def _count(session: Session, round_: RoundRow) -> Counted:
    policy = policy_of(round_)
    asked = {row.audience: row for row in round_.audiences}
    flags = _flags(session, round_)
    return Counted(
        policy=policy,
        mass=_scores(session, round_, policy, asked.get("mass"), flags),
        self_=_scores(session, round_, policy, asked.get("self"), flags),
        flags=flags,
    )


def _flags(session: Session, round_: RoundRow) -> dict[str, dict[str, Flags]]:
    kept = screens.of_round(session, round_)
    codes = {village.village_id: village.code for village in villages(session, round_)}
    return {
        audience: {codes[village]: flags for village, flags in found.items()}
        for audience, found in kept.items()
    }


def _scores(
    session: Session,
    round_: RoundRow,
    policy: Policy,
    asked: RoundAudienceRow | None,
    flags: Mapping[str, Mapping[str, Flags]],
) -> tuple[SourceScores, ...]:
    if asked is None:
        return ()
    kept = _tallies(session, round_, asked)
    columns = questionnaires.of_digest(session, asked.questionnaire_digest).dimension_columns
    empty = tallies.count([], columns, policy.values)
    counted = [
        VillageTally(
            code=village.code,
            eligible=_eligible(village, asked.audience),
            tally=kept.get(village.village_id, empty),
            census_allowed=asked.access != "poster",
        )
        for village in villages(session, round_)
    ]
    found = flags.get(asked.audience, {})
    flagged = {code for code, one in found.items() if one.raised}
    return tuple(score_round(counted, policy.values, audience=asked.audience, flagged=flagged))


def _eligible(village: RoundVillageRow, audience: str) -> int | None:
    return village.eligible if audience == "mass" else village.party_members


def _tallies(session: Session, round_: RoundRow, asked: RoundAudienceRow) -> dict[int, Tally]:
    """Return the tally that makes the score of each village: tickets, where there are any."""
    wanted = sa.select(TallyRow.village_id, TallyRow.document).where(
        TallyRow.round_id == round_.id,
        TallyRow.audience == asked.audience,
        TallyRow.access == main_access(asked.access),
    )
    return {village: tallies.from_dict(document) for village, document in session.execute(wanted)}


def _handed_out(session: Session, round_: RoundRow) -> HandedOut:
    wanted = (
        sa.select(RoundVillageRow.code, AccountingRow.audience, AccountingRow.handed_out)
        .join(
            AccountingRow,
            (AccountingRow.round_id == RoundVillageRow.round_id)
            & (AccountingRow.village_id == RoundVillageRow.village_id),
        )
        .where(RoundVillageRow.round_id == round_.id)
        .order_by(RoundVillageRow.code, AccountingRow.audience)
    )
    counts: dict[str, list[tuple[str, int | None]]] = {}
    for code, audience, number in session.execute(wanted):
        counts.setdefault(code, []).append((audience, number))
    return tuple((code, tuple(listed)) for code, listed in counts.items())
