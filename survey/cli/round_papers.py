"""flask --app survey ledger | report | export | decision-sheets | notices: what a round found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import click

from survey import papers
from survey.cli.papers import output_option
from survey.cli.speech import language_option, reader, say, spoken
from survey.core.errors import Invalid
from survey.core.wording import N_
from survey.papers.decision_sheets import Form
from survey.storage import rounds
from survey.storage.db import db


@click.command("ledger")
@click.argument("slug")
@language_option
@output_option
@spoken
def ledger(slug: str, language: str | None, output: Path) -> None:
    """Write the ledger of sealed round SLUG as .xlsx."""
    row = rounds.by_slug(db.session, slug)
    found = papers.findings.of_round(db.session, row)
    _write(output, [papers.write_ledger(db.session, row, found, reader(language))])


@click.command("report")
@click.argument("slug")
@language_option
@output_option
@spoken
def report(slug: str, language: str | None, output: Path) -> None:
    """Write the report on sealed round SLUG for the city as .docx."""
    row = rounds.by_slug(db.session, slug)
    found = papers.findings.of_round(db.session, row)
    _write(output, [papers.city_report(db.session, row, found, reader(language))])


@click.command("export")
@click.argument("slug")
@language_option
@output_option
@spoken
def export(slug: str, language: str | None, output: Path) -> None:
    """Write the figures of sealed round SLUG for other programs: .json, or .zip with CSV files."""
    row = rounds.by_slug(db.session, slug)
    found = papers.findings.of_round(db.session, row)
    match output.suffix.lower():
        case ".json":
            _write(output, [papers.write_json(db.session, row, found, reader(language))])
        case ".zip":
            _write(output, papers.stream_archive(papers.csv_files(row, found, reader(language))))
        case _:
            raise Invalid(N_("The name of --output ends with .json or .zip."))


@click.command("decision-sheets")
@click.argument("slug")
@click.option("--form", type=click.Choice(["docx", "pdf"]), default="pdf", show_default=True)
@language_option
@output_option
@spoken
def decision_sheets(slug: str, form: str, language: str | None, output: Path) -> None:
    """Write a ZIP with the decision sheet of each village of sealed round SLUG."""
    row = rounds.by_slug(db.session, slug)
    found = papers.findings.of_round(db.session, row)
    files = papers.decision_sheets(row, found, reader(language), cast(Form, form))
    _write(output, papers.stream_archive(files))


@click.command("notices")
@click.argument("slug")
@language_option
@output_option
@spoken
def notices(slug: str, language: str | None, output: Path) -> None:
    """Write a ZIP with the notice of each village of round SLUG whose rating is locked."""
    row = rounds.by_slug(db.session, slug)
    found = papers.findings.of_round(db.session, row)
    _write(output, papers.stream_archive(papers.summaries(row, found, reader(language))))


def _write(output: Path, pieces: Iterable[bytes]) -> None:
    with output.open("wb") as target:
        target.writelines(pieces)
    say("Written to %(name)s.", name=str(output))
