"""Ballots on paper: slips that were ticked by hand, keyed twice in one page, posted from there.

The server gives the page and nothing more. What is keyed goes through the villagers' door, slip by
slip, once two persons agree; nothing of it is kept, logged or audited (docs/security.md).
"""

from __future__ import annotations

import json

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import box, codes
from survey.core.errors import Refused
from survey.core.questionnaire import (
    CHOICES,
    Extra,
    Number,
    OneOf,
    Questionnaire,
    ShortText,
    SomeOf,
)
from survey.core.wording import N_
from survey.storage import questionnaires, rounds
from survey.storage.db import db
from survey.storage.tables import RoundAudienceRow, RoundRow
from survey.web.access import administrators
from survey.web.admin.assistance import pepper
from survey.web.admin.blueprint import blueprint
from survey.web.headers import policy
from survey.web.i18n import language
from survey.web.reading import hint

_POSTING = policy(style_src="'self'", script_src="'self'", img_src="'self'", connect_src="'self'")
"""The page itself sends what was keyed, and reads what is answered."""


@blueprint.get("/rounds/<slug>/paper")
@administrators
def paper_ballots(slug: str) -> ResponseReturnValue:
    """Administrators: key the paper slips of one audience of an open round."""
    round_ = rounds.by_slug(db.session, slug)
    mark = box.make_mark(pepper(round_))
    asked, others = _chosen(round_)
    questionnaire = questionnaires.read(asked.questionnaire.document)
    page = render_template(
        "admin/paper.html",
        round=round_,
        audience=asked.audience,
        others=others,
        items=_items(questionnaire),
        beside=_beside(questionnaire),
        comment=questionnaire.comment,
        sheet=json.dumps(_sheet(questionnaire, mark)),
        words=json.dumps(_words(), ensure_ascii=False),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _POSTING
    return response


def _chosen(round_: RoundRow) -> tuple[RoundAudienceRow, list[str]]:
    """Return the audience whose slips are keyed, and the names of the others that have slips."""
    with_slips = {row.audience: row for row in round_.audiences if row.access != "poster"}
    if not with_slips:
        raise Refused(N_("This round has posters only; there are no slips to key."))
    wanted = request.args.get("audience", "")
    asked = with_slips.pop(wanted if wanted in with_slips else next(iter(with_slips)))
    return asked, list(with_slips)


def _items(questionnaire: Questionnaire) -> list[dict[str, str]]:
    """Return key and text of each item, and as JSON what its digits 1 to 5 say."""
    tongue = language()
    return [
        {
            "key": item.key,
            "text": item.text.in_language(tongue),
            "choices": json.dumps(
                [
                    getattr(questionnaire.wording_of(item), value).in_language(tongue)
                    for value in CHOICES
                ],
                ensure_ascii=False,
            ),
        }
        for item in questionnaire.items
    ]


def _beside(questionnaire: Questionnaire) -> list[dict[str, str]]:
    """Return text and hint of each question that is not graded, options with their numbers."""
    tongue = language()
    return [
        {"text": extra.text.in_language(tongue), "hint": _how_to_key(extra, tongue)}
        for extra in questionnaire.extras
    ]


def _how_to_key(extra: Extra, tongue: str) -> str:
    if not isinstance(extra, OneOf | SomeOf):
        return hint(extra)
    options = " · ".join(
        f"{number} {option.text.in_language(tongue)}"
        for number, option in enumerate(extra.options, start=1)
    )
    if isinstance(extra, OneOf):
        return _("One number: %(options)s", options=options)
    return _("Any numbers, with spaces between them: %(options)s", options=options)


def _asked(extra: Extra) -> dict[str, object]:
    """Return what the script must know of one question that is not graded."""
    known: dict[str, object] = {"key": extra.key, "kind": extra.kind}
    match extra:
        case OneOf() | SomeOf():
            return known | {"options": [option.key for option in extra.options]}
        case Number():
            return known | {"least": extra.least, "most": extra.most}
        case ShortText():
            return known


def _sheet(questionnaire: Questionnaire, mark: str) -> dict[str, object]:
    """Return what the script must know to check, compare and send."""
    return {
        "address": "/t/",
        "mark": mark,
        "digits": codes.TICKET_DIGITS,
        "table": codes.DAMM,
        "keys": [item.key for item in questionnaire.items],
        "order": [asked.key for one in questionnaire.dimensions for asked in one.asked],
        "values": ["", *CHOICES],
        "extras": [_asked(extra) for extra in questionnaire.extras],
    }


def _words() -> dict[str, str]:
    """Return what the script says; ``{…}`` is filled in there."""
    return {
        "blank": _("blank"),
        "digits": _("The code on the slip has 16 digits. Please type all of them."),
        "wrong": _("One digit is not right. Please compare with the slip."),
        "twice": _("This slip was keyed before; what you key now takes its place."),
        "agreed": _("This slip was compared already and is ready to be sent."),
        "strange": _("This slip is not one of those to be keyed anew."),
        "open": _("Some items are not keyed yet. Key 0 where the slip is blank."),
        "outside": _(
            "This does not fit its question. Leave it empty where the slip is blank or unclear."
        ),
        "unfinished": _("A slip is begun. Finish it, or clear its code."),
        "first": _("First person: key the stack"),
        "second": _("Second person: key the same stack"),
        "firstAgain": _("First person: key these slips anew"),
        "secondAgain": _("Second person: key these slips anew"),
        "count": _("Keyed by you: %(number)s", number="{number}"),
        "ready": _("Both agree: %(number)s", number="{number}"),
        "onlyFirst": _("keyed by the first person only"),
        "onlySecond": _("keyed by the second person only"),
        "comment": _("the comment"),
        "send": _("Send those that agree (%(number)s)", number="{number}"),
        "sending": _("Sending … Left: %(number)s", number="{number}"),
        "waiting": _(
            "Waiting for the network. Keep this page open. Left: %(number)s", number="{number}"
        ),
        "sent": _("Counted: %(number)s", number="{number}"),
        "used": _("Not counted: an answer with this slip was counted before."),
        "void": _("Not counted: this slip is no longer valid."),
        "closed": _("Not counted: no answers are taken now."),
        "unknown": _("Not counted: the service does not know this slip."),
        "foreign": _("Not counted: this slip belongs to another questionnaire or round."),
    }
