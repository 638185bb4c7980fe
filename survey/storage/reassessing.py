"""Assessing a few villages again (复评): a small round of its own that repeats a sealed one.

The same questionnaires and constants, another key and other dates; it is opened, closed and sealed
like any round. Its villages are compared with the round that it repeats (`predecessors`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import audit, copying
from survey.storage.tables import AccountRow, RoundRow, RoundVillageRow

ACT = "round.reassess"


def require_repeatable(round_: RoundRow) -> None:
    """Raise `Refused` unless *round_* is a sealed round that is no rehearsal."""
    if round_.state != "sealed" or round_.kind == "rehearsal":
        raise Refused(N_("Villages are assessed again after their round is sealed."))


def reassess(
    session: Session,
    round_: RoundRow,
    villages: Sequence[RoundVillageRow],
    account: AccountRow,
    **fields: Any,
) -> RoundRow:
    """Keep the draft of a round that asks *villages* of a sealed *round_* again.

    *fields* of the `RoundDraft` say its short name, title, dates and places, and who holds its key.
    """
    require_repeatable(round_)
    made = copying.copy(session, round_, villages, account.username, kind="reassessment", **fields)
    audit.record(session, account.username, ACT, round_.slug, reassessment=made.slug)
    return made
