"""flask --app survey register: the register of villages, from a file and by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext

from survey.cli.speech import by_option, one_person, password_option, say, spoken
from survey.core.errors import Invalid, Missing
from survey.core.register import FIELDS, Problem, read_field, read_rows
from survey.core.wording import N_
from survey.reports import register_file
from survey.storage import audit, registers
from survey.storage.db import begin_write, db
from survey.storage.tables import RegisterImportRow


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


@register.command("undo")
@by_option
@password_option
@spoken
def undo(by: str, password_files: tuple[Path, ...]) -> None:
    """Take the last import back, until a round opens or one of its villages is changed."""
    account = one_person(by, password_files)
    begin_write(db.session)
    last = _last_import()
    registers.undo(db.session, last, account)
    db.session.commit()
    say("%(file)s is undone: the register is as it was before this import.", file=last.filename)


def _last_import() -> RegisterImportRow:
    for row in registers.history(db.session):
        if row.undone_at is None and row.added + row.changed:
            return row
    raise Missing(N_("There is no import to undo."))


@register.command("merge")
@click.argument("codes", nargs=-1, required=True)
@click.option("--name", required=True, help="Name of the merged village.")
@by_option
@password_option
@spoken
def merge(codes: tuple[str, ...], name: str, by: str, password_files: tuple[Path, ...]) -> None:
    """Make one village of the hamlets CODES, under the lowest of their codes."""
    account = one_person(by, password_files)
    begin_write(db.session)
    ids = [registers.by_code(db.session, read_field("code", code)).id for code in codes]
    unit = registers.merge(db.session, ids, read_field("name", name), account)
    db.session.commit()
    say("Merged: %(village)s, %(code)s.", village=unit.name, code=unit.code)


@register.command("split")
@click.argument("code")
@by_option
@password_option
@spoken
def split(code: str, by: str, password_files: tuple[Path, ...]) -> None:
    """Let the hamlets of the merged village CODE stand alone again."""
    account = one_person(by, password_files)
    begin_write(db.session)
    unit = registers.by_code(db.session, read_field("code", code))
    registers.split(db.session, unit, account)
    db.session.commit()
    say("Split: each of them stands alone again.")


@register.command("edit")
@click.argument("code")
@click.argument("changes", nargs=-1, required=True)
@click.option("--own", is_flag=True, help="Of a merged village: the hamlet that gave it its code.")
@by_option
@password_option
@spoken
def edit(
    code: str, changes: tuple[str, ...], own: bool, by: str, password_files: tuple[Path, ...]
) -> None:
    """Change what the register says of the village CODE.

    CHANGES are FIELD=VALUE, as many as needed; nothing after = empties the field.
    """
    account = one_person(by, password_files)
    begin_write(db.session)
    village_id = registers.by_code(db.session, read_field("code", code)).id
    if registers.is_unit(db.session, village_id) and not own:
        kept = registers.line(db.session, village_id)
        new = replace(kept, **_values(changes, registers.OF_UNIT))
        registers.edit_unit(db.session, village_id, kept, new, account)
    else:
        kept = registers.own(db.session, village_id)
        new = replace(kept, **_values(changes, FIELDS))
        registers.edit(db.session, village_id, kept, new, account)
    db.session.commit()
    say("Saved.")


def _values(changes: tuple[str, ...], fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the value of each FIELD=VALUE; raises `Invalid` for what is none of *fields*."""
    values = {}
    for change in changes:
        field, equals, text = change.partition("=")
        if not equals or field not in fields:
            raise Invalid(
                N_("“%(text)s” is not understood. Write FIELD=VALUE; the fields are %(fields)s."),
                text=change,
                fields=", ".join(fields),
            )
        values[field] = read_field(field, text)
    if values.get("acceptance_group"):
        registers.group(db.session, values["acceptance_group"])
    return values
