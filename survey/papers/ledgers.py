"""The ledger (台账) of a round as a workbook, and its figures for other programs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey.core import explanation
from survey.core.composite import Composite
from survey.core.finding import Finding
from survey.core.release import ReleasedSource
from survey.papers.findings import asked, day
from survey.papers.reader import File, Reader
from survey.reports import export, figures
from survey.reports.ledger import LedgerAbout, LedgerRow, Score, ledger
from survey.storage import audit, rounds
from survey.storage.db import now
from survey.storage.tables import RoundRow


def write_ledger(
    session: Session, round_: RoundRow, findings: Sequence[Finding], reader: Reader
) -> bytes:
    """Return the ledger of *findings* as .xlsx: first one line for each village, then the rest."""
    rows = [ledger_row(finding, reader) for finding in findings]
    tables = figures.tables(findings, _told(round_, reader))
    return ledger(rows, _about(session, round_), reader.translate, tables)


def write_json(
    session: Session, round_: RoundRow, findings: Sequence[Finding], reader: Reader
) -> bytes:
    """Return the figures of *findings* as one JSON document (docs/schema/export.schema.json)."""
    about = _about(session, round_)
    part = export.RoundPart(
        slug=round_.slug,
        title=round_.title,
        office=round_.office,
        sealed_on=f"{about.sealed_on}",
        made_on=f"{about.made_on}",
        audit_head=about.audit_head,
    )
    return export.as_json(part, about.policy, _tables(round_, findings, reader))


def csv_files(round_: RoundRow, findings: Sequence[Finding], reader: Reader) -> list[File]:
    """Return a CSV file for each table of the figures of *findings*, to be put into a ZIP."""
    return list(export.csv_files(_tables(round_, findings, reader)))


def _tables(
    round_: RoundRow, findings: Sequence[Finding], reader: Reader
) -> tuple[figures.Table, ...]:
    told = _told(round_, reader)
    return (figures.villages(findings, told), *figures.tables(findings, told))


def _told(round_: RoundRow, reader: Reader) -> figures.Told:
    return figures.Told(asked(round_), reader.language, reader.translate)


def ledger_row(finding: Finding, reader: Reader) -> LedgerRow:
    """Return the line of *finding* in the ledger; a decision stands there once it is locked."""
    rating, shown, consensus = finding.rating, finding.shown, finding.consensus
    countersigned = rating.countersigned_at if rating else None
    return LedgerRow(
        code=finding.code,
        township=finding.township,
        village=finding.name,
        group=finding.group,
        turnout=figures.turnout(shown.mass) if shown else "",
        mass=_points(shown.mass) if shown else None,
        self_=_points(shown.self_) if shown else None,
        organisational=consensus.score if consensus else None,
        composite=_composite(shown.composite) if shown else None,
        suggestion=rating.suggestion if rating else shown and shown.suggestion.rating,
        decision=finding.decided,
        reason=rating.reason if rating else "",
        lead=rating.lead if rating else "",
        signed_on=rating.signed_at.date() if rating else None,
        countersigner=rating.countersigner if rating else "",
        countersigned_on=countersigned.date() if countersigned else None,
        screens=_screens(finding, reader),
    )


def _screens(finding: Finding, reader: Reader) -> str:
    if finding.shown is None:
        return ""
    raised = explanation.screens_raised(finding.shown.flags)
    return "; ".join(one.render(reader.translate) for one in raised)


def _points(scores: ReleasedSource | None) -> Score:
    if scores is None or scores.source is None:
        return None
    return scores.source.text if scores.source.bound else scores.source.value


def _composite(composite: Composite) -> Score:
    if composite.value is None:
        return None
    return composite.text if composite.bound else round(composite.value, 1)


def _about(session: Session, round_: RoundRow) -> LedgerAbout:
    return LedgerAbout(
        title=round_.title,
        office=round_.office,
        opens_on=day(round_, round_.opens_at),
        closes_on=day(round_, round_.closes_at),
        sealed_on=day(round_, round_.sealed_at) if round_.sealed_at else None,
        results_on=round_.results_on,
        policy=rounds.policy_of(round_),
        audit_head=audit.head(session),
        made_on=day(round_, now(session)),
    )
