"""The respondent's pages as responses: rendered, with their own policy, compressed."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import gettext

from survey.core.ballot import COMMENT
from survey.core.questionnaire import Questionnaire
from survey.core.wording import Sentence
from survey.storage import deadlines
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.collect import assets, marks, questions
from survey.web.collect.press import Marks, Pressed
from survey.web.consent import consent
from survey.web.i18n import language

ANSWERED = "answered"
LONGEST_CODE = 40
"""Signs of a typed code, with any spaces."""

_SMALLEST_TO_COMPRESS = 500
_OF_THE_ROUND = (
    "id", "demo", "kind", "office", "phone", "key_holding", "timezone", "results_place",
    "results_on",
)  # fmt: skip
"""What the words of a form hang on, beside questionnaire, audience, access, deadline, language."""

_MOST_PRESSED = 64
_pressed: dict[tuple[object, ...], Pressed] = {}


@dataclass(frozen=True)
class Sheet:
    """What a form is about, and what must come back with it."""

    round: RoundRow
    village: RoundVillageRow
    questionnaire: Questionnaire
    audience: str
    access: str
    ballot_length: int
    address: str
    hidden: dict[str, str]
    closes_at: datetime

    @property
    def reads(self) -> str:
        """What “Read it to me” asks for: the village too where its deadline is its own."""
        shared = f"{self.round.id}/{self.audience}/{self.access}"
        if self.closes_at == self.round.closes_at:
            return shared
        return f"{shared}/{self.village.village_id}"


def form(
    sheet: Sheet,
    filled: dict[str, str] | None = None,
    missing: tuple[str, ...] = (),
    notice: str = "",
    status: int = 200,
) -> Response:
    """Return the questionnaire with what was *filled* in, *missing* items pointed out."""
    if filled is None and not notice:
        pressed = _empty_form(sheet)
    else:
        pressed = Pressed(_form(sheet, filled or {}, missing, notice))
    return _spliced(pressed, _differing(sheet), status)


def _empty_form(sheet: Sheet) -> Pressed:
    """Return the form that nobody has filled in, made once for all who are asked the same."""
    said = tuple(getattr(sheet.round, name) for name in _OF_THE_ROUND)
    fields = tuple(sheet.hidden)
    asked = (sheet.questionnaire.digest, sheet.audience, sheet.access, sheet.closes_at, sheet.reads)
    key = (*asked, fields, language(), *said)
    pressed = _pressed.get(key)
    if pressed is None:
        if len(_pressed) >= _MOST_PRESSED:
            _pressed.clear()
        pressed = _pressed[key] = Pressed(_form(sheet, {}, (), ""))
    return pressed


def _differing(sheet: Sheet) -> dict[str, str]:
    """Return what differs between two who are asked the same."""
    return {
        "address": sheet.address,
        "village": sheet.village.name,
        "township": sheet.village.township,
        **sheet.hidden,
    }


def preview(sheet: Sheet) -> Response:
    """Return the form of *sheet* to look at, under the policy of the page that shows it."""
    page = Pressed(_form(sheet, {}, (), "", preview=True))
    return make_response(page.plain(_differing(sheet)))


def _form(
    sheet: Sheet,
    filled: dict[str, str],
    missing: tuple[str, ...],
    notice: str,
    *,
    preview: bool = False,
) -> str:
    tongue = language()
    comment = sheet.questionnaire.comment
    steps = questions.steps(sheet.questionnaire, tongue, filled, missing)
    return _rendered(
        "form",
        preview=preview,
        sheet=sheet,
        mark=Marks(),
        title=sheet.questionnaire.title.in_language(tongue),
        consent=consent(sheet.round, sheet.access, sheet.closes_at),
        steps=steps,
        total=len(sheet.questionnaire.items),
        missing=[one for step in steps for one in step.questions if one.missing],
        notice=notice,
        comment=comment,
        comment_text=comment.text.in_language(tongue) if comment else "",
        written=filled.get(COMMENT, ""),
    )


def _rendered(kind: str, **context: Any) -> str:
    """Return the page *kind*, dense."""
    return assets.dense(
        render_template(
            f"collect/{kind}.html",
            kind=kind,
            style=assets.style(),
            script=assets.script(),
            other="zh" if language() == "en" else "en",
            slip_address=f"/t/?lang={language()}",
            longest=LONGEST_CODE,
            **context,
        )
    )


def message(
    kind: str,
    round_: RoundRow | None = None,
    status: int = 200,
    retry: int | None = None,
    deadline: datetime | None = None,
) -> Response:
    """Return the page that says *kind*: thanks, spent, void, closed, early and so on.

    *deadline* is that of the village, where it is known.
    """
    until = deadlines.taken_until(round_, deadline) if round_ else None
    page = _rendered(kind, round=round_, until=until, helping=marks.sent())
    response = _respond(page.encode(), status)
    if retry:
        response.headers["Retry-After"] = str(retry)
    return response


def thanks(sheet: Sheet) -> Response:
    """Return the thanks: the same bytes for everybody in a round, so that a retry shows no more.

    A poster's also sets the constant cookie by which this phone is greeted the next time.
    """
    response = message("thanks", sheet.round)
    if sheet.access == "poster":
        response.set_cookie(
            ANSWERED,
            sheet.round.slug,
            expires=sheet.closes_at,
            path="/v/",
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


def type_code(problem: Sentence | None = None, status: int = 200, typed: str = "") -> Response:
    """Return the page on which a slip's code is typed, with what was *typed* wrong."""
    page = _rendered("code", problem=problem, typed=typed[:LONGEST_CODE], helping=marks.sent())
    return _respond(page.encode(), status)


def helping(round_: RoundRow, mark: str) -> Response:
    """Return the page on which a helper begins; its script remembers *mark* and says *words*."""
    words = {
        "filling": gettext("You are filling this in for somebody else"),
        "count": gettext("on this phone so far: %(number)s", number="{number}"),
        "done": gettext("I am done helping"),
        "next": gettext("Type the code of a slip"),
        "waiting": gettext(
            "No network. The answer is on this page only. Keep it open and wait; give the phone "
            "back when it says thank you."
        ),
    }
    page = _rendered(
        "help", round=round_, helping=mark, words=json.dumps(words, ensure_ascii=False)
    )
    return _respond(page.encode(), 200)


def _spliced(pressed: Pressed, values: dict[str, str], status: int) -> Response:
    if not _reads_gzip():
        return _respond(pressed.plain(values), status)
    response = _respond(pressed.compressed(values), status)
    response.content_encoding = "gzip"
    return response


def _respond(page: bytes, status: int) -> Response:
    """Return *page* under the policy that allows our own inline style and script alone."""
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = assets.page_policy()
    return response


def _reads_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def compress(response: Response) -> Response:
    """Compress a page for who can read it; it holds no secret that is mixed with input."""
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    small = len(content) <= _SMALLEST_TO_COMPRESS or response.mimetype.startswith("audio/")
    if _reads_gzip() and not small and not response.content_encoding:
        response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    return response
