"""A village's score beside that of its last round: the difference, and whether chance explains it.

From released scores of both rounds, by MOVER as for two independent samples (`core.gaps`). Where
the same villagers answer twice the true interval is narrower, so this one errs towards “can be
chance”. See docs/method.md, “Last round”.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.gaps import Gap, gap
from survey.core.scores import Score
from survey.core.wording import N_, Sentence, say


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one round asked an audience, and how the score of the village came out.

    *score* None: withheld, or nobody answered. *values*: points of the grades, best first.
    """

    questionnaire: str
    values: tuple[float, ...]
    by_ticket: bool
    score: Score | None


@dataclass(frozen=True)
class Comparison:
    """The change since the last round in points, or None with the reason why there is none."""

    change: Gap | None
    why_not: Sentence | None = None

    @property
    def beyond_chance(self) -> bool:
        """Whether the 95 % interval of the difference excludes 0."""
        return self.change is not None and not self.change.low <= 0 <= self.change.high


def compare(now: Asked, before: Asked | None) -> Comparison:
    """Return the difference of two rounds' scores of one village and audience.

    *before* None: the last round did not ask this audience.
    """
    if before is None:
        return Comparison(None, say(_NOT_ASKED))
    if now.questionnaire != before.questionnaire:
        return Comparison(None, say(_OTHER_QUESTIONS))
    if now.values != before.values:
        return Comparison(None, say(_OTHER_VALUES))
    if now.by_ticket != before.by_ticket:
        return Comparison(None, say(_OTHER_ACCESS))
    if now.score is None or before.score is None:
        return Comparison(None, say(_NOT_SHOWN))
    return Comparison(gap(now.score, before.score))


_NOT_ASKED = N_("Not compared: the last round did not ask this.")
_OTHER_QUESTIONS = N_("Not compared: the questions are not the same as last time.")
_OTHER_VALUES = N_("Not compared: the grades are worth other points than last time.")
_OTHER_ACCESS = N_(
    "Not compared: one round was answered with slips, the other with an open poster, so it is not"
    " the same kind of answer."
)
_NOT_SHOWN = N_("Not compared: one of the two scores is not shown.")


def explain(comparison: Comparison, title: str) -> Sentence:
    """Return *comparison* with the round called *title* in plain words."""
    if comparison.change is None:
        return comparison.why_not or say(_NOT_SHOWN)
    change = comparison.change
    words = _BOUNDED if change.bound else _words(change.value)
    return say(
        words,
        round=title,
        bound=change.bound,
        change=f"{change.value:+.1f}",
        points=f"{abs(change.value):.1f}",
        low=f"{change.low:+.1f}",
        high=f"{change.high:+.1f}",
        judgement=say(_BEYOND if comparison.beyond_chance else _CHANCE),
    )


def _words(change: float) -> str:
    if round(change, 1) == 0:
        return _SAME
    return _MORE if change > 0 else _LESS


_MORE = N_(
    "Compared with “%(round)s”: %(points)s points more (most likely between %(low)s and %(high)s)."
    " %(judgement)s"
)
_LESS = N_(
    "Compared with “%(round)s”: %(points)s points less (most likely between %(low)s and %(high)s)."
    " %(judgement)s"
)
_SAME = N_(
    "Compared with “%(round)s”: the same (most likely between %(low)s and %(high)s). %(judgement)s"
)
_BOUNDED = N_(
    "Compared with “%(round)s”: %(bound)s %(change)s points (most likely between %(low)s and"
    " %(high)s); one of the two scores is near the end of the scale. %(judgement)s"
)
_CHANCE = N_("That can be chance.")
_BEYOND = N_("That is more than chance alone would usually make.")
