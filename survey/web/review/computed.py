"""“How was this computed?”: the arithmetic of one village, from its released figures."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey.core.errors import Refused
from survey.core.workings import About, work_out
from survey.storage import rounds
from survey.web.access import reviewers
from survey.web.i18n import language
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import Place, find_village
from survey.web.review.village import SCORES_HIDDEN, consensus, questionnaire_of, released_village


@blueprint.get("/<slug>/<code>/computed")
@reviewers
def computed(slug: str, code: str) -> ResponseReturnValue:
    """Whoever may see the scores of the village: how each of its figures comes about."""
    place = find_village(slug, code)
    if not place.scored:
        raise Refused(SCORES_HIDDEN)
    return render_template(
        "review/computed.html",
        place=place,
        blocks=work_out(released_village(place), _about(place)),
        opened="all" in request.args,
    )


def _about(place: Place) -> About:
    agreed = consensus(place)
    return About(
        name=place.village.name,
        policy=rounds.policy_of(place.round_),
        questions={
            asked.audience: _questions(place, asked.audience) for asked in place.round_.audiences
        },
        points=dict(agreed.points) if agreed else {},
    )


def _questions(place: Place, audience: str) -> list[str]:
    return [item.text.in_language(language()) for item in questionnaire_of(place, audience).items]
