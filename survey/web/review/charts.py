"""Charts of one village as pictures; each has its table beside it on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from survey.reports import charts as drawing
from survey.storage import rounds
from survey.web.access import reviewers
from survey.web.review import figures
from survey.web.review.blueprint import blueprint
from survey.web.review.scope import Place, find_village
from survey.web.review.village import consensus, questionnaire_of, released_village


@blueprint.get("/<slug>/<code>/dots.svg")
@reviewers
def dots(slug: str, code: str) -> ResponseReturnValue:
    """Whoever may see the scores of the village: the four dimensions by source."""
    place = _scored(slug, code)
    chart = figures.dots(
        released_village(place), consensus(place), rounds.policy_of(place.round_), *_look()
    )
    return _picture(drawing.digest(chart), lambda: drawing.dots(chart))


@blueprint.get("/<slug>/<code>/distribution-<any(mass, self):audience>.svg")
@reviewers
def distribution(slug: str, code: str, audience: str) -> ResponseReturnValue:
    """Whoever may see the scores of the village: how each item was graded."""
    place = _scored(slug, code)
    shown = released_village(place)
    scores = shown.mass if audience == "mass" else shown.self_
    if scores is None:
        abort(404)
    chart = figures.distribution(scores, questionnaire_of(place, audience), *_look())
    return _picture(drawing.digest(chart), lambda: drawing.distribution(chart))


def _scored(slug: str, code: str) -> Place:
    place = find_village(slug, code)
    if not place.scored:
        abort(404)
    return place


def _look() -> tuple[drawing.Theme, drawing.Width]:
    theme = "dark" if request.args.get("theme") == "dark" else "light"
    width = "narrow" if request.args.get("width") == "narrow" else "wide"
    return cast(drawing.Theme, theme), cast(drawing.Width, width)


def _picture(digest: str, draw: Callable[[], bytes]) -> Response:
    """Return the picture that *digest* names; nothing is drawn for who has it already.

    The browser keeps it for this reader alone and asks each time whether it still holds, so that
    whoever may not see it any more is told so.
    """
    if digest in request.if_none_match:
        answer = Response(status=304)
    else:
        answer = Response(draw(), mimetype="image/svg+xml")
    answer.set_etag(digest)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
