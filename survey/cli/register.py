"""flask --app survey register: the register of villages from a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import gettext

from survey.cli.speech import say, spoken
from survey.core.register import Problem, read_rows
from survey.reports import register_file
from survey.storage import audit, registers
from survey.storage.db import begin_write, db


@click.group("register")
def register() -> None:
    """The register of villages."""


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say what the import would do.")
@click.option("--by", default="console", help="Who imports, for the audit log.")
@spoken
def import_(file: Path, check: bool, by: str) -> None:
    """Read FILE (.xlsx, .xls, .csv) into the register: all of it, or nothing.

    Villages are known by their code; a village that the file does not name stays as it is.
    """
    with file.open("rb") as stream:
        table = register_file.read(stream, file.name)
    found = read_rows(table, registers.remembered(db.session))
    for problem in found.problems:
        click.echo(_line(problem), err=True)
    if found.errors:
        raise click.ClickException(
            gettext(
                "Nothing was changed: %(count)d problems must be mended first.",
                count=len(found.errors),
            )
        )
    if check:
        changes = registers.compare(db.session, found.entries)
    else:
        begin_write(db.session)
        changes = registers.apply(db.session, found.entries, by, file.name)
        audit.record(db.session, by, "register.import", file.name, **changes.counts)
        db.session.commit()
    say("Added %(added)d, changed %(changed)d, unchanged %(unchanged)d.", **changes.counts)


def _line(problem: Problem) -> str:
    kind = gettext("Error") if problem.severity == "error" else gettext("Please check")
    return f"{problem.cell}  {kind}: {problem.sentence.render(gettext)}"
