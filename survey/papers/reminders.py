"""Reminders of villages where few have answered: cards to cut, and text to paste into WeChat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from survey.core import reminder
from survey.core.errors import Refused
from survey.core.reminder import Reminder
from survey.core.round import spoken
from survey.core.watch import Watched
from survey.core.wording import N_
from survey.papers.reader import Reader
from survey.printing import dates
from survey.printing.reminder import CardText, cards
from survey.storage import rounds
from survey.storage.tables import RoundRow


def require_open(round_: RoundRow) -> None:
    """Raise `Refused` where nobody can answer, and `Missing` where no villager is asked."""
    if round_.state != "open":
        raise Refused(N_("Reminders are for an open round: in this one nobody can answer now."))
    rounds.audience_of(round_, "mass")


def print_reminders(
    round_: RoundRow, villages: Iterable[Watched], reader: Reader, today: date
) -> bytes:
    """Return a card for each of *villages*, eight to a page; raises `Refused` where none is."""
    texts = [
        CardText(
            reminder=_reminder(round_, village, reader, today),
            township=village.township,
            office=round_.office,
            mark=reader.mark(round_),
        )
        for village in villages
    ]
    if not texts:
        raise Refused(N_("No village is below what is expected: there is nobody to remind."))
    return cards(texts, reader.language, reader.translate)


def reminder_text(round_: RoundRow, village: Watched | None, reader: Reader, today: date) -> str:
    """Return the lines to paste for *village*; None: those for all villages alike."""
    told = _reminder(round_, village, reader, today)
    said = (reminder.heading(told), *reminder.sentences(told))
    return "\n".join([*(one.render(reader.translate) for one in said), round_.office])


def _reminder(round_: RoundRow, village: Watched | None, reader: Reader, today: date) -> Reminder:
    to_come = round_.help_on >= today
    closes_at = (village.later if village else None) or round_.closes_at
    return Reminder(
        village=reader.named(round_, village.name) if village else "",
        answered=(village.answered or 0) if village else 0,
        eligible=village.eligible if village else None,
        deadline=dates.moment(spoken(closes_at, round_.timezone), reader.language),
        help_on=dates.day(round_.help_on, reader.language) if to_come else "",
        help_place=round_.help_place,
        phone=round_.phone,
        access=rounds.audience_of(round_, "mass").access,
    )
