"""The meeting on a projector: one panel at a time, large, without navigation, turned by keys."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.core import groups
from survey.core.wording import say
from survey.web.access import staff
from survey.web.review.blueprint import blueprint
from survey.web.review.meeting import heat_map
from survey.web.review.meeting.sight import Sight, sight
from survey.web.review.meeting.what_if import asked, attempt, places, whole

PANELS = ("groups", "calibration", "map")
LOOKS = ("light", "dark")
LINES = 7
"""Villages of the map on one screen of 720 lines."""
MOVES = 8


@blueprint.get("/<slug>/meeting/projector/<panel>")
@staff
def meeting_panel(slug: str, panel: str) -> ResponseReturnValue:
    """Whoever sees the meeting's page: one part of it for the wall."""
    if panel not in PANELS:
        abort(404)
    seen = sight(slug)
    found = heat_map.make(seen, LINES)
    return render_template(
        "review/meeting_projector.html",
        seen=seen,
        panel=panel,
        map=found,
        lines=seen.groups() if panel == "groups" else (),
        note=say(groups.NOTE),
        calibrated=seen.calibrated() if seen.whole else None,
        cap=seen.cap(),
        **heat_map.words(seen),
        **_turns(seen, panel, found),
    )


@blueprint.get("/<slug>/meeting/projector/what-if")
@staff
def meeting_what_if_panel(slug: str) -> ResponseReturnValue:
    """Who sees all villages at the meeting: a what-if for the wall, without its form."""
    seen = whole(slug)
    form, tried = attempt(seen)
    return render_template(
        "review/meeting_projector.html",
        seen=seen,
        panel="what-if",
        tried=tried,
        cut=tried.moves[:MOVES] if tried else (),
        asked=asked(form),
        **places(seen),
        **_turns(seen, "what-if", None),
    ), 200 if tried else 422


def _turns(seen: Sight, panel: str, found: heat_map.Map | None) -> dict[str, object]:
    """Return where the keys lead from *panel*: one back, one on, and out."""
    look = request.args.get("look", "")
    slug, chosen = seen.round_.slug, {"look": look} if look in LOOKS else {}

    def at(name: str, **more: object) -> str:
        return url_for("review.meeting_panel", slug=slug, panel=name, **chosen, **more)

    last = url_for("review.meeting_what_if_panel", slug=slug, **chosen) if seen.whole else None
    here = request.args.to_dict() | {"slug": slug}
    if panel != "what-if":
        here["panel"] = panel
    turns: dict[str, tuple[str | None, str | None]] = {
        "groups": (None, at("calibration") if seen.whole else at("map")),
        "calibration": (at("groups"), at("map")),
        "map": (at("calibration") if seen.whole else at("groups"), last),
        "what-if": (at("map"), None),
    }
    before, after = turns[panel]
    if panel == "map" and found is not None:
        if found.page > 1:
            before = at("map", page=found.page - 1, **found.query)
        if found.page < found.pages:
            after = at("map", page=found.page + 1, **found.query)
    endpoint = str(request.endpoint)
    return {
        "before": before,
        "after": after,
        "look": chosen.get("look", ""),
        "looks": {one: url_for(endpoint, **(here | {"look": one})) for one in LOOKS},
    }
