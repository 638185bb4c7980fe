"""Papers of a sealed round: sheets, notices, report, and the figures for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from survey.core.errors import Refused
from survey.core.finding import Finding
from survey.core.wording import N_
from survey.papers import (
    Reader,
    city_report,
    csv_files,
    decision_sheet,
    decision_sheets,
    findings,
    print_summary,
    sheet_name,
    stream_archive,
    summaries,
    summary_name,
    write_json,
    write_ledger,
)
from survey.papers.decision_sheets import Form
from survey.reports.export import VERSION
from survey.storage.db import db
from survey.storage.standings import scores_shown, standings
from survey.storage.tables import RoundRow, RoundVillageRow
from survey.web.access import current_account, reviewers, staff
from survey.web.paper import reader, send_archive, send_download, send_pdf
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import (
    Place,
    find_round,
    find_village,
    looks_on,
    may_open,
    villages_seen,
)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SCHEMA = "export.schema.json"


@blueprint.get("/ledger/<slug>/papers")
@staff
def papers_page(slug: str) -> ResponseReturnValue:
    """Whoever may see the ledger: all papers of the villages that they may see."""
    round_ = sealed(slug)
    return render_template(
        "review/papers.html",
        round_=round_,
        whole=looks_on(current_account()),
        may_open=may_open(),
        locked=any(finding.decided for finding in seen(round_)),
    )


@blueprint.get("/ledger/<slug>.xlsx")
@staff
def ledger_file(slug: str) -> ResponseReturnValue:
    """Whoever may see the ledger page: the same rows as a workbook, and what they stand on."""
    round_ = sealed(slug)
    content = write_ledger(db.session, round_, seen(round_), _reader())
    return send_download(content, WORKBOOK, f"{round_.slug}-ledger.xlsx")


@blueprint.get("/ledger/<slug>/report.docx")
@staff
def report(slug: str) -> ResponseReturnValue:
    """Who sees all villages of the round: administrators and observers."""
    round_ = sealed(slug)
    if not looks_on(current_account()):
        abort(404)
    content = city_report(db.session, round_, seen(round_), _reader())
    return send_download(content, WORD, f"{round_.slug}-report.docx")


@blueprint.get("/ledger/<slug>/export.json")
@staff
def export_json(slug: str) -> ResponseReturnValue:
    """Whoever may see the ledger: the figures of the same villages for other programs."""
    round_ = sealed(slug)
    content = write_json(db.session, round_, seen(round_), _reader())
    return send_download(content, "application/json", f"{VERSION}-{round_.slug}.json")


@blueprint.get("/ledger/<slug>/export.zip")
@staff
def export_csv(slug: str) -> ResponseReturnValue:
    """Whoever may see the ledger: the same as CSV files in a ZIP."""
    round_ = sealed(slug)
    return send_archive(
        stream_archive(csv_files(round_, seen(round_), _reader())), f"{VERSION}-{round_.slug}"
    )


@blueprint.get("/export.schema.json")
@staff
def export_schema() -> ResponseReturnValue:
    """All of the staff: what the JSON of the export looks like."""
    path = Path(current_app.root_path).parent / "docs" / "schema" / SCHEMA
    return send_download(path.read_bytes(), "application/schema+json", SCHEMA)


@blueprint.get("/ledger/<slug>/decision-sheets-<any(docx, pdf):form>.zip")
@reviewers
def all_decision_sheets(slug: str, form: str) -> ResponseReturnValue:
    """Members of groups: the sheets of their villages; administrators: all."""
    round_ = sealed(slug)
    files = decision_sheets(round_, seen(round_), _reader(), cast(Form, form))
    if not files:
        raise Refused(N_("No village has its scores yet, so there is no decision sheet."))
    return send_archive(stream_archive(files), f"{round_.slug}-decision-sheets-{form}")


@blueprint.get("/ledger/<slug>/notices.zip")
@staff
def all_summaries(slug: str) -> ResponseReturnValue:
    """Whoever may see the ledger: the notices of those villages whose rating is locked."""
    round_ = sealed(slug)
    return send_archive(
        stream_archive(summaries(round_, seen(round_), _reader())), f"{round_.slug}-notices"
    )


@blueprint.get("/<slug>/<code>/decision-sheet.<any(docx, pdf):form>")
@reviewers
def village_sheet(slug: str, code: str, form: str) -> ResponseReturnValue:
    """Whoever may see the scores of the village."""
    place = _scored(slug, code)
    finding, kind = _finding(place), cast(Form, form)
    content = decision_sheet(place.round_, finding, _reader(), kind)
    name = sheet_name(finding, _reader(), kind)
    if kind == "pdf":
        return send_pdf(content, name.removesuffix(".pdf"))
    return send_download(content, WORD, name)


@blueprint.get("/<slug>/<code>/notice.pdf")
@reviewers
def village_summary(slug: str, code: str) -> ResponseReturnValue:
    """Whoever may see the scores of the village, once its rating is locked."""
    place = _scored(slug, code)
    finding = _finding(place)
    content = print_summary(place.round_, finding, _reader())
    return send_pdf(content, summary_name(finding, _reader()).removesuffix(".pdf"))


def _reader() -> Reader:
    """Return for whom a paper is made: in the language asked for, else that of the page."""
    wanted = request.args.get("language")
    return reader(wanted if wanted in ("zh", "en") else None)


def sealed(slug: str) -> RoundRow:
    """Return the round of that name; raises `Refused` before its seal."""
    round_ = find_round(slug)
    if round_.state != "sealed":
        raise Refused(N_("The ledger is there once the round is sealed."))
    return round_


def seen(round_: RoundRow) -> list[Finding]:
    """Return what the reader may see of the villages that they may see."""
    return _findings(round_, villages_seen(round_))


def _findings(round_: RoundRow, villages: Sequence[RoundVillageRow]) -> list[Finding]:
    who = current_account()
    groups = standings(db.session, round_, villages, who)
    shown = {village for village, one in groups.items() if scores_shown(round_, one, who)}
    return findings.of_round(db.session, round_, villages, shown)


def _finding(place: Place) -> Finding:
    return _findings(place.round_, [place.village])[0]


def _scored(slug: str, code: str) -> Place:
    sealed(slug)
    place = find_village(slug, code)
    if not place.scored:
        abort(404)
    return place
