"""What a slip says: all of it, and the short form for small slips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from survey.core.wording import Translate
from survey.printing import dates
from survey.printing.poster import forced, minutes_in_words


@dataclass(frozen=True)
class TicketText:
    """What every slip of a sheet says, in the language of the paper.

    *address* is where a code is typed and ends with ``/t/``; *deadline* is in the office's time
    zone; *key_holding* is ``halves`` or ``server``; *number* is the sheet's, by which it is voided.
    """

    village: str
    township: str
    title: str
    address: str
    phone: str
    deadline: datetime
    key_holding: str
    minutes: int = 2
    number: int = 1
    two_person: bool = True
    mark: str = ""


@dataclass(frozen=True)
class Words:
    """Everything that a sheet prints but its numbers."""

    village: str
    whose: str
    call: str
    rules: tuple[str, ...]
    short_rules: tuple[str, ...]
    head: str
    numbered: str
    footer: str
    mark: str

    def all(self) -> Iterable[str]:
        """Return each of them, for a font to be cut to."""
        for field in fields(self):
            value = getattr(self, field.name)
            yield from (value,) if isinstance(value, str) else value


def words(text: TicketText, language: str, translate: Translate) -> Words:
    """Return what the slips of *text* say in the language of the paper."""
    _ = translate
    return Words(
        village=text.village,
        whose=f"{text.township} · {text.title}",
        call=_("Scan with WeChat: %(minutes)s minutes, no name")
        % {"minutes": minutes_in_words(text.minutes, translate)},
        rules=tuple(_rules(text, language, translate)),
        short_rules=tuple(_short_rules(text, language, translate)),
        head=f"{text.township} · {text.village} · {text.title}",
        numbered=_("Sheet %(number)d, page %(page)d of %(pages)d"),
        footer=_footer(text, translate),
        mark=text.mark,
    )


def _rules(text: TicketText, language: str, translate: Translate) -> list[str]:
    _ = translate
    rules = [
        _("If scanning fails, type %(address)s and the number above.") % {"address": text.address},
        _("One slip, one answer; tear it up after use. Closes %(deadline)s.")
        % {"deadline": dates.moment(text.deadline, language)},
        forced("ticket", text.phone, translate),
    ]
    return rules + _weakness(text, translate)


def _short_rules(text: TicketText, language: str, translate: Translate) -> list[str]:
    _ = translate
    rules = [
        _("Or type %(address)s and the number.") % {"address": text.address},
        _("One answer; tear up after use. Closes %(deadline)s.")
        % {"deadline": dates.short(text.deadline, language)},
        _("Forced? Call %(phone)s.") % {"phone": text.phone},
    ]
    return rules + _weakness(text, translate)


def _weakness(text: TicketText, translate: Translate) -> list[str]:
    _ = translate
    if text.key_holding == "halves":
        return []
    return [_("Stored encrypted; whoever runs the server holds the key.")]


def _footer(text: TicketText, translate: Translate) -> str:
    _ = translate
    counting = _("Count before two witnesses what is handed out and what comes back.")
    if text.two_person:
        return counting
    return f"{counting} {alone(translate)}"


def alone(translate: Translate) -> str:
    """Return what every paper of an installation says that needs no second person."""
    _ = translate
    return _("In this installation one person acts alone.")
