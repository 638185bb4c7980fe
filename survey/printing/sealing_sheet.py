"""The sealing sheet: what was sealed and what must still be destroyed by hand before witnesses.

The first promise holds against those who keep backups from the moment this sheet is signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.wording import Translate
from survey.printing import dates
from survey.printing.form import INNER, Form
from survey.printing.opening_sheet import held, spaced
from survey.printing.ticket_words import alone

_CODE, _BALLOTS = 32.0, 26.0
_WIDTHS = (_CODE, *[(INNER - _CODE - _BALLOTS) / 3] * 3, _BALLOTS)


@dataclass(frozen=True)
class SealedCount:
    """One line of the table; *ballots* in the form in which it may be shown."""

    code: str
    township: str
    village: str
    title: str
    ballots: str


@dataclass(frozen=True)
class SealingText:
    """What the sheet says; times in the office's zone, *database* ``sqlite`` or ``postgresql``.

    *bad_rows* is how many unreadable rows two persons accepted, 0 for none; *keepers* are the slots
    and standby servers that PostgreSQL knew, by name.
    """

    round_title: str
    office: str
    closed_at: datetime
    sealed_at: datetime
    counts: tuple[SealedCount, ...]
    bad_rows: int
    key_holding: str
    database: str
    persons: tuple[str, ...]
    audit_head: str
    keepers: tuple[str, ...] = ()
    two_person: bool = True
    mark: str = ""


def sealing_sheet(text: SealingText, language: str, translate: Translate) -> bytes:
    """Return the sheet, to be signed by those who sealed and by two witnesses."""
    _ = translate
    form = Form(_("Sealing sheet"), text.office, language, translate, text.mark)
    form.heading(text.round_title)
    form.facts(_facts(text, language, translate))
    form.section(_("To be destroyed by hand, before witnesses"))
    form.sentence(
        _(
            "The service itself has destroyed the ballot box and the locked key. What is listed "
            "here lies outside of it: tick each line when it is done. From the moment this sheet "
            "is signed, nobody can link an answer to a person, not even with an old backup."
        )
    )
    form.boxes(_remains(text, translate))
    if not text.two_person:
        form.sentence(alone(translate), strong=True)
    form.signatures([*text.persons, _("First witness"), _("Second witness"), _("Date")])
    form.section(_("Sealed ballots"))
    head = (_("Code"), _("Township"), _("Village"), _("Questionnaire"), _("Ballots"))
    rows = ((row.code, row.township, row.village, row.title, row.ballots) for row in text.counts)
    form.table(_WIDTHS, head, rows)
    return form.finish()


def _facts(text: SealingText, language: str, translate: Translate) -> list[tuple[str, str]]:
    _ = translate
    bad = _("none") if text.bad_rows == 0 else _bad_rows(text.bad_rows, translate)
    return [
        (_("Closed"), dates.full(text.closed_at, language)),
        (_("Sealed"), dates.full(text.sealed_at, language)),
        (_("Key"), held(text.key_holding, translate)),
        (_("Unreadable rows"), bad),
        (_("Audit head"), spaced(text.audit_head)),
    ]


def _bad_rows(count: int, translate: Translate) -> str:
    _ = translate
    return _("%(count)d, not counted; accepted by those who sign below") % {"count": count}


def _remains(text: SealingText, translate: Translate) -> list[str]:
    """Return what is left of the open round outside this service."""
    _ = translate
    remains = []
    if text.key_holding == "halves":
        remains.append(_("Both envelopes of half number 1: the copy and the spare"))
        remains.append(_("Both envelopes of half number 2: the copy and the spare"))
    remains.append(_("Every backup and disk image made while the round was open or closed"))
    remains.append(_("Any copy of the key folder"))
    if text.database == "postgresql":
        remains.append(_("Archived write-ahead log (WAL) from the opening to the seal"))
        remains.append(_("Replication slots and standby servers that kept such log"))
        remains += [_("of these: %(name)s") % {"name": name} for name in text.keepers]
    remains.append(_("Slips that were left over or handed back, and files of printed slips"))
    return remains
