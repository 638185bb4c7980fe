"""The ledger (台账) of a round: all villages and ratings on one page."""

from __future__ import annotations

from collections import Counter

from flask import render_template
from flask.typing import ResponseReturnValue

from survey.core import plain_words
from survey.core.release import release_cap
from survey.core.wording import Sentence
from survey.papers import ledger_row
from survey.reports.ledger import LedgerRow
from survey.storage import results, rounds
from survey.storage.db import db
from survey.storage.tables import RATINGS, RoundRow
from survey.web.access import current_account, staff
from survey.web.paper import reader
from survey.web.review.blueprint import blueprint
from survey.web.review.papers import sealed, seen
from survey.web.review.scope import looks_on, may_open


@blueprint.get("/ledger/<slug>")
@staff
def ledger_page(slug: str) -> ResponseReturnValue:
    """Who sits in no group: all villages. Leads and members: theirs, once they may see scores."""
    round_ = sealed(slug)
    rows = [ledger_row(finding, reader()) for finding in seen(round_)]
    counts = Counter(row.decision for row in rows if row.decision)
    whole = looks_on(current_account())
    return render_template(
        "review/ledger.html",
        round_=round_,
        rows=rows,
        counts={rating: counts[rating] for rating in RATINGS},
        open_=len(rows) - counts.total(),
        whole=whole,
        may_open=may_open(),
        cap=_cap(round_, rows) if whole else (),
    )


def _cap(round_: RoundRow, rows: list[LedgerRow]) -> tuple[Sentence, ...]:
    """Return what the ceiling on good means: for who sees all villages of the round."""
    found = release_cap(results.released(db.session, round_), rounds.policy_of(round_))
    return plain_words.of_cap(found, len(rows), {row.code: row.village for row in rows})
