"""The chapter about the 95 % interval."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

from tests.simulate import drawing
from tests.simulate.coverage import (
    CAUTIOUS_FROM,
    FEW,
    KNOWN,
    MOST,
    NUMBERS,
    SETTINGS,
    UNKNOWN,
    Coverage,
    Setting,
)
from tests.simulate.populations import POPULATIONS, Population
from tests.simulate.writing import bullets, paragraph, picture, share, table, with_error

TITLE = "How often the 95 % interval holds the truth"
LEVEL_NAMES = {"source": "source", "dimension": "dimensions"}


def written(cells: list[Coverage], folder: Path) -> list[str]:
    """Return the chapter's lines, its plot in *folder*."""
    _draw(cells, folder)
    return [
        *paragraph(
            """Villages were invented: all people of each, with the answers that they would give.
            The truth is the score of all of them. Ballots were drawn, a whole round was scored,
            and it was counted how often the truth lies between the limits. *N unknown*: drawn
            with replacement. *N known*: without, as by tickets; with 60 people up to 50 ballots.
            **Bold** is what misses its aim by more than two standard errors. “dimensions” is over
            all four of them. The plot begins at .5."""
        ),
        *bullets(f"**{one.name}**: {one.described}." for one in POPULATIONS),
        *picture("coverage", "Coverage over the number of ballots, for each kind of village"),
        *(line for setting in (UNKNOWN, KNOWN, FEW) for line in _tables(cells, setting)),
        "Wald's interval, value ± t · standard error, on the same ballots (source, N unknown):",
        *_table(cells, UNKNOWN, "wald"),
        "Half the width of the interval of a source, in points (N unknown):",
        *_widths(cells),
    ]  # fmt: skip


def concluded(cells: list[Coverage]) -> list[str]:
    """Return what the cells say, in sentences."""
    alike = [one for one in cells if one.level == "source" and one.least > 0.9]
    low, high = (choose(alike, key=lambda one: one.share) for choose in (min, max))
    return [
        f"""The 95 % interval of a village’s score holds the truth in {share(low.share)}
        ({low.population.name}, n = {low.n}) to {share(high.share)} ({high.population.name}, n =
        {high.n}) of cases, lone villages and the ceiling left aside.""",
        *(_about(cells, population) for population in POPULATIONS if population.least < 0.9),
    ]  # fmt: skip


def _about(cells: list[Coverage], population: Population) -> str:
    own = list(_row(cells, population, UNKNOWN, "source").values())
    least = min(own, key=lambda one: one.share)
    below = [one.n for one in own if one.share < population.least]
    until = f"below {share(population.least)} up to n = {max(below)}" if below else "never below"
    return (
        f"{population.name.capitalize()} ({population.described}): at worst {share(least.share)}"
        f" (n = {least.n}); {until}{'' if below else ' ' + share(population.least)}."
    )


def _tables(cells: list[Coverage], setting: Setting) -> list[str]:
    return [
        line
        for level, name in LEVEL_NAMES.items()
        for line in (f"**{setting.name}, {name}**", *_table(cells, setting, level))
    ]


def _numbers(setting: Setting) -> list[int]:
    return [n for n in NUMBERS if setting.allows(n)]


def _table(cells: list[Coverage], setting: Setting, level: str) -> list[str]:
    numbers = _numbers(setting)
    rows = []
    for population in POPULATIONS:
        row = _row(cells, population, setting, level)
        most = max(one.error for one in row.values())
        rows.append([population.name, *(_marked(row[n]) for n in numbers), share(most)])
    return table(["villages", *(f"n = {n}" for n in numbers), "error, at most"], rows)


def _marked(cell: Coverage) -> str:
    """Return the share, bold where it falls short by more than chance."""
    short = cell.level in LEVEL_NAMES and cell.short and cell.certain
    return f"**{share(cell.share)}**" if short else share(cell.share)


def _row(
    cells: list[Coverage], population: Population, setting: Setting, level: str
) -> dict[int, Coverage]:
    wanted = (population, setting, level)
    return {one.n: one for one in cells if (one.population, one.setting, one.level) == wanted}


def _widths(cells: list[Coverage]) -> list[str]:
    return table(
        ["villages", *(f"n = {n}" for n in NUMBERS)],
        [
            [
                population.name,
                *(f"{one.half:.1f}" for one in _row(cells, population, UNKNOWN, "source").values()),
            ]
            for population in POPULATIONS
        ],
    )


def _draw(cells: list[Coverage], folder: Path) -> None:
    figure, axes = drawing.panels(3)
    plots = [
        (UNKNOWN, "source", "N unknown"),
        (KNOWN, "source", "N known"),
        (UNKNOWN, "wald", "Wald's"),
    ]
    for place, (setting, level, title) in zip(axes, plots, strict=True):
        drawing.lines(
            place, NUMBERS,
            {
                one.name: [cell.share for cell in _row(cells, one, setting, level).values()]
                for one in POPULATIONS
            },
            title=title,
        )  # fmt: skip
        drawing.ballots(place, (5, 10, 20, 50, 100, 200, 400))
        drawing.level(place, 0.89, 0.93, 0.95)
        place.set_ylim(0.5, 1.005)
    axes[0].set_ylabel("share of intervals that hold the truth")
    axes[2].legend(fontsize=7, loc="lower right")
    drawing.save(figure, folder, "coverage")


def short(cells: Sequence[Coverage]) -> list[str]:
    """Return the table of what falls short, by more than chance or within it."""
    rows = [
        row
        for population, setting, level in product(POPULATIONS, SETTINGS, LEVEL_NAMES)
        if (row := _short(list(_row(cells, population, setting, level).values())))
    ]
    if not rows:
        return ["Coverage: no cell falls short."]
    return [
        *paragraph(
            f"""Coverage below its aim, or above {share(MOST)} from {CAUTIOUS_FROM} ballots on, by
            more than two standard errors, or by less, which may be chance:"""
        ),
        *table(["villages", "aim", "by more", "by less"], rows),
    ]


def _short(cells: list[Coverage]) -> list[str]:
    """Return the row of one kind of village, setting and level; empty where nothing falls short."""
    missed = [one for one in cells if one.short]
    if not missed:
        return []
    first = missed[0]
    aims = {f"≤ {share(MOST)}" if one.generous else f"≥ {share(one.least)}" for one in missed}
    return [
        f"{first.population.name}; {first.setting.name}; {LEVEL_NAMES[first.level]}",
        ", ".join(sorted(aims)),
        *(
            "; ".join(
                f"n = {one.n}: {with_error(one.share, one.error)}"
                for one in missed
                if one.certain == certain
            )
            for certain in (True, False)
        ),
    ]
