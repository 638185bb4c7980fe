"""The respondent's pages as responses: rendered, with their own policy, compressed."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext

from survey.core.ballot import COMMENT
from survey.core.questionnaire import CHOICES, Dimension, Questionnaire, Text
from survey.core.wording import Sentence
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.headers import policy
from survey.web.i18n import day, language, moment

ANSWERED = "answered"
LONGEST_CODE = 40
"""Signs of a typed code, with any spaces."""

_SMALLEST_TO_COMPRESS = 500


@dataclass(frozen=True)
class Choice:
    """One radio button."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One graded item as it is shown."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    missing: bool


@dataclass(frozen=True)
class Step:
    """One dimension as it is shown; *number* of *total*."""

    number: int
    total: int
    title: str
    lead: str
    questions: tuple[Question, ...]


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


def form(
    sheet: Sheet,
    filled: dict[str, str] | None = None,
    missing: tuple[str, ...] = (),
    notice: str = "",
    status: int = 200,
) -> Response:
    """Return the questionnaire with what was *filled* in, *missing* items pointed out."""
    tongue = language()
    answers = filled or {}
    comment = sheet.questionnaire.comment
    return respond(
        render_template(
            "collect/form.html",
            style=style(),
            sheet=sheet,
            title=sheet.questionnaire.title.in_language(tongue),
            consent=consent(sheet),
            steps=_steps(sheet.questionnaire, tongue, answers, missing),
            missing=missing,
            notice=notice,
            comment=comment,
            comment_text=comment.text.in_language(tongue) if comment else "",
            written=answers.get(COMMENT, ""),
            other=_other(tongue),
        ),
        status,
    )


def _steps(
    questionnaire: Questionnaire, tongue: str, answers: dict[str, str], missing: tuple[str, ...]
) -> tuple[Step, ...]:
    total = len(questionnaire.dimensions)
    return tuple(
        Step(
            number,
            total,
            dimension.title.in_language(tongue),
            dimension.lead.in_language(tongue) if dimension.lead else "",
            _questions(questionnaire, dimension, tongue, answers, missing),
        )
        for number, dimension in enumerate(questionnaire.dimensions, start=1)
    )


def _questions(
    questionnaire: Questionnaire,
    dimension: Dimension,
    tongue: str,
    answers: dict[str, str],
    missing: tuple[str, ...],
) -> tuple[Question, ...]:
    return tuple(
        Question(
            item.key,
            item.text.in_language(tongue),
            tuple(
                Choice(value, label.in_language(tongue), answers.get(item.key) == value)
                for value, label in _labels(questionnaire, item.key)
            ),
            item.key in missing,
        )
        for item in dimension.items
    )


@lru_cache(maxsize=1024)
def _labels(questionnaire: Questionnaire, key: str) -> tuple[tuple[str, Text], ...]:
    item = next(item for item in questionnaire.items if item.key == key)
    wording = questionnaire.wording_of(item)
    return tuple((value, getattr(wording, value)) for value in CHOICES)


def consent(sheet: Sheet) -> list[str]:
    """Return the five sentences before the first item, true for this round and access."""
    round_ = sheet.round
    deadline = moment(round_.closes_at, round_.timezone)
    return [
        gettext("%(office)s is asking, not your village officials.", office=round_.office),
        gettext("We ask whether things got better; the work is judged, not you."),
        gettext("No name, number or phone is recorded.")
        if sheet.access == "poster"
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


def message(
    kind: str, round_: RoundRow | None = None, status: int = 200, retry: int | None = None
) -> Response:
    """Return the page that says *kind*: thanks, spent, void, closed, early and so on."""
    response = respond(
        render_template(
            f"collect/{kind}.html",
            style=style(),
            round=round_,
            other=_other(language()),
        ),
        status,
    )
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
            expires=sheet.round.closes_at,
            path="/v/",
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


def type_code(problem: Sentence | None = None, status: int = 200, typed: str = "") -> Response:
    """Return the page on which a slip's code is typed, with what was *typed* wrong."""
    return respond(
        render_template(
            "collect/type_code.html",
            style=style(),
            address=url_for("collect.send_ticket", lang=language()),
            problem=problem,
            typed=typed[:LONGEST_CODE],
            longest=LONGEST_CODE,
            other=_other(language()),
        ),
        status,
    )


def _other(tongue: str) -> str:
    return "zh" if tongue == "en" else "en"


def respond(text: str, status: int) -> Response:
    """Return *text* as a page under the policy that allows our own inline style alone."""
    response = make_response(_dense(text), status)
    response.headers["Content-Security-Policy"] = policy(
        style_src=f"'sha256-{style_digest()}'", img_src="data:"
    )
    return response


def _dense(text: str) -> str:
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of every respondent page, as it stands in the page."""
    path = Path(str(current_app.static_folder)) / "collect.css"
    return _dense(path.read_text())


@lru_cache(maxsize=1)
def style_digest() -> str:
    """Return the digest by which the policy knows our style."""
    return base64.b64encode(sha256(style().encode()).digest()).decode()


def compress(response: Response) -> Response:
    """Compress a page for who can read it; it holds no secret that is mixed with input."""
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings["gzip"] > 0
    content = response.get_data()
    if accepted and len(content) > _SMALLEST_TO_COMPRESS and not response.content_encoding:
        response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    return response
