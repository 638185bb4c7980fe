"""The ledger (台账) of a round: all villages and ratings on one page, and as a workbook."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import explanation, plain_words
from survey.core.composite import Composite
from survey.core.errors import Refused
from survey.core.release import ReleasedSource, percent, release_cap
from survey.core.wording import N_, Sentence
from survey.reports.ledger import LedgerAbout, LedgerRow, Score, ledger
from survey.storage import audit, ratings, results, rounds
from survey.storage.db import db, now
from survey.storage.tables import RATINGS, RoundRow
from survey.web.access import current_account, staff
from survey.web.i18n import sentence
from survey.web.review.blueprint import blueprint
from survey.web.review.lines import Line, lines
from survey.web.review.scope import find_round, looks_on, may_open

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/ledger/<slug>")
@staff
def ledger_page(slug: str) -> ResponseReturnValue:
    """Who sits in no group: all villages. Leads and members: theirs, once they may see scores."""
    round_ = _sealed(slug)
    rows = [_row(round_, line) for line in lines(round_)]
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


@blueprint.get("/ledger/<slug>.xlsx")
@staff
def ledger_file(slug: str) -> ResponseReturnValue:
    """Whoever may see the ledger page: the same rows as a workbook."""
    round_ = _sealed(slug)
    rows = [_row(round_, line) for line in lines(round_)]
    answer = send_file(
        BytesIO(ledger(rows, _about(round_), _)),
        mimetype=WORKBOOK,
        as_attachment=True,
        download_name=f"{round_.slug}-ledger.xlsx",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sealed(slug: str) -> RoundRow:
    round_ = find_round(slug)
    if round_.state != "sealed":
        raise Refused(N_("The ledger is there once the round is sealed."))
    return round_


def _row(round_: RoundRow, line: Line) -> LedgerRow:
    rating, agreed, shown = line.rating, line.standing.agreed, line.shown
    suggestion = shown.suggestion.rating if shown else None
    return LedgerRow(
        code=line.village.code,
        township=line.village.township,
        village=line.village.name,
        group=line.village.group.name if line.village.group else "",
        turnout=_turnout(shown.mass) if shown else "",
        mass=_points(shown.mass) if shown else None,
        self_=_points(shown.self_) if shown else None,
        organisational=agreed.consensus.score if agreed else None,
        composite=_composite(shown.composite) if shown else None,
        suggestion=rating.suggestion if rating else suggestion,
        decision=rating.decision if rating and ratings.is_locked(rating) else None,
        reason=rating.reason if rating else "",
        lead=rating.signed_name if rating else "",
        signed_on=_day(round_, rating.signed_at) if rating else None,
        countersigner=(rating.countersigned_name or "") if rating else "",
        countersigned_on=_day(round_, rating.countersigned_at) if rating else None,
        screens=_screens(line),
    )


def _screens(line: Line) -> str:
    if line.shown is None:
        return ""
    return "; ".join(sentence(one) for one in explanation.screens_raised(line.shown.flags))


def _turnout(scores: ReleasedSource | None) -> str:
    if scores is None:
        return ""
    if scores.eligible is None or scores.turnout is None:
        return f"{scores.received}"
    return f"{scores.received} / {scores.eligible} ({percent(scores.turnout)})"


def _points(scores: ReleasedSource | None) -> Score:
    if scores is None or scores.source is None:
        return None
    return scores.source.text if scores.source.bound else scores.source.value


def _composite(composite: Composite) -> Score:
    if composite.value is None:
        return None
    return composite.text if composite.bound else round(composite.value, 1)


def _day(round_: RoundRow, moment: datetime | None) -> date | None:
    return moment.astimezone(ZoneInfo(round_.timezone)).date() if moment else None


def _about(round_: RoundRow) -> LedgerAbout:
    zone = ZoneInfo(round_.timezone)
    return LedgerAbout(
        title=round_.title,
        office=round_.office,
        opens_on=round_.opens_at.astimezone(zone).date(),
        closes_on=round_.closes_at.astimezone(zone).date(),
        sealed_on=_day(round_, round_.sealed_at),
        results_on=round_.results_on,
        policy=rounds.policy_of(round_),
        audit_head=audit.head(db.session),
        made_on=now(db.session).astimezone(zone).date(),
    )
