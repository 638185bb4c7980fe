"""How much is simulated: the whole run, and a tiny one that only shows that every part works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How often each part of the simulation is repeated.

    A round has *villages*. *rounds* are those of coverage, where a lone village draws *redraws*
    times; *chances*, *gaps*, *screens*, *alphas*, *ratings* and *lecturers* are the rounds of other
    parts. α is that of *alpha_villages*.
    """

    villages: int
    rounds: int
    redraws: int
    chances: int
    gaps: int
    screens: int
    alphas: int
    alpha_villages: int
    ratings: int
    lecturers: int


FULL = Size(
    villages=41, rounds=60, redraws=8, chances=60, gaps=48, screens=40, alphas=48,
    alpha_villages=41, ratings=60, lecturers=40,
)  # fmt: skip
TINY = Size(
    villages=6, rounds=1, redraws=2, chances=1, gaps=1, screens=1, alphas=1,
    alpha_villages=41, ratings=2, lecturers=2,
)  # fmt: skip
"""How little is enough to see that every part works; α wants its hundreds of ballots."""
