"""flask --app survey round create: a new round from options, as a draft."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from survey.cli.rounds.group import round_
from survey.cli.speech import about, say, settings, spoken
from survey.core import faults
from survey.core.errors import Invalid
from survey.core.policy import Policy
from survey.core.questionnaire import Questionnaire, from_json
from survey.core.round import AudienceDraft, RoundDraft
from survey.core.wording import N_
from survey.storage import questionnaires, rounds
from survey.storage.db import begin_write, db


@round_.command("create")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--opens", required=True, help="Office's time: 2026-12-01T08:00")
@click.option("--closes", required=True, help="Office's time: 2026-12-10T18:00")
@click.option("--results-on", required=True, help="2026-12-20")
@click.option("--results-place", required=True)
@click.option("--help-on", required=True, help="2026-12-05")
@click.option("--help-place", required=True)
@click.option("--phone", required=True)
@click.option("--office", help="Who asks; the installation's office unless given.")
@click.option("--mass", type=click.Choice(["poster", "ticket", "both", "none"]), default="both")
@click.option(
    "--self", "self_", type=click.Choice(["poster", "ticket", "both", "none"]), default="ticket"
)
@click.option(
    "--questionnaire",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file to use in place of the default of its audience.",
)
@click.option("--village", "village_codes", multiple=True, help="A code; none: the whole register.")
@click.option("--policy", "constants", multiple=True, help="NAME=VALUE, see docs/operate.md")
@click.option("--key", "key_holding", type=click.Choice(["halves", "server"]), default="halves")
@click.option("--by", default="console", help="Who makes it, for the audit log.")
@spoken
def create(
    slug: str,
    by: str,
    mass: str,
    self_: str,
    files: tuple[Path, ...],
    constants: tuple[str, ...],
    **given: Any,
) -> None:
    """Make a round called SLUG, in state draft."""
    begin_write(db.session)
    draft = _draft(
        slug=slug,
        timezone=settings().timezone,
        office=given.pop("office") or about().office,
        opens_at=_moment(given.pop("opens")),
        closes_at=_moment(given.pop("closes")),
        audiences=_audiences({"mass": mass, "self": self_}, files),
        policy=_policy(constants),
        **given,
    )
    row = rounds.create(db.session, draft, by)
    db.session.commit()
    say(
        "Round %(slug)s is made. Villages: %(count)d",
        slug=row.slug,
        count=len(rounds.villages(db.session, row)),
    )


def _draft(**fields: Any) -> RoundDraft:
    try:
        return RoundDraft.model_validate(fields)
    except ValidationError as error:
        raise Invalid(
            N_("The round cannot be made: %(faults)s"), faults=faults.of(error)
        ) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(N_("%(text)s is no time such as 2026-12-01T08:00."), text=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=settings().zone)


def _policy(constants: tuple[str, ...]) -> Policy:
    values: dict[str, Any] = {}
    for constant in constants:
        name, equals, value = constant.partition("=")
        if not equals:
            raise Invalid(N_("%(text)s is no constant such as cap_on_good=0.2."), text=constant)
        values[name] = value.split(";") if name == "veto_events" else value
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        raise Invalid(
            N_("The policy cannot be used: %(faults)s"), faults=faults.of(error)
        ) from error


def _audiences(access: dict[str, str], files: tuple[Path, ...]) -> dict[str, AudienceDraft]:
    chosen = questionnaires.defaults() | _given(files, [a for a in access if access[a] != "none"])
    return {
        audience: AudienceDraft.model_validate(
            {
                "questionnaire_digest": questionnaires.add(db.session, chosen[audience]).digest,
                "access": way,
            }
        )
        for audience, way in access.items()
        if way != "none"
    }


def _given(files: tuple[Path, ...], asked: list[str]) -> dict[str, Questionnaire]:
    found: dict[str, Questionnaire] = {}
    for path in files:
        questionnaire = from_json(path.read_text(encoding="utf-8-sig"))
        if questionnaire.audience not in asked or questionnaire.audience in found:
            raise Invalid(
                N_("%(name)s is for an audience that is not asked, or that has another file."),
                name=path.name,
            )
        found[questionnaire.audience] = questionnaire
    return found
