"""How good the questions of a sealed round are: α, ω, item by item, and what to mend."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.explanation import DIMENSION_NAMES
from survey.core.release import ReleasedInstrument
from survey.core.release.instrument import ReleasedQuality, ReleasedScale
from survey.core.wording import Sentence
from survey.storage import instrument, questionnaires, rounds
from survey.storage.db import db
from survey.storage.tables import RoundAudienceRow
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.i18n import language


@dataclass(frozen=True)
class Section:
    """The questionnaire of one audience: its scales and items by name."""

    audience: str
    found: ReleasedInstrument
    scales: list[tuple[str, ReleasedScale]]
    items: list[tuple[str, ReleasedQuality]]

    @property
    def warnings(self) -> list[tuple[str, Sentence]]:
        """Each warning with the question that it is about."""
        return [(name, warning) for name, item in self.items for warning in item.warnings]


@blueprint.get("/rounds/<slug>/instrument", endpoint="instrument")
@administrators
def show_instrument(slug: str) -> ResponseReturnValue:
    """Administrators: how good the questions are, over all villages of a sealed round."""
    round_ = rounds.by_slug(db.session, slug)
    found = instrument.released(db.session, round_)
    return render_template(
        "admin/instrument.html",
        round=round_,
        sections=[_section(asked, found[asked.audience]) for asked in round_.audiences],
    )


def _section(asked: RoundAudienceRow, found: ReleasedInstrument) -> Section:
    items = questionnaires.read(asked.questionnaire.document).items
    return Section(
        audience=asked.audience,
        found=found,
        scales=[(scale_name(scale.name), scale) for scale in found.scales],
        items=[(items[each.position].text.in_language(language()), each) for each in found.items],
    )


def scale_name(name: str) -> str:
    """Return what the dimension *name*, or the whole, is called on the page."""
    return _(DIMENSION_NAMES[name]) if name in DIMENSION_NAMES else _("All questions")
