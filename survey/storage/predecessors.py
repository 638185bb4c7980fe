"""The round before: the same village's last sealed round, and its scores beside those of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.comparison import Asked, Comparison, compare
from survey.core.release import ReleasedSource, ReleasedVillage
from survey.storage import copying, results
from survey.storage.rounds import main_access, policy_of
from survey.storage.standings import scores_shown, standings
from survey.storage.tables import AccountRow, HamletRow, RoundRow, RoundVillageRow


@dataclass(frozen=True)
class Predecessor:
    """A village's *last* sealed round, its scores of then, and each audience compared."""

    last: RoundRow
    before: ReleasedVillage
    comparisons: dict[str, Comparison]


def last_of(
    session: Session, round_: RoundRow, village: RoundVillageRow
) -> tuple[RoundRow, RoundVillageRow] | None:
    """Return the round sealed last before *round_* with *village*, and it there."""
    return _lasts(session, round_, [village]).get(village.village_id)


def _lasts(
    session: Session, round_: RoundRow, villages: Sequence[RoundVillageRow]
) -> dict[int, tuple[RoundRow, RoundVillageRow]]:
    """Return what `last_of` says of each of *villages* that had a round before, by village id.

    A demonstration is compared with demonstrations only, a reassessment with the round that it
    repeats, and nothing with a rehearsal. Hamlets that were merged meanwhile have no round before:
    the one under their code was of one of them alone.
    """
    ids = [village.village_id for village in villages]
    origin = copying.origin_of(session, round_) if round_.kind == "reassessment" else None
    found = session.execute(
        sa.select(RoundRow, RoundVillageRow)
        .join(RoundVillageRow, RoundVillageRow.round_id == RoundRow.id)
        .where(
            RoundVillageRow.village_id.in_(ids),
            RoundRow.state == "sealed",
            RoundRow.kind != "rehearsal",
            RoundRow.demo.is_(round_.demo),
            RoundRow.id != round_.id,
            RoundRow.sealed_at < round_.sealed_at,
            *((RoundRow.id == origin.id,) if origin else ()),
        )
        .order_by(RoundRow.sealed_at, RoundRow.id)
    )
    lasts = {village.village_id: (last, village) for last, village in found}
    hamlets = session.scalars(sa.select(HamletRow).where(HamletRow.village_id.in_(ids)))
    merged = {
        hamlet.village_id
        for hamlet in hamlets
        if hamlet.village_id in lasts
        and _merged_between(hamlet, lasts[hamlet.village_id][0], round_)
    }
    return {village_id: last for village_id, last in lasts.items() if village_id not in merged}


def _merged_between(hamlet: HamletRow, last: RoundRow, now: RoundRow) -> bool:
    return bool(last.opened_at and now.opened_at and last.opened_at < hamlet.since <= now.opened_at)


def compared(
    session: Session, round_: RoundRow, village: RoundVillageRow, reader: AccountRow
) -> Predecessor | None:
    """Return the scores of *village* beside those of its last round, as *reader* may see them.

    None where there was none, or where the scores of then are hidden from *reader*. Raises
    `Refused` before the seal of *round_*.
    """
    return compared_all(session, round_, [village], reader).get(village.code)


def compared_all(
    session: Session, round_: RoundRow, villages: Sequence[RoundVillageRow], reader: AccountRow
) -> dict[str, Predecessor]:
    """Return what `compared` says of each of *villages*, by code, in a few queries for each round.

    The caller has seen to it that *reader* may see their scores of now.
    """
    by_round: dict[int, list[RoundVillageRow]] = defaultdict(list)
    lasts: dict[int, RoundRow] = {}
    for last, village in _lasts(session, round_, villages).values():
        lasts[last.id] = last
        by_round[last.id].append(village)
    if not lasts:
        return {}
    now = results.released(session, round_)
    found = {}
    for number, there in by_round.items():
        last = lasts[number]
        before = results.released(session, last)
        seen = standings(session, last, there, reader)
        for village in there:
            if scores_shown(last, seen[village.village_id], reader):
                both = (now[village.code], before[village.code])
                found[village.code] = _compared(round_, last, *both)
    return found


def _compared(
    round_: RoundRow, last: RoundRow, now: ReleasedVillage, before: ReleasedVillage
) -> Predecessor:
    asked_now, asked_before = _asked(round_, now), _asked(last, before)
    return Predecessor(
        last,
        before,
        {
            audience: compare(asked, asked_before.get(audience))
            for audience, asked in asked_now.items()
        },
    )


def _asked(round_: RoundRow, shown: ReleasedVillage) -> dict[str, Asked]:
    sources: dict[str, ReleasedSource | None] = {"mass": shown.mass, "self": shown.self_}
    return {
        row.audience: Asked(
            questionnaire=row.questionnaire_digest,
            values=policy_of(round_).values,
            by_ticket=main_access(row.access) == "ticket",
            score=source.source if (source := sources[row.audience]) else None,
        )
        for row in round_.audiences
    }
