"""Ballots for tests of the method, and its formulae once more, straight from the ballots."""

import json
import math
from pathlib import Path

from hypothesis import strategies as st

from survey.core.scores import Score, SourceScores
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
WORKED = VECTORS["worked_example"]
VALUES = (100, 80, 60, 40)
ONE = {"effects": (0, 1, 2)}
FOUR = {
    "investigation": (0, 1, 2),
    "measures": (3,),
    "effects": (4, 5),
    "responsibility": (6, 7, 8, 9),
}
ANSWERS = st.sampled_from([0, 1, 2, 3, -1, -2])


def ballots_of(items: int, least: int = 0, most: int = 25, answers=ANSWERS):
    """A strategy for the ballots of one village."""
    return st.lists(
        st.lists(answers, min_size=items, max_size=items), min_size=least, max_size=most
    )


def village(ballots, columns=FOUR, *, code="v", eligible=None, tickets=True) -> VillageTally:
    """The tally of one village, ready to be scored."""
    return VillageTally(code, eligible, count(ballots, columns, VALUES), tickets)


def scores_of(ballots, columns=FOUR, *, audience="mass", phi_pool=0.4, **how) -> SourceScores:
    """The scores of one village with a given pooled dispersion."""
    scored = score_round(
        [village(ballots, columns, **how)], VALUES, audience=audience, phi_pool=phi_pool
    )
    return scored[0]


def worked_mass() -> Score:
    """The mass score of the worked example."""
    return scores_of(WORKED["ballots"], ONE, eligible=60).source


def figures_by_hand(ballots, columns, values=VALUES) -> list[dict | None]:
    """D, n and Σu² of every dimension and of the source, by loops over the ballots."""
    items = sum(len(where) for where in columns.values())
    valid = [ballot for ballot in ballots if 2 * sum(a >= 0 for a in ballot) >= items]
    found, parts = [], []
    for where in columns.values():
        means = {
            j: sum(values[b[j]] for b in valid if b[j] >= 0) / sum(b[j] >= 0 for b in valid)
            for j in where
            if any(b[j] >= 0 for b in valid)
        }
        n = sum(any(b[j] >= 0 for j in where) for b in valid)
        if not means:
            found.append(None)
            parts.append(None)
            continue
        u = [
            n
            / len(means)
            * math.fsum(
                (values[b[j]] - mean) / sum(one[j] >= 0 for one in valid)
                for j, mean in means.items()
                if b[j] >= 0
            )
            for b in valid
        ]
        score = math.fsum(means.values()) / len(means)
        found.append({"D": score, "n": n, "squares": math.fsum(x * x for x in u)})
        parts.append([x / n for x in u])
    if any(one is None for one in found):
        return [*found, None]
    u = [len(valid) / len(columns) * math.fsum(cells) for cells in zip(*parts, strict=True)]
    source = {
        "D": math.fsum(one["D"] for one in found) / len(found),
        "n": len(valid),
        "squares": math.fsum(x * x for x in u),
    }
    return [*found, source]


def mixed(n, items=10):
    """Ballots that differ: the score is neither round nor near an end."""
    return [[(place + item) % 3 for item in range(items)] for place in range(n - 1)] + [[0] * items]
