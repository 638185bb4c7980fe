"""What a sealed round found, village by village, for the papers that tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.finding import Asked, Finding, Signed
from survey.core.wording import N_
from survey.papers.reader import questionnaire
from survey.storage import extras, interviews, results, rounds
from survey.storage.standings import latest
from survey.storage.tables import RatingRow, RoundRow, RoundVillageRow


def of_round(
    session: Session,
    round_: RoundRow,
    villages: Sequence[RoundVillageRow] | None = None,
    shown: Collection[int] | None = None,
) -> list[Finding]:
    """Return what may be told of *villages*, all of the round unless some are given.

    *shown*: ids of those whose scores the reader may see, None for all.
    Raises `Refused` before the seal.
    """
    if round_.state != "sealed":
        raise Refused(N_("The ledger is there once the round is sealed."))
    listed = rounds.villages(session, round_) if villages is None else villages
    released = results.released(session, round_)
    agreed = latest(session, round_)
    seen = {row.village_id for row in listed} if shown is None else shown
    versions = _versions(session, round_)
    heard = interviews.heard(session, round_, listed)
    with_extras = any(questionnaire(asked).extras for asked in round_.audiences)
    return [
        Finding(
            code=row.code,
            township=row.township,
            name=row.name,
            group=row.group.name if row.group else "",
            shown=released.get(row.code) if row.village_id in seen else None,
            consensus=agreed[row.village_id].consensus if row.village_id in agreed else None,
            versions=tuple(versions[row.village_id]),
            heard=heard.get(row.village_id, {}),
            extras=(
                extras.released(session, round_, row)
                if with_extras and row.village_id in seen
                else {}
            ),
        )
        for row in listed
    ]


def _versions(session: Session, round_: RoundRow) -> dict[int, list[Signed]]:
    found: dict[int, list[Signed]] = defaultdict(list)
    wanted = sa.select(RatingRow).where(RatingRow.round_id == round_.id)
    for row in session.scalars(wanted.order_by(RatingRow.version)):
        found[row.village_id].append(_signed(row, ZoneInfo(round_.timezone)))
    return found


def _signed(row: RatingRow, zone: ZoneInfo) -> Signed:
    return Signed(
        version=row.version,
        suggestion=row.suggestion,
        decision=row.decision,
        reason=row.reason,
        lead=row.signed_name,
        signed_at=row.signed_at.astimezone(zone),
        countersigner=row.countersigned_name or "",
        countersigned_at=row.countersigned_at.astimezone(zone) if row.countersigned_at else None,
        audit_head=row.audit_head,
        reopened=row.reopening.reason if row.reopening else None,
    )


def asked(round_: RoundRow) -> Asked:
    """Return what each audience of *round_* was asked."""
    return {row.audience: questionnaire(row) for row in round_.audiences}


def day(round_: RoundRow, moment: datetime) -> date:
    """Return the day of *moment* where the round is."""
    return moment.astimezone(ZoneInfo(round_.timezone)).date()
