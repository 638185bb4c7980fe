"""The page of one village: first the member's own evaluation, then scores, then the decision."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from survey.core import appeal, comparison, explanation, plain_words
from survey.core import evaluation as marks
from survey.core.questionnaire import Questionnaire
from survey.core.reasons import forged, in_short
from survey.core.release import ReleasedVillage
from survey.core.wording import N_, Sentence
from survey.storage import (
    appeals,
    evaluations,
    extras,
    predecessors,
    questionnaires,
    registers,
    results,
    rounds,
    texts,
)
from survey.storage.db import db
from survey.storage.tables import RATINGS, VillageRow
from survey.web.access import reviewers
from survey.web.headers import policy
from survey.web.review import figures, order
from survey.web.review.blueprint import blueprint
from survey.web.review.file import complete
from survey.web.review.lines import lines
from survey.web.review.scope import Place, find_village, villages_seen
from survey.web.review.steps import next_step

IN_FILE = {
    "problem_list": "problem",
    "plan": "measure",
    "meeting_records": "meeting",
    "closeout_ledger": "measure",
    "callback_records": "call_back",
}
"""Where in the village file a material of the checklist is."""
SAVING = policy(style_src="'self'", script_src="'self'", img_src="'self'", connect_src="'self'")
"""What the page may do while its reader writes an evaluation, which is saved as they type."""
SCORES_HIDDEN = N_("The scores are shown once the round is sealed and the consensus is entered.")


@blueprint.get("/<slug>/<code>")
@reviewers
def village(slug: str, code: str) -> ResponseReturnValue:
    """Members of the village's acceptance group; administrators read only."""
    return show(find_village(slug, code))


def show(
    place: Place,
    *,
    form: Mapping[str, str] | None = None,
    consensus_form: Mapping[str, str] | None = None,
    decision_form: Mapping[str, str] | None = None,
    faults: Mapping[str, Sentence] | None = None,
    problem: Sentence | None = None,
    where: str = "",
    overtaken: bool = False,
) -> Response:
    """Render the page of *place* with what was typed and what was wrong with it, *where* on it.

    *overtaken*: the draft was saved from another window meanwhile, and is shown beside the form.
    """
    page = render_template(
        "review/village.html",
        place=place,
        step=next_step(place.round_, place.standing, place.rating, place.reader),
        register=(register := db.session.get_one(VillageRow, place.village.village_id)),
        complete=complete(register),
        hamlets=registers.parts(db.session, register.id),
        in_file=IN_FILE,
        neighbours=_neighbours(place),
        asked=order.wanted(),
        scale=scale(place),
        form=form if form is not None else _own_form(place),
        consensus_form=consensus_form if consensus_form is not None else _agreed_form(place),
        consensus_opened=consensus_form is not None,
        decision_form=decision_form or _decided_form(place),
        faults=faults or {},
        problem=problem,
        where=where,
        overtaken=overtaken,
        dimensions=explanation.DIMENSION_NAMES,
        roles=marks.ROLES,
        materials=marks.MATERIALS,
        note_maximum=marks.NOTE_MAXIMUM,
        spread=marks.spread,
        far_apart=marks.FAR_APART,
        choices=RATINGS,
        mark=secrets.token_hex(8),
        own=evaluations.own(db.session, place.round_, place.village, place.reader),
        before_scores=place.standing.before_scores(place.round_.sealed_at),
        appeals=appeals.of_village(db.session, place.round_, place.village),
        words=appeal.WORDS,
        evidence=_evidence(place) if place.scored else None,
    )
    response = make_response(page)
    if place.drafting:
        response.headers["Content-Security-Policy"] = SAVING
    return response


def scale(place: Place) -> marks.Scale:
    """Return the scale of points in the round of *place*."""
    return marks.Scale(rounds.policy_of(place.round_).values)


def released_village(place: Place) -> ReleasedVillage:
    """Return what may be shown of the village of *place*; only where `Place.scored`."""
    return results.released(db.session, place.round_)[place.village.code]


def consensus(place: Place) -> marks.Consensus | None:
    """Return the consensus that holds for *place*."""
    return place.standing.agreed.consensus if place.standing.agreed else None


def _evidence(place: Place) -> dict[str, Any]:
    shown = released_village(place)
    name = place.village.name
    sources = {"mass": shown.mass, "self": shown.self_}
    return {
        "shown": shown,
        "composite": figures.composite_range(shown),
        "lines": figures.lines(shown, consensus(place)),
        "sentences": {
            audience: explanation.of_source(name, scores) if scores else ()
            for audience, scores in sources.items()
        },
        "screens": {
            audience: explanation.of_screens(shown.flags[audience]) for audience in sources
        },
        "screens_noted": explanation.screens_noted(shown.flags),
        "last": _since_last_round(place),
        "gaps": explanation.of_gaps(shown),
        "short": in_short(shown.suggestion),
        "changes": (
            *explanation.of_changes(shown.suggestion),
            *plain_words.of_robustness(shown.suggestion),
            *plain_words.of_weights(shown.suggestion),
            *forged(shown.suggestion),
        ),
        "likely": figures.likely(shown.suggestion),
        "told": (
            *plain_words.of_composite(name, shown.composite),
            *plain_words.of_chances(shown.suggestion),
        ),
        "items": {
            audience: figures.items(scores, questionnaire_of(place, audience))
            for audience, scores in sources.items()
            if scores is not None
        },
        "cells": figures.cell_names(),
        "beside": extras.released(db.session, place.round_, place.village),
        "texts": texts.of_village(db.session, place.round_, place.village),
    }


def _since_last_round(place: Place) -> dict[str, Sentence]:
    found = predecessors.compared(db.session, place.round_, place.village, place.reader)
    if found is None:
        return {}
    return {
        audience: comparison.explain(one, found.last.title)
        for audience, one in found.comparisons.items()
    }


def questionnaire_of(place: Place, audience: str) -> Questionnaire:
    """Return what *audience* was asked in the round of *place*; raises `Missing`."""
    asked = rounds.audience_of(place.round_, audience)
    return questionnaires.of_digest(db.session, asked.questionnaire_digest)


def _own_form(place: Place) -> dict[str, str]:
    mine = place.standing.mine
    return marks.to_form(mine.evaluation) if mine and mine.evaluation else {}


def _agreed_form(place: Place) -> dict[str, str]:
    agreed = consensus(place)
    return marks.to_form(agreed) if agreed else {}


def _decided_form(place: Place) -> dict[str, str]:
    if place.rating is None:
        return {}
    return {"decision": place.rating.decision, "reason": place.rating.reason}


def _neighbours(place: Place) -> dict[str, str | None]:
    codes = _codes(place)
    here = codes.index(place.village.code)
    return {
        "previous": codes[here - 1] if here else None,
        "next": codes[here + 1] if here + 1 < len(codes) else None,
    }


def _codes(place: Place) -> list[str]:
    """Return the codes of the reader's villages in the order of the desk that they come from.

    All of them, where this one is no longer among those that the desk listed.
    """
    asked = order.wanted()
    if not asked.address:
        return [row.code for row in villages_seen(place.round_)]
    every = lines(place.round_)
    listed = [line.village.code for line in order.arranged(every, asked)]
    if place.village.code in listed:
        return listed
    return [line.village.code for line in order.in_order(every, asked)]
