"""flask --app survey questionnaire …: look a file over, keep it, write one out."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import gettext

from survey.cli.speech import say, spoken
from survey.core.drafting import draft as forms
from survey.core.drafting import lacking, phrasing
from survey.core.drafting.draft import Draft
from survey.core.drafting.note import Note
from survey.core.errors import Invalid, Missing
from survey.core.questionnaire import AUDIENCES
from survey.core.wording import N_
from survey.reports import questionnaire_file
from survey.storage import audit, questionnaires
from survey.storage.db import begin_write, db

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_AUDIENCE = click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default="mass",
    help="Who is asked, where an XLSForm does not say it.",
)


@click.group("questionnaire")
def questionnaire() -> None:
    """Questionnaires: JSON files and XLSForms."""


@questionnaire.command("check")
@click.argument("file", type=_FILE)
@_AUDIENCE
@spoken
def check(file: Path, audience: str) -> None:
    """Say what FILE lacks before it can be asked, and which wording experience warns of."""
    draft = _read(file, audience)
    faults, hints = lacking.faults_of(draft), phrasing.hints_of(draft)
    for note in faults:
        click.echo(_line("!", note))
    for note in hints:
        click.echo(_line("?", note))
    if faults:
        raise Invalid(N_("This questionnaire cannot be asked yet."))
    say("This questionnaire can be asked.")


def _line(sign: str, note: Note) -> str:
    return f"{sign} {note.place}: {note.sentence.render(gettext)}"


def _read(file: Path, audience: str) -> Draft:
    like = forms.of(questionnaires.defaults()[audience])
    with file.open("rb") as stream:
        found = questionnaire_file.read(stream, file.name, like)
    for sentence in found.left_out:
        click.echo(sentence.render(gettext), err=True)
    if found.draft is None:
        raise Invalid(N_("This file cannot be asked as it is: %(faults)s"), faults=found.wrong)
    return found.draft


@questionnaire.command("import")
@click.argument("file", type=_FILE)
@_AUDIENCE
@click.option("--by", default="console", help="Who keeps it, for the audit log.")
@spoken
def import_(file: Path, audience: str, by: str) -> None:
    """Keep the questionnaire in FILE, so that rounds can choose it."""
    asked = forms.finish(_read(file, audience))
    begin_write(db.session)
    row = questionnaires.add(db.session, asked)
    audit.record(
        db.session, by, "questionnaire.import", f"{row.key} {row.version}", digest=row.digest
    )
    db.session.commit()
    say("Kept: %(key)s, version %(version)d.", key=row.key, version=row.version)


@questionnaire.command("export")
@click.argument("key")
@click.option("--version", type=click.IntRange(1), help="The newest unless given.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@spoken
def export(key: str, version: int | None, output: Path) -> None:
    """Write the questionnaire KEY to a file that ends with .json or .xlsx."""
    kind = output.suffix.lower().removeprefix(".")
    if kind not in questionnaire_file.KINDS:
        raise Invalid(N_("The name of the file must end with .json or .xlsx."))
    found = [
        row
        for row in questionnaires.listing(db.session)
        if row.key == key and version in {None, row.version}
    ]
    if not found:
        raise Missing(N_("There is no such questionnaire."))
    asked = questionnaires.read(found[-1].document)
    output.write_bytes(questionnaire_file.write(forms.of(asked), kind))
    say("%(name)s is written.", name=output.name)
