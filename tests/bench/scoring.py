"""The scores of a round of 41 villages, 100 ballots each, both audiences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from survey.core.recompute import recompute as recompute_document
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count
from survey.storage.questionnaires import defaults

VILLAGES, BALLOTS = 41, 100
ELIGIBLE = 400
VALUES = (100, 80, 60, 40)
_SHARES = {0: 0.55, 1: 0.25, 2: 0.09, 3: 0.04, -1: 0.06, -2: 0.01}

Work = Callable[[], object]


def recompute(folder: Path) -> Work:
    """From ballots, as a plain document, to every figure as a plain document."""
    documents = [
        {
            "values": list(VALUES),
            "dimensions": [list(positions) for positions in columns.values()],
            "villages": [
                {"code": str(place), "eligible": ELIGIBLE, "ballots": ballots.tolist()}
                for place, ballots in enumerate(answers)
            ],
        }
        for columns, answers in _audiences().values()
    ]
    return lambda: [recompute_document(document) for document in documents]


def score(folder: Path) -> Work:
    """From the tallies that the seal keeps to scores, as the reviewers' first page does."""
    rounds = {
        audience: [
            VillageTally(str(place), ELIGIBLE, count(ballots.tolist(), columns, VALUES))
            for place, ballots in enumerate(answers)
        ]
        for audience, (columns, answers) in _audiences().items()
    }
    return lambda: [
        score_round(villages, VALUES, audience=audience) for audience, villages in rounds.items()
    ]


def floor(folder: Path) -> Work:
    """Mean and variance of every item of every village."""
    arrays = [
        (np.array([*VALUES, 0, 0], dtype=float)[ballots], ballots >= 0)
        for _, answers in _audiences().values()
        for ballots in answers
    ]
    return lambda: [
        (points.mean(axis=0, where=graded), points.var(axis=0, where=graded))
        for points, graded in arrays
    ]


def _audiences() -> dict[str, tuple[dict[str, tuple[int, ...]], np.ndarray]]:
    """Return the columns and the answers (villages, ballots, items) of each audience."""
    random = np.random.default_rng(41)
    return {
        audience: (
            questionnaire.dimension_columns,
            random.choice(
                list(_SHARES),
                size=(VILLAGES, BALLOTS, len(questionnaire.items)),
                p=list(_SHARES.values()),
            ),
        )
        for audience, questionnaire in defaults().items()
    }
