"""The screens over a large round: 465 villages, 300 ballots each, both audiences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from survey.core.screening import VillageBox, screen

VILLAGES, BALLOTS, ITEMS = 465, 300, 12
DAYS, BUCKETS_OF_A_DAY = 10, 288
VALUES = (100, 80, 60, 40)
_CUTS = np.array([0.35, -0.55, -1.25])

Work = Callable[[], object]


def screens(folder: Path) -> Work:
    """From ballots and their five-minute buckets to a truth per screen and village."""
    rounds = _rounds()
    return lambda: [screen(villages, VALUES, 41) for villages in rounds]


def floor(folder: Path) -> Work:
    """The order of all ballots, by their answers."""
    rounds = [np.concatenate([village.answers for village in villages]) for villages in _rounds()]
    return lambda: [np.unique(answers, axis=0) for answers in rounds]


def _rounds() -> list[list[VillageBox]]:
    random = np.random.default_rng(41)
    return [
        [_village(f"{place:012d}", random) for place in range(VILLAGES)] for audience in range(2)
    ]


def _village(code: str, random: np.random.Generator) -> VillageBox:
    """Return a village of people with views of their own, most of whom come in the evening."""
    views = random.normal(random.normal(0.9, 0.4), 0.7, (BALLOTS, 1))
    felt = views + random.normal(0, 0.25, ITEMS) + random.normal(0, 0.5, (BALLOTS, ITEMS))
    answers = (felt[..., None] < _CUTS).sum(axis=-1).astype(np.int8)
    answers[random.random(answers.shape) < 0.04] = -1
    evening = np.clip(random.normal(230, 20, BALLOTS), 0, BUCKETS_OF_A_DAY - 1).astype(np.int64)
    return VillageBox(
        code, answers, 1 + random.integers(0, DAYS, BALLOTS) * BUCKETS_OF_A_DAY + evening
    )
