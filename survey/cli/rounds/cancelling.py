"""flask --app survey round cancel and extend: a faulty round ended, a running one prolonged."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from survey.cli.rounds.group import round_
from survey.cli.speech import persons, say, settings, spoken, two_persons
from survey.core.round import spoken as in_zone
from survey.storage import cancelling, extending, rounds
from survey.storage.db import begin_write, db


@round_.command("cancel")
@click.argument("slug")
@click.option("--reason", required=True, help="Why; kept in the audit log.")
@persons
@spoken
def cancel(
    slug: str, reason: str, by: str, witness: str | None, password_files: tuple[Path, ...]
) -> None:
    """Cancel open or closed round SLUG for good: its box is destroyed unread."""
    first, second = two_persons(by, witness, password_files)
    begin_write(db.session)
    row = rounds.by_slug(db.session, slug)
    cancelling.propose(db.session, row, first, reason)
    cancelling.cancel(db.session, row, second, two_person=settings().two_person)
    db.session.commit()
    cancelling.destroy(db.session, row, settings().keys)
    say(
        "Round %(slug)s is cancelled. Its box was destroyed unread. Destroy the two envelopes and "
        "every backup made while it was open, too.",
        slug=slug,
    )


@round_.command("extend")
@click.argument("slug")
@click.option(
    "--until",
    required=True,
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="Office's time: 2026-12-12T18:00",
)
@persons
@spoken
def extend(
    slug: str, until: datetime, by: str, witness: str | None, password_files: tuple[Path, ...]
) -> None:
    """Give people more time in open round SLUG, before its deadline passes."""
    first, second = two_persons(by, witness, password_files)
    begin_write(db.session)
    row = rounds.by_slug(db.session, slug)
    wanted = until.replace(tzinfo=ZoneInfo(row.timezone))
    extending.propose(db.session, row, first, wanted)
    extending.extend(db.session, row, second, two_person=settings().two_person)
    db.session.commit()
    deadline = in_zone(row.closes_at, row.timezone)
    say(
        "Round %(slug)s takes answers until %(deadline)s. Tell people: papers that are printed "
        "already name the earlier time.",
        slug=slug,
        deadline=f"{deadline:%Y-%m-%d %H:%M}",
    )
