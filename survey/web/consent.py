"""The five sentences before the first item, for the form and for whoever reads them aloud."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from survey.storage.tables import RoundRow
from survey.web.i18n import day, moment


def consent(round_: RoundRow, access: str, closes_at: datetime | None = None) -> list[str]:
    """Return the five sentences before the first item, true for *round_* and *access*.

    *closes_at* is the deadline of a village that has one of its own.
    """
    deadline = moment(closes_at or round_.closes_at, round_.timezone)
    if round_.kind == "rehearsal":
        return _of_a_rehearsal(round_, deadline)
    return [
        gettext("%(office)s is asking, not your village officials.", office=round_.office),
        gettext("We ask whether things got better; the work is judged, not you."),
        gettext("No name, number or phone is recorded.")
        if access == "poster"
        else gettext(
            "No name, number or phone is recorded; slips come from a bag, so nobody knows yours."
        ),
        gettext(
            "Locked once sent; after %(deadline)s two people, each with half of the key, open it; "
            "answers are mixed and only village totals are counted.",
            deadline=deadline,
        )
        if round_.key_holding == "halves"
        else gettext(
            "Stored encrypted; whoever runs the server holds the key; mixed after closing, only "
            "totals are counted."
        ),
        gettext(
            "It is your choice; if anyone forces or watches you, call %(phone)s; results hang at "
            "%(place)s on %(date)s.",
            phone=round_.phone,
            place=round_.results_place,
            date=day(round_.results_on),
        ),
    ]


def _of_a_rehearsal(round_: RoundRow, deadline: str) -> list[str]:
    """Return what is true of a rehearsal: nothing is published of it, and it is deleted."""
    return [
        gettext("%(office)s is trying out the questions with colleagues.", office=round_.office),
        gettext(
            "This is a rehearsal: it counts for no village. Please answer as a villager would."
        ),
        gettext("No name, number or phone is recorded."),
        gettext(
            "Stored encrypted; the server holds the key. After %(deadline)s or sooner, answers are"
            " mixed; we see only which questions too many could not answer.",
            deadline=deadline,
        ),
        gettext(
            "It is your choice. Nothing is published, and the answers are deleted with the"
            " rehearsal. Questions? Call %(phone)s.",
            phone=round_.phone,
        ),
    ]
