"""The desk: every village of the reader's, what is known of it and what is to do."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.storage.rounds import policy_of
from survey.storage.tables import GroupRow, RoundRow
from survey.web.access import current_account, staff
from survey.web.review import order
from survey.web.review.after_locking import after_locking
from survey.web.review.axis import axis_of
from survey.web.review.blueprint import blueprint
from survey.web.review.lines import Line, lines
from survey.web.review.scope import find_round, looks_on, may_open, rounds_seen


@blueprint.get("/")
@staff
def desk() -> ResponseReturnValue:
    """Everybody of the staff: the newest round that can be evaluated."""
    seen = rounds_seen()
    if not seen:
        return render_template("review/empty.html")
    return _page(_liveliest(seen), seen)


@blueprint.get("/<slug>/")
@staff
def round_desk(slug: str) -> ResponseReturnValue:
    """Everybody of the staff: their own villages of one round; who sits in no group sees all."""
    return _page(find_round(slug), rounds_seen())


def _liveliest(seen: list[RoundRow]) -> RoundRow:
    """Return the newest sealed round, where there is something to decide, or the newest."""
    return next((row for row in seen if row.state == "sealed"), seen[0])


def _page(round_: RoundRow, seen: list[RoundRow]) -> str:
    asked, every = order.wanted(), lines(round_)
    listed = order.arranged(every, asked)
    pages = max(-(-len(listed) // order.PAGE), 1)
    page = min(asked.page, pages)
    here = slice((page - 1) * order.PAGE, page * order.PAGE)
    return render_template(
        "review/desk.html",
        round_=round_,
        rounds=seen,
        every=every,
        lines=listed[here],
        alike=order.alike(listed, asked)[here],
        others=len(listed) - 1,
        asked=asked,
        page=page,
        pages=pages,
        shows=order.SHOWS,
        counts=order.counts(every, asked),
        groups=_groups(every),
        axis=axis_of(policy_of(round_)),
        after=after_locking(round_, every),
        may_open=may_open(),
        watches=looks_on(current_account()),
    )


def _groups(every: list[Line]) -> list[GroupRow]:
    """Return the acceptance groups of the villages on the desk, by name."""
    found = {line.village.group for line in every if line.village.group}
    return sorted(found, key=lambda group: (len(group.name), group.name))
