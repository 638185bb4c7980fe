"""The chapter about the gap between self and mass."""

from pathlib import Path

from tests.simulate import drawing
from tests.simulate.gaps import (
    DIFFERENT,
    LEVEL,
    MASS,
    POPULATIONS,
    SELF,
    TESTS,
    Error,
    Found,
    Power,
)
from tests.simulate.populations import NEARLY
from tests.simulate.writing import paragraph, picture, share, table, with_error

TITLE = "Self against mass: false alarms and power"


def written(found: Found, folder: Path) -> list[str]:
    """Return the chapter's lines, its plots in *folder*."""
    _draw(found, folder)
    return [
        *paragraph(
            f"""Self-evaluation and mass evaluation ({MASS} ballots) were drawn from the same
            people, so that every gap is chance. The share of dimensions with p < {share(LEVEL)},
            by the method’s test and by two of the textbook (in every fourth round). *Any
            notable*: the share of rounds in which at least one gap of all villages × dimensions
            would be called notable, after Benjamini and Hochberg. “{NEARLY.name}” is
            {NEARLY.described}; the other kinds are those above."""
        ),
        *picture("gap-errors", "False alarms of three tests, for each kind of village"),
        *_errors(found.errors),
        *paragraph(
            f"""Power: in one village of {DIFFERENT} party members see everything more kindly, by
            so many points. *Alone*: p < {share(LEVEL)}. *Notable*: as the page would call it,
            among all villages of the round."""
        ),
        *picture("gap-power", "How often a true gap is found, over its size"),
        *_powers(found.powers),
    ]


def concluded(found: Found) -> list[str]:
    """Return what the errors and powers say, in sentences."""
    worst = {test: max(found.errors, key=lambda one: one.shares[test]) for test in TESTS}
    told = (
        f"{test} {share(one.shares[test])} ({one.population.name}, {one.n} self-evaluation ballots)"
        for test, one in worst.items()
    )
    falsely = max(found.errors, key=lambda one: one.rounds_notable)
    few = [one for one in found.powers if one.n == min(SELF)]
    return [
        f"""Honest villages are called different (p < {share(LEVEL)}), at worst, in:
        {", ".join(told)}.""",
        f"""A whole round of honest villages shows a notable gap in up to
        {share(falsely.rounds_notable)} of cases ({falsely.population.name}, {falsely.n}
        self-evaluation ballots).""",
        f"""With {min(SELF)} self-evaluation ballots a gap of {max(one.points for one in few):.0f}
        points is notable in {share(max(one.notable for one in few))} of cases: no notable gap is
        no agreement.""",
    ]


def _errors(errors: list[Error]) -> list[str]:
    return table(
        ["villages", "self ballots", *TESTS, "any notable", "rounds"],
        [
            [
                one.population.name, str(one.n),
                *(with_error(one.shares[test], one.errors[test]) for test in TESTS),
                with_error(one.rounds_notable, one.error_notable), str(one.rounds),
            ]
            for one in errors
        ],
    )  # fmt: skip


def _powers(powers: list[Power]) -> list[str]:
    return table(
        ["self ballots", "true gap", "alone", "notable"],
        [
            [str(one.n), f"{abs(one.points):.1f}", share(one.alone), share(one.notable)]
            for one in powers
        ],
    )


def _draw(found: Found, folder: Path) -> None:
    figure, axes = drawing.panels(len(SELF))
    names = [one.name for one in POPULATIONS]
    most = max(share for one in found.errors for share in one.shares.values())
    for place, n in zip(axes, SELF, strict=True):
        own = [one for one in found.errors if one.n == n]
        drawing.bars(
            place, names, {test: [one.shares[test] for one in own] for test in TESTS},
            title=f"{n} self-evaluation ballots",
        )  # fmt: skip
        drawing.level(place, LEVEL)
        place.set_ylim(0, max(most, 2 * LEVEL))
    axes[0].set_ylabel("honest villages called different")
    axes[-1].legend()
    drawing.save(figure, folder, "gap-errors")
    figure, axes = drawing.panels(2)
    for place, kind in zip(axes, ("alone", "notable"), strict=True):
        for row, n in enumerate(SELF):
            own = [one for one in found.powers if one.n == n]
            place.plot(
                [one.points for one in own], [getattr(one, kind) for one in own], label=str(n),
                color=drawing.COLOURS[row], marker=drawing.MARKS[row], markersize=4, linewidth=1.2,
            )  # fmt: skip
        place.set_title(kind, fontsize=9)
        place.set_xlabel("true gap, points")
        place.set_ylim(-0.02, 1.02)
    axes[0].set_ylabel("found")
    axes[0].legend(title="self ballots")
    drawing.save(figure, folder, "gap-power")


def short(found: Found) -> list[str]:
    """Return the table of false alarms above the level."""
    high = [one for one in found.errors if max(one.shares["MOVER"], one.rounds_notable) > LEVEL]
    if not high:
        return [f"Gaps: no kind of village gives more false alarms than {share(LEVEL)}."]
    return [
        *paragraph(
            f"""Gaps: more than {share(LEVEL)} false alarms, alone or in a round. A round in which
            nobody differs should have a notable gap in {share(LEVEL)} of cases."""
        ),
        *_errors(high),
    ]
