"""flask --app survey scores | method: what was found, and how anybody may recompute it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from survey.cli.speech import (
    password_option,
    settings,
    spoken,
    two_persons,
    witness_option,
)
from survey.core import recompute, release
from survey.core.errors import Invalid
from survey.core.release import ReleasedVillage
from survey.core.wording import N_
from survey.storage import acts, audit, results, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow


@click.command("scores")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="All released figures as JSON.")
@click.option("--exact", is_flag=True, help="More digits; two persons, written in the audit log.")
@click.option("--reason", default="", help="Why the exact figures are needed.")
@click.option("--by", help="User name of who asks for exact figures.")
@witness_option
@password_option
@spoken
def scores(
    slug: str,
    as_json: bool,
    exact: bool,
    reason: str,
    by: str | None,
    witness: str | None,
    password_files: tuple[Path, ...],
) -> None:
    """Say what may be shown of sealed round SLUG."""
    row = rounds.by_slug(db.session, slug)
    if exact:
        _ask_for_exact(row, reason, by, witness, password_files)
    shown = results.released(db.session, row, exact=exact)
    if as_json:
        document = release.to_dict(shown, rounds.policy_of(row), exact=exact)
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    names = {village.code: village.name for village in rounds.villages(db.session, row)}
    for code, village in shown.items():
        click.echo("\t".join((code, names[code], *_line(village))))


def _ask_for_exact(
    row: RoundRow,
    reason: str,
    by: str | None,
    witness: str | None,
    password_files: tuple[Path, ...],
) -> None:
    if not reason.strip():
        raise Invalid(N_("Exact figures need a reason, kept in the audit log: --reason TEXT"))
    if by is None:
        raise Invalid(N_("Exact figures need two persons: --by and --witness."))
    first, second = two_persons(by, witness, password_files)
    begin_write(db.session)
    acts.propose(db.session, row, "scores.exact", first)
    acts.confirm(db.session, row, "scores.exact", second, two_person=settings().two_person)
    audit.record(db.session, second.username, "scores.exact", row.slug, reason=reason.strip())
    db.session.commit()


def _line(village: ReleasedVillage) -> tuple[str, ...]:
    sources = (village.mass, village.self_)
    texts = [source.source.text if source and source.source else "—" for source in sources]
    flags = [
        f"{audience}: {', '.join(raised)}" for audience, raised in village.flags.items() if raised
    ]
    suggested = village.suggestion.rating or "—"
    return (*texts, village.composite.text or "—", suggested, "; ".join(flags) or "—")


@click.command("method")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@spoken
def method(file: Any) -> None:
    """Score the ballots in FILE (JSON, “-” for standard input), to all digits, without a database.

    docs/method.md tells the method, docs/schema/ the form of the file and of the answer.
    """
    try:
        answer = recompute.recompute_text(file.read())
    except json.JSONDecodeError as error:
        raise Invalid(
            N_("This file is not JSON: line %(line)d, column %(column)d."),
            line=error.lineno,
            column=error.colno,
        ) from error
    click.echo(answer)
