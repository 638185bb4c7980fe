"""The round before: the same village's last sealed round, and its scores beside those of now."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.comparison import Asked, Comparison, compare
from survey.core.release import ReleasedSource, ReleasedVillage
from survey.storage import results
from survey.storage.rounds import main_access, policy_of
from survey.storage.standings import scores_shown, standing
from survey.storage.tables import AccountRow, HamletRow, RoundRow, RoundVillageRow


@dataclass(frozen=True)
class Predecessor:
    """A village's *last* sealed round, and the comparison of each audience asked now."""

    last: RoundRow
    comparisons: dict[str, Comparison]


def last_of(
    session: Session, round_: RoundRow, village: RoundVillageRow
) -> tuple[RoundRow, RoundVillageRow] | None:
    """Return the round sealed last before *round_* with *village*, and it there.

    A demonstration is compared with demonstrations only. Hamlets that were merged meanwhile have
    no round before: the one under their code was of one of them alone.
    """
    found = session.execute(
        sa.select(RoundRow, RoundVillageRow)
        .join(RoundVillageRow, RoundVillageRow.round_id == RoundRow.id)
        .where(
            RoundVillageRow.village_id == village.village_id,
            RoundRow.state == "sealed",
            RoundRow.demo.is_(round_.demo),
            RoundRow.id != round_.id,
            RoundRow.sealed_at < round_.sealed_at,
        )
        .order_by(RoundRow.sealed_at.desc(), RoundRow.id.desc())
        .limit(1)
    ).first()
    if found is None or _merged_between(session, village.village_id, found[0], round_):
        return None
    return found[0], found[1]


def _merged_between(session: Session, village_id: int, last: RoundRow, now: RoundRow) -> bool:
    hamlet = session.get(HamletRow, village_id)
    return bool(
        hamlet
        and last.opened_at
        and now.opened_at
        and last.opened_at < hamlet.since <= now.opened_at
    )


def compared(
    session: Session, round_: RoundRow, village: RoundVillageRow, reader: AccountRow
) -> Predecessor | None:
    """Return the scores of *village* beside those of its last round, as *reader* may see them.

    None where there was none, or where the scores of then are hidden from *reader*. Raises
    `Refused` before the seal of *round_*.
    """
    now = results.released(session, round_)[village.code]
    found = last_of(session, round_, village)
    if found is None or not scores_shown(
        found[0], standing(session, found[0], found[1], reader), reader
    ):
        return None
    before = results.released(session, found[0])[found[1].code]
    asked_now, asked_before = _asked(round_, now), _asked(found[0], before)
    return Predecessor(
        found[0],
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
