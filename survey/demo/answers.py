"""Invented respondents: each village has its own quality, each person a view of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.core.ballot import Ballot
from survey.core.questionnaire import Questionnaire

COMMENTS = (
    "路修好了，晚上还是太黑，能装几盏灯就好了。",
    "账目贴出来了，字太小，老人看不清。",
    "工作组的同志来家里坐过两回，问得细。",
    "办事比以前快，去一趟就办成了。",
    "机井的事说了三年，今年总算定下来了。",
    "希望以后开会多叫我们来听听。",
    "低保名单应该在广播里念一遍。",
    "别的都好，就是村口的垃圾池味道大。",
)

_CUTS = np.array([0.35, -0.55, -1.25])
GOOD = 0
_UNKNOWN = 0.05
_BLANK = 0.01
_COMMENTED = 0.12


@dataclass(frozen=True)
class Mood:
    """How a village answers: mean view, and how much its people differ."""

    mean: float
    spread: float


def moods(number: int, seed: int) -> list[Mood]:
    """Return *number* different villages, most of them good, a few not."""
    random = np.random.default_rng(seed)
    means = random.normal(0.7, 0.4, number)
    means[random.choice(number, max(1, number // 12), replace=False)] -= 1.3
    return [Mood(float(mean), float(random.uniform(0.5, 1.0))) for mean in means]


def ballots(
    questionnaire: Questionnaire, mood: Mood, number: int, random: np.random.Generator
) -> list[Ballot]:
    """Return *number* ballots of a village in *mood*."""
    items = len(questionnaire.items)
    views = random.normal(mood.mean, mood.spread, (number, 1))
    leanings = random.normal(0, 0.25, (1, items))
    felt = views + leanings + random.normal(0, 0.5, (number, items))
    answers = (felt[..., None] < _CUTS).sum(axis=-1)
    answers[random.random((number, items)) < _UNKNOWN] = -1
    answers[random.random((number, items)) < _BLANK] = -2
    return [Ballot(tuple(int(answer) for answer in row), _comment(random)) for row in answers]


def all_good(questionnaire: Questionnaire, number: int) -> list[Ballot]:
    """Return *number* ballots that say good to everything, as somebody in a hurry stuffs them."""
    return [Ballot((GOOD,) * len(questionnaire.items))] * number


def _comment(random: np.random.Generator) -> str:
    return str(random.choice(COMMENTS)) if random.random() < _COMMENTED else ""
