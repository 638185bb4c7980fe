"""How far one released score can be trusted: its dispersion, its limits, the widest range."""

from __future__ import annotations

from survey.core.dispersion import FEW_BALLOTS, PRIOR, borrowed, least_dispersion
from survey.core.release import ReleasedScore
from survey.core.wording import N_, say
from survey.core.workings.numbers import Numbers, limits, numbers
from survey.core.workings.step import Printed, Step, plain

_OUTWARD = N_("rounded outward")
_TO_THE_END = N_("a score that reads as a bound may reach to the end of the scale")


def trust(score: ReleasedScore, *, by_poster: bool) -> list[Step]:
    """Return the steps from a score to its limits and to the range that assumes nothing."""
    known = numbers(score)
    return [
        share_of_eligible(score, by_poster=by_poster),
        *dispersion(known),
        *interval(score, known),
        *free_range(score, known),
    ]


def share_of_eligible(score: ReleasedScore, *, by_poster: bool) -> Step:
    """Return f, the share of those entitled that answered."""
    title = say(N_("Share of those entitled that answered (f)"))
    if by_poster:
        return Step(
            title=title,
            said=say(
                N_(
                    "By poster anybody could answer, so nobody knows which share answered. It is"
                    " taken to be 0, which makes the range wider."
                )
            ),
            result="0",
        )
    if not score.eligible:
        return Step(
            title=title,
            said=say(
                N_(
                    "How many are entitled is not known. The share is taken to be 0, which makes"
                    " the range wider."
                )
            ),
            result="0",
        )
    if score.n > score.eligible:
        return Step(
            title=title,
            said=say(
                N_("There are more ballots than people entitled, so the share is taken as 1.")
            ),
            result=f"{Printed(score.f, 6)}",
        )
    return Step(
        title=title,
        said=say(
            N_(
                "%(n)d ballots of %(eligible)d people entitled. The more of all have answered, the"
                " less has to be guessed about the rest."
            ),
            n=score.n,
            eligible=score.eligible,
        ),
        formula=f"{score.n} ÷ {score.eligible}",
        result=f"{Printed(score.f, 6)}",
    )


def dispersion(known: Numbers) -> list[Step]:
    """Return how much the ballots differ: the village's own, the round's, and what is used."""
    return [
        Step(
            title=say(N_("How much the ballots of this village differ (φ_v)")),
            said=say(
                N_(
                    "0 would mean that all ballots say the same, 1 that they say only the best or"
                    " only the worst. It was worked out from the whole ballots inside the seal;"
                    " only two digits are shown. A score that reads as a bound, or is of one item,"
                    " takes the round's instead."
                )
            ),
            result=f"{known.own}",
        ),
        Step(
            title=say(
                N_("How much the ballots of a village of this round usually differ (φ_pool)")
            ),
            said=say(
                N_("The same for the villages of the round together, also in two digits."),
            ),
            result=f"{known.pool}",
        ),
        _moderated(known),
    ]


def _moderated(known: Numbers) -> Step:
    title = say(N_("What is reckoned with (φ)"))
    if least_dispersion(known.n) > borrowed(known.n, known.own, known.pool):
        return Step(
            title=title,
            said=say(
                N_(
                    "So few may agree by luck. With %(n)d ballots the figure is taken to be no less"
                    " than this (%(df)d degrees of freedom)."
                ),
                n=known.n,
                df=known.df,
            ),
            formula=f"({FEW_BALLOTS} ÷ {known.n})²",
            result=f"{known.phi}",
        )
    if known.own > known.pool:
        return Step(
            title=title,
            said=say(
                N_(
                    "The people here are less of one mind than in other villages, so the village"
                    " stands by itself: its own figure is taken as it is (%(df)d degrees of"
                    " freedom)."
                ),
                df=known.df,
            ),
            formula=f"{known.own}",
            result=f"{known.phi}",
        )
    return Step(
        title=title,
        said=say(
            N_(
                "The ballots here differ no more than in other villages. That may be luck, so ten"
                " ballots of the round's kind are added for safety (%(df)d degrees of freedom)."
            ),
            df=known.df,
        ),
        formula=(
            f"(({known.n} − 1) × {known.own} + {PRIOR} × {known.pool}) ÷ ({known.n} + {PRIOR - 1})"
        ),
        result=f"{known.phi}",
    )


def interval(score: ReleasedScore, known: Numbers) -> list[Step]:
    """Return the steps to the range in which the score of all would most likely lie."""
    if score.f >= 1:
        return [
            Step(
                title=say(N_("Limits")),
                said=say(
                    N_("Everybody entitled has answered, so nothing is guessed and it is known.")
                ),
                result=f"{known.value}",
                shown=f"{score.low_text}–{score.high_text}" if score.bound else "",
                rule=say(_TO_THE_END) if score.bound else None,
            )
        ]
    found = limits(known)
    root = f"√({known.c} × {known.p} × (1 − {known.p}) + {known.c}² ÷ 4)"
    low, high = (
        f"{known.lowest} + ({known.highest} − {known.lowest}) ×"
        f" ({known.p} + {known.c} ÷ 2 {sign} {root}) ÷ (1 + {known.c})"
        for sign in "−+"
    )
    return [
        Step(
            title=say(N_("From Student's table (q)")),
            said=say(
                N_(
                    "How many steps of chance one allows for, so that nineteen of twenty such"
                    " ranges are right. The fewer ballots, the more steps."
                )
            ),
            formula=f"T.INV(0.975, {known.df})",
            result=f"{known.q}",
        ),
        Step(
            title=say(N_("How much chance there is (c)")),
            said=say(N_("More ballots make it smaller; ballots that differ make it larger.")),
            formula=f"{known.q}² × (1 − {known.f}) × {known.phi} ÷ {known.n}",
            result=f"{known.c}",
        ),
        Step(
            title=say(N_("Where the score lies on the scale (p)")),
            said=say(N_("0 is the worst end of the scale, 1 the best.")),
            formula=f"({known.value} − {known.lowest}) ÷ ({known.highest} − {known.lowest})",
            result=f"{known.p}",
        ),
        Step(
            title=say(N_("Lower limit")),
            said=say(N_("The score of all would hardly be below this.")),
            formula=low,
            result=f"{found.low}",
            shown=_limit(score, score.low, score.low_text),
            rule=say(_TO_THE_END) if score.bound == "≤" else say(_OUTWARD),
        ),
        Step(
            title=say(N_("Upper limit")),
            said=say(N_("The score of all would hardly be above this.")),
            formula=high,
            result=f"{found.high}",
            shown=_limit(score, score.high, score.high_text),
            rule=say(_TO_THE_END) if score.bound == "≥" else say(_OUTWARD),
        ),
    ]


def _limit(score: ReleasedScore, limit: float, text: str) -> str:
    """Return *limit* as the composite goes on from it: more digits than a bound is written in."""
    return f"{plain(limit)}" if score.bound else text


def free_range(score: ReleasedScore, known: Numbers) -> list[Step]:
    """Return the range that assumes nothing about those who did not answer."""
    if not score.eligible or not score.free_low_text or not score.free_high_text or score.f >= 1:
        return []
    away = max(score.eligible - score.n, 0)
    ends = (
        (N_("If all others said the worst"), known.lowest, score.free_low_text, "≤"),
        (N_("If all others said the best"), known.highest, score.free_high_text, "≥"),
    )
    return [
        Step(
            title=say(title),
            said=say(
                N_("The %(away)d people who did not answer are all put at %(end)s points."),
                away=away,
                end=f"{end}",
            ),
            formula=(f"({known.n} × {known.value} + {away} × {end}) ÷ {known.n + away}"),
            result=f"{Printed((known.n * known.value + away * end) / (known.n + away), 4)}",
            shown=shown,
            rule=say(_TO_THE_END) if score.bound == sign else say(_OUTWARD),
        )
        for title, end, shown, sign in ends
    ]
