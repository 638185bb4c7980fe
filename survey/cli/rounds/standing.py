"""flask --app survey round status: where each round stands, as coarse as it must be."""

from __future__ import annotations

import click
from flask_babel import gettext

from survey.cli.rounds.group import round_
from survey.cli.slips import tell_faults
from survey.cli.speech import about, say, spoken
from survey.core import turnout
from survey.core.round import spoken as in_zone
from survey.core.wording import N_
from survey.storage import accounting, opening, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import RoundRow

STATES = {
    "draft": N_("draft"),
    "open": N_("open"),
    "closed": N_("closed"),
    "scrubbing": N_("being sealed"),
    "sealed": N_("sealed"),
    "cancelled": N_("cancelled"),
}


@round_.command("status")
@click.argument("slug", required=False)
@spoken
def status(slug: str | None) -> None:
    """Say where round SLUG stands; without SLUG, every round in a line."""
    begin_write(db.session)
    rounds.close_due(db.session)
    db.session.commit()
    if slug is None:
        for row in rounds.listing(db.session):
            click.echo(f"{row.slug}\t{gettext(STATES[row.state])}\t{row.title}")
        return
    _tell_status(rounds.by_slug(db.session, slug))


def _tell_status(row: RoundRow) -> None:
    closes = in_zone(row.closes_at, row.timezone)
    say("%(title)s: %(state)s", title=row.title, state=gettext(STATES[row.state]))
    say("Answers until %(deadline)s", deadline=f"{closes:%Y-%m-%d %H:%M}")
    if row.state == "draft":
        for obstacle in opening.obstacles(db.session, row, about().base_address):
            click.echo(f"- {obstacle.render(gettext)}")
    if row.state in ("open", "closed"):
        for cell in rounds.turnout(db.session, row):
            shown = turnout.before_seal(cell.audience, cell.ballots)
            click.echo(
                f"{cell.village.code}\t{cell.village.name}\t{cell.audience}\t"
                f"{shown.render(gettext)}"
            )
    if row.state == "sealed":
        tell_faults(accounting.of_round(db.session, row))
    if row.state == "cancelled" and row.destroyed_at is None:
        say("Its box is not destroyed yet. Run: flask --app survey round resume")
