"""flask --app survey instrument: how good the questions of a sealed round are."""

from __future__ import annotations

import click
from flask_babel import get_locale, gettext

from survey.cli.speech import say, spoken
from survey.core.explanation import DIMENSION_NAMES, SOURCE_NAMES
from survey.core.factor import Coefficient
from survey.core.release import ReleasedInstrument
from survey.core.release.instrument import ReleasedQuality, ReleasedScale
from survey.core.wording import Sentence
from survey.storage import instrument as store
from survey.storage import questionnaires, rounds
from survey.storage.db import db


@click.command("instrument")
@click.argument("slug")
@spoken
def instrument(slug: str) -> None:
    """Say how good the questions of sealed round SLUG are: α with its interval, ω, r, shares."""
    row = rounds.by_slug(db.session, slug)
    found = store.released(db.session, row)
    language = str(get_locale())
    for asked in row.audiences:
        items = questionnaires.read(asked.questionnaire.document).items
        names = [item.text.in_language(language) for item in items]
        _tell(gettext(SOURCE_NAMES[asked.audience]), names, found[asked.audience])


def _tell(heading: str, names: list[str], found: ReleasedInstrument) -> None:
    click.echo(heading)
    if found.few:
        click.echo(_words(found.few))
    for scale in found.scales:
        click.echo("\t".join((_name(scale), *_figures(scale))))
    for item in found.items:
        if not found.few:
            click.echo("\t".join((names[item.position], *_shares(item))))
        for warning in item.warnings:
            click.echo(f"! {names[item.position]} — {_words(warning)}")
    if not found.few and not any(item.warnings for item in found.items):
        say("No question stands out.")


def _name(scale: ReleasedScale) -> str:
    return gettext(DIMENSION_NAMES.get(scale.name, "All questions"))


def _figures(scale: ReleasedScale) -> tuple[str, ...]:
    limits = f"{scale.limits[0]:.2f}–{scale.limits[1]:.2f}" if scale.limits else "—"
    return f"α {_said(scale.alpha)}", limits, f"ω {_said(scale.omega)}"


def _shares(item: ReleasedQuality) -> tuple[str, ...]:
    shares = (("Good", item.good_text), ("Don't know", item.unknown_text))
    return f"r {_said(item.r)}", *(f"{gettext(name)} {text or '—'}" for name, text in shares)


def _said(found: Coefficient) -> str:
    if found.value is not None:
        return f"{found.value:.2f}"
    return _words(found.why_not) if found.why_not else "—"


def _words(sentence: Sentence) -> str:
    return sentence.render(gettext)
