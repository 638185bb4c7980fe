"""What other constants would suggest: only looked at, never kept; all of it is in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict
from wtforms import Field

from survey.core import plain_words
from survey.core.errors import Refused
from survey.core.policy import Policy
from survey.core.rating import cap
from survey.core.release import OUTCOMES, Move, moves, outcome
from survey.core.suggestion import Suggestion
from survey.core.wording import N_, Sentence
from survey.storage import results, rounds
from survey.storage.db import db
from survey.web.access import staff
from survey.web.fields import PercentField
from survey.web.policy_form import PolicyForm
from survey.web.review.blueprint import blueprint
from survey.web.review.meeting.sight import Sight, sight

LINES = 60
"""Villages on one page of those that would change."""
_PLACES = {"points": "value_poor", "bands": "band_good", "weights": "weight_self"}
"""Beside which field a fault of the constants together is told."""


class WhatIfForm(PolicyForm):
    """The constants that can be tried on released figures; the others stay as they are frozen."""

    value_good = None
    value_fairly_good = None
    value_average = None
    notable_gap = None
    seal_delay_minutes = None
    veto_events = None

    def __init__(self, frozen: Policy, typed: Mapping[str, str] | None = None) -> None:
        self.frozen = frozen
        super().__init__(MultiDict(typed) if typed else None, obj=frozen)
        for field in self:
            if field.process_errors:
                field.process_errors = [gettext("This is not a number.")]

    def _goes_together(self) -> bool:
        try:
            self.policy()
        except ValidationError as refused:
            fault = str(refused.errors()[0]["ctx"]["error"])
            place = next(name for word, name in _PLACES.items() if word in fault)
            self[place].errors = [*self[place].errors, gettext(fault)]
            return False
        return True

    def policy(self) -> Policy:
        """Return the frozen constants with those that were typed."""
        return Policy(**(self.frozen.model_dump() | self.data))

    @property
    def texts(self) -> dict[str, str]:
        """Every field as it is typed."""
        return {field.name: written(field) for field in self}


def written(field: Field) -> str:
    """Return what stands in *field* as somebody would type it."""
    if isinstance(field, PercentField) or field.data is None or field.raw_data:
        return str(field._value())
    return f"{field.data:g}"


@dataclass(frozen=True)
class Change:
    """A constant that is tried: what it is called, frozen for the round, and here."""

    label: str
    frozen: str
    tried: str


@dataclass(frozen=True)
class Tried:
    """What the tried constants would suggest: the villages that change, and how the counts move."""

    changes: list[Change]
    moves: tuple[Move, ...]
    counts: list[tuple[str, int, int]]
    cap: tuple[Sentence, ...]


@blueprint.get("/<slug>/meeting/what-if")
@staff
def meeting_what_if(slug: str) -> ResponseReturnValue:
    """Who sees all villages at the meeting: what other constants would suggest. Nothing is kept."""
    seen = whole(slug)
    form, tried = attempt(seen)
    found = tried.moves if tried else ()
    page, pages, cut = _page(found)
    answer = render_template(
        "review/meeting_what_if.html",
        seen=seen,
        form=form,
        tried=tried,
        cut=cut,
        page=page,
        pages=pages,
        asked=asked(form),
        address=lambda number: url_for(
            "review.meeting_what_if", slug=slug, page=number, **asked(form)
        ),
        **places(seen),
    )
    return answer, 200 if tried else 422


def whole(slug: str) -> Sight:
    """Return the sight of a reader who sees all villages; raises `Refused` for anybody else."""
    seen = sight(slug)
    if not seen.whole:
        raise Refused(
            N_(
                "What-ifs are about all villages: leads see them while the calibration meeting is"
                " open."
            )
        )
    return seen


def attempt(seen: Sight) -> tuple[WhatIfForm, Tried | None]:
    """Return the form as this address fills it, and what comes of it; None where it has faults."""
    frozen = rounds.policy_of(seen.round_)
    kept = WhatIfForm(frozen)
    typed = {name: request.args.get(name, text) for name, text in kept.texts.items()}
    form = WhatIfForm(frozen, typed)
    if not form.validate():
        return form, None
    after = results.tried(db.session, seen.round_, form.policy())
    return form, _compare(seen, kept, form, {code: after[code] for code in seen.shown})


def _compare(
    seen: Sight, kept: WhatIfForm, form: WhatIfForm, after: Mapping[str, Suggestion]
) -> Tried:
    policy = form.policy()
    before = Counter(outcome(one.suggestion) for one in seen.shown.values())
    then = Counter(map(outcome, after.values()))
    return Tried(
        changes=[
            Change(field.label.text, written(kept[field.name]), written(field))
            for field in form
            if getattr(policy, field.name) != getattr(kept.frozen, field.name)
        ],
        moves=moves(seen.shown, after),
        counts=[(one, before[one], then[one]) for one in OUTCOMES],
        cap=plain_words.of_cap(cap(after, policy), len(seen.villages), seen.names),
    )


def asked(form: WhatIfForm) -> dict[str, str]:
    """Return the query that asks for the same again: only what is not as it is frozen."""
    kept = WhatIfForm(form.frozen).texts
    return {name: text for name, text in form.texts.items() if text != kept[name]}


def places(seen: Sight) -> dict[str, Any]:
    """Return every village by its code, for names and groups."""
    return {"villages": {row.code: row for row in seen.villages}}


def _page(found: Sequence[Move]) -> tuple[int, int, Sequence[Move]]:
    pages = max(-(-len(found) // LINES), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page, pages, found[(page - 1) * LINES : page * LINES]
