"""The opening sheet: what was opened, when, by whom, with which key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.wording import Translate
from survey.printing import dates
from survey.printing.form import Form
from survey.printing.ticket_words import alone


@dataclass(frozen=True)
class OpeningAudience:
    """One audience of the round; *questionnaire* is the digest of its text."""

    title: str
    access: str
    villages: int
    questionnaire: str


@dataclass(frozen=True)
class OpeningText:
    """What the sheet says; times in the office's zone, *persons* one or two names."""

    round_title: str
    office: str
    opened_at: datetime
    closes_at: datetime
    audiences: tuple[OpeningAudience, ...]
    public_key: str
    key_holding: str
    persons: tuple[str, ...]
    audit_head: str
    two_person: bool = True
    mark: str = ""


def opening_sheet(text: OpeningText, language: str, translate: Translate) -> bytes:
    """Return the sheet, to be signed by those who opened the round."""
    _ = translate
    form = Form(_("Opening sheet"), text.office, language, translate, text.mark)
    form.heading(text.round_title)
    form.facts(
        [
            (_("Opened"), dates.full(text.opened_at, language)),
            (_("Closes"), dates.full(text.closes_at, language)),
            (_("Key"), held(text.key_holding, translate)),
            (_("Public key"), spaced(text.public_key)),
            (_("Audit head"), spaced(text.audit_head)),
        ]
    )
    for audience in text.audiences:
        form.section(audience.title)
        form.facts(
            [
                (_("Access"), _access(audience.access, translate)),
                (_("Villages"), str(audience.villages)),
                (_("Questionnaire"), spaced(audience.questionnaire)),
            ]
        )
    form.section(_("What this sheet is for"))
    form.sentence(
        _(
            "Keep it with the papers of the round. When the box is opened, the public key must be "
            "the same, and the audit log must still hold this head."
        )
    )
    if not text.two_person:
        form.sentence(alone(translate), strong=True)
    form.signatures([*text.persons, _("Date")])
    return form.finish()


def held(key_holding: str, translate: Translate) -> str:
    """Return in words who holds the key."""
    _ = translate
    return {
        "halves": _("Two persons hold one half each."),
        "server": _("On the server, which is weaker: whoever runs the server holds the key."),
    }[key_holding]


def _access(access: str, translate: Translate) -> str:
    _ = translate
    return {"poster": _("Poster"), "ticket": _("Slips"), "both": _("Poster and slips")}[access]


def spaced(digits: str) -> str:
    """Return *digits* in groups of eight, to be compared by eye."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
