"""The sheet that invites somebody of the staff: who they are here, a QR code, a typed code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.wording import Translate
from survey.printing import dates, qr
from survey.printing.form import INNER, MARGIN, Form
from survey.printing.paper import INK, SOFT

QR_SIZE = 44.0

_BESIDE = MARGIN + QR_SIZE + 10
_LARGEST = 20.0


@dataclass(frozen=True)
class InvitationText:
    """What the sheet says; *link* holds the code, *address* asks for it, *until* is local time."""

    office: str
    name: str
    username: str
    role: str
    group: str
    link: str
    address: str
    code: str
    until: datetime
    mark: str = ""


def invitation(text: InvitationText, language: str, translate: Translate) -> bytes:
    """Return one A4 page, for the invited person alone."""
    _ = translate
    form = Form(_("Invitation"), text.office, language, translate, text.mark)
    form.heading(_("You are invited to evaluate rectified villages in Cunping"))
    form.facts(_facts(text, language, translate))
    form.space(6)
    _draw_way_in(form, text, translate)
    form.section(_("What you do"))
    for line in _steps(translate):
        form.sentence(line, 11)
    form.section(_("What matters"))
    for line in _rules(translate):
        form.sentence(line, 11)
    return form.finish()


def _facts(text: InvitationText, language: str, translate: Translate) -> list[tuple[str, str]]:
    _ = translate
    return [
        (_("Name"), text.name),
        (_("User name"), text.username),
        (_("Role"), text.role),
        *([(_("Acceptance group"), text.group)] if text.group else []),
        (_("Valid until"), dates.full(text.until, language)),
    ]


def _draw_way_in(form: Form, text: InvitationText, translate: Translate) -> None:
    _ = translate
    paper, top = form.paper, form.top
    qr.draw(paper, text.link, MARGIN, top, QR_SIZE)
    width = MARGIN + INNER - _BESIDE
    below = paper.paragraph(_BESIDE, top, width, _("Scan this, or open"), 11, colour=SOFT)
    below = paper.paragraph(_BESIDE, below + 1, width, text.address, 13)
    below = paper.paragraph(_BESIDE, below + 5, width, _("and type this code:"), 11, colour=SOFT)
    size = min(_LARGEST, _LARGEST * width / max(paper.width(text.code, _LARGEST), 1))
    paper.paragraph(_BESIDE, below + 1, width, text.code, size, colour=INK, strong=True)
    form.space(QR_SIZE + 4)


def _steps(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("1. Look whether name, role and group are right. If not, tell the office."),
        _("2. Choose a password of ten characters or more that you use nowhere else."),
        _("3. Sign in with your user name and this password from then on."),
    ]


def _rules(translate: Translate) -> list[str]:
    _ = translate
    return [
        _("The code works once. Whoever has this sheet before you can choose the password."),
        _("Used up or too late? The office gives you a new code. Tear up this sheet afterwards."),
    ]
