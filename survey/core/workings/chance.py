"""How likely a score reaches a threshold, and what forging that would take."""

from __future__ import annotations

import math
from dataclasses import dataclass

from survey.core.bands import rating_name
from survey.core.release import percent
from survey.core.scores import Flips, Score
from survey.core.wording import N_, Sentence, say
from survey.core.workings.numbers import Numbers, numbers
from survey.core.workings.step import Printed, Step, brackets

_TO_PERCENT = N_("in percent")


@dataclass(frozen=True)
class Chance:
    """P(true score ≥ a threshold) as it is printed, and the steps that lead to it."""

    value: Printed
    steps: tuple[Step, ...]


def chance(score: Score, threshold: Printed, title: Sentence) -> Chance:
    """Return how likely the score of all is *threshold* points or more."""
    known = numbers(score)
    if threshold <= known.lowest:
        return settled(True, title, N_("No score can be lower, so this is certain."))
    if threshold >= known.highest:
        top = threshold == known.highest == known.value
        return settled(top, title, N_("The score would have to be at the end of the scale."))
    if known.f >= 1:
        reached = known.value >= threshold
        return settled(reached, title, N_("Everybody entitled has answered, so it is known."))
    return _by_steps(known, threshold, title, score.probability_at_least(threshold))


def _by_steps(known: Numbers, threshold: Printed, title: Sentence, released: float) -> Chance:
    room = (threshold - known.lowest) * (known.highest - threshold)
    away = Printed(
        (known.value - threshold) / math.sqrt((1 - known.f) * known.phi * room / known.n), 6
    )
    found = Printed(_student(away, known.df), 4, kept=True)
    steps = Step(
        title=say(N_("Steps of chance from %(points)s points"), points=f"{threshold}"),
        said=say(
            N_("How far the score is from there, in steps of chance; below 0 it falls short.")
        ),
        formula=(
            f"({known.value} − {brackets(threshold)}) ÷ √((1 − {known.f}) × {known.phi} ×"
            f" ({threshold} − {known.lowest}) × ({known.highest} − {threshold}) ÷ {known.n})"
        ),
        result=f"{away}",
    )
    likely = Step(
        title=title,
        said=say(N_("From Student's table: how likely the score of all is up there.")),
        formula=f"T.DIST({away}, {known.df}, TRUE)",
        result=f"{found}",
        shown=percent(released),
        rule=say(_TO_PERCENT),
    )
    return Chance(found, (steps, likely))


def _student(value: float, df: int) -> float:
    from scipy.special import stdtr

    return float(stdtr(df, value))


def settled(certain: bool, title: Sentence, why: str) -> Chance:
    """Return a probability that needs no arithmetic, and *why*."""
    found = Printed(1.0 if certain else 0.0, 4)
    step = Step(title=title, said=say(why), result=f"{found}", shown=percent(found))
    return Chance(found, (step,))


def at_least(rating: str, points: Printed) -> Sentence:
    """Return what a probability of reaching a band is called."""
    return say(
        N_("How likely it is to reach “%(rating)s” (%(points)s points or more)"),
        rating=rating_name(rating),
        points=f"{points}",
    )


def forged(score: Score, threshold: Printed, flips: Flips | None) -> list[Step]:
    """Return how many forged all-good ballots would explain that the score reaches *threshold*."""
    if flips is None or flips.count == 0 or threshold >= score.highest:
        return []
    known = numbers(score)
    return [
        Step(
            title=say(
                N_("Forged all-good ballots that would explain %(points)s points"),
                points=f"{threshold}",
            ),
            said=say(
                N_(
                    "If about %(count)d ballots were forged and all good, the others alone would"
                    " not reach %(points)s points. So the slips are counted."
                ),
                count=flips.count,
                points=f"{threshold}",
            ),
            formula=(
                f"⌊{known.n} × ({known.value} − {brackets(threshold)}) ÷"
                f" ({known.highest} − {brackets(threshold)})⌋ + 1"
            ),
            result=f"{flips.count}",
        )
    ]
