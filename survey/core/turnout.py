"""What may be known of the turnout before the seal: coarse, so that no single answer shows."""

from __future__ import annotations

from survey.core.wording import N_, Sentence, say

MINIMUM_SELF = 5


def tens(ballots: int) -> int:
    """Return *ballots* rounded down to tens."""
    return ballots // 10 * 10


def enough(ballots: int) -> bool:
    """Say whether *ballots* of the self-evaluation are enough for a score."""
    return ballots >= MINIMUM_SELF


def before_seal(audience: str, ballots: int) -> Sentence:
    """Return what may be said of *ballots* received so far from *audience*.

    The self-evaluation has few who answer, so of it only whether there are enough for a score.
    """
    if audience == "self":
        return say(N_("enough")) if enough(ballots) else say(N_("not enough yet"))
    if ballots < 10:
        return say(N_("fewer than 10"))
    return say(N_("%(tens)d or more"), tens=tens(ballots))
