"""A rehearsal (演练): a round of its own, made from a draft to try its questions and papers out.

It holds no villager's answer and counts for nobody: one person opens, closes, seals and deletes
it, with a key that the server holds, and its form says so. Of its answers nobody sees more than
which questions too many could not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import reliability
from survey.core.errors import Refused
from survey.core.release import ReleasedRehearsal, release_rehearsal
from survey.core.round import spoken
from survey.core.wording import N_
from survey.storage import audit, copying, instrument, keys, opening, removing, rounds
from survey.storage.db import now
from survey.storage.tables import AccountRow, AuditRow, RoundRow, RoundVillageRow

ACT = "round.rehearse"
DAYS = 7
"""How long a rehearsal takes answers where nobody closes it before."""
VILLAGES = 2
"""How many villages are proposed for it."""


def rehearse(
    session: Session,
    draft: RoundRow,
    villages: Sequence[RoundVillageRow],
    account: AccountRow,
    title: str,
    base_address: str,
    folder: Path,
) -> RoundRow:
    """Make a rehearsal of *draft* in *villages* and open it; *title* says that it is one.

    Raises `Refused` where *draft* was opened before or phones could not reach the service.
    """
    if draft.state != "draft" or draft.kind == "rehearsal":
        raise Refused(N_("A rehearsal is made from a round that is being prepared."))
    moment = now(session)
    until = moment + timedelta(days=DAYS)
    made = copying.copy(
        session,
        draft,
        villages,
        account.username,
        slug=_slug(session, draft),
        title=title,
        kind="rehearsal",
        key_holding="server",
        opens_at=moment,
        closes_at=until,
        results_on=max(draft.results_on, spoken(until, draft.timezone).date()),
        policy=rounds.policy_of(draft).model_copy(update={"seal_delay_minutes": 0}),
    )
    audit.record(session, account.username, ACT, draft.slug, rehearsal=made.slug)
    opening.as_rehearsal(session, made, account, base_address, folder)
    return made


def _slug(session: Session, draft: RoundRow) -> str:
    """Return a short name that no rehearsal had before: they are numbered over all drafts.

    Two long names may be the same where they are cut.
    """
    earlier = sa.select(sa.func.count()).where(AuditRow.act == ACT)
    return f"{draft.slug[:24]}-rehearsal-{session.execute(earlier).scalar_one() + 1}"


def require_rehearsal(round_: RoundRow) -> None:
    """Raise `Refused` unless *round_* is a rehearsal: only that is one person's alone."""
    if round_.kind != "rehearsal":
        raise Refused(N_("This round is not a rehearsal: it needs two persons."))


def close(session: Session, round_: RoundRow, account: AccountRow) -> None:
    """Close a rehearsal, where it is open, so that it can be sealed at once."""
    require_rehearsal(round_)
    if round_.state == "open":
        rounds.close_now(session, round_, account)


def findings(session: Session, round_: RoundRow) -> dict[str, ReleasedRehearsal]:
    """Return by audience which questions too many could not answer; raises `Refused`.

    Answers by slip and by poster together, of all villages: it is about the questions alone.
    """
    require_rehearsal(round_)
    if round_.state != "sealed":
        raise Refused(N_("There is nothing to be seen yet: the rehearsal must be sealed first."))
    return {
        asked.audience: release_rehearsal(
            reliability.measure(instrument.tally(session, round_, asked, ("poster", "ticket")))
        )
        for asked in round_.audiences
    }


def remove(session: Session, round_: RoundRow, account: AccountRow, folder: Path) -> None:
    """Delete a rehearsal with everything, but not while it is sealed; `removing.clear` follows."""
    require_rehearsal(round_)
    if keys.is_held(folder, round_.id):
        raise Refused(keys.HELD)
    removing.remove(session, round_, folder, account.username, account.name)
