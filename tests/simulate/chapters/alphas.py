"""The chapter about the interval of α."""

from pathlib import Path

from tests.simulate import drawing
from tests.simulate.alphas import LEAST, NUMBERS, POPULATIONS, Held
from tests.simulate.writing import paragraph, picture, share, table, with_error

TITLE = "How often the interval of α holds"


def written(cells: list[Held], folder: Path) -> list[str]:
    """Return the chapter's lines, its plot in *folder*."""
    _draw(cells, folder)
    villages = cells[0].ballots // cells[0].n
    return [
        *paragraph(
            f"""Counties of {villages} villages with the same number of ballots each; the truth is
            the α of all their people. Share of the bootstrap's intervals, over the four dimensions
            and the whole, that hold it. *No interval*: scales where a drawing had no α, or too few
            ballots came. The kinds of village are those above."""
        ),
        *picture("alphas", "Intervals of α that hold the truth, over the ballots of each village"),
        *_table(cells),
    ]


def concluded(cells: list[Held]) -> list[str]:
    """Return what the cells say, in a sentence."""
    known = [one for one in cells if one.absent < 1]
    worst, best = (pick(known, key=lambda one: one.share) for pick in (min, max))
    return [
        f"""The interval of α holds the truth in {share(worst.share)} ({worst.population.name},
        {worst.ballots:,} ballots) to {share(best.share)} ({best.population.name},
        {best.ballots:,}) of cases."""
    ]


def short(cells: list[Held]) -> list[str]:
    """Return the table of cells that are surely below the aim."""
    few = [one for one in cells if one.absent < 1 and one.short]
    if not few:
        return [f"The interval of α: no share is surely below {share(LEAST)}."]
    return [f"The interval of α holds the truth in less than {share(LEAST)}:", *_table(few)]


def _table(cells: list[Held]) -> list[str]:
    return table(
        ["villages", "ballots", "true α", "holds", "half width", "no interval"],
        [
            [
                one.population.name, f"{one.ballots:,}", share(one.alpha),
                with_error(one.share, one.error) if one.absent < 1 else "–",
                share(one.half) if one.absent < 1 else "–", share(one.absent),
            ]
            for one in cells
        ],
    )  # fmt: skip


def _draw(cells: list[Held], folder: Path) -> None:
    figure, (axes,) = drawing.panels(1)
    drawing.lines(
        axes,
        NUMBERS,
        {
            population.name: [
                one.share if one.absent < 1 else None
                for one in cells
                if one.population == population
            ]
            for population in POPULATIONS
        },
    )
    drawing.level(axes, LEAST, 0.95)
    drawing.ballots(axes, NUMBERS)
    axes.set_ylabel("holds")
    axes.legend()
    drawing.save(figure, folder, "alphas")
