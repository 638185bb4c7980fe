"""docs/method-evidence.md: every chapter simulated, and written down."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.simulate import alphas, coverage, gaps, lecturers, probabilities, ratings, screens
from tests.simulate.chapters import alphas as about_alphas
from tests.simulate.chapters import coverage as about_coverage
from tests.simulate.chapters import gaps as about_gaps
from tests.simulate.chapters import lecturers as about_lecturers
from tests.simulate.chapters import probabilities as about_probabilities
from tests.simulate.chapters import ratings as about_ratings
from tests.simulate.chapters import screens as about_screens
from tests.simulate.populations import MIXED, PEOPLE
from tests.simulate.rounds import draw, score, world
from tests.simulate.size import Size
from tests.simulate.writing import CHAPTERS_FOLDER, about, bullets, paragraph, table

NAME = "method-evidence.md"
BALLOTS, VILLAGES, TIMES = 100, 41, 20


@dataclass(frozen=True)
class Chapter:
    """How a chapter's figures are made and told: at length, in brief, and what falls short."""

    title: str
    simulate: Callable[[Size, np.random.Generator], Any]
    written: Callable[[Any, Path], list[str]]
    concluded: Callable[[Any], list[str]]
    short: Callable[[Any], list[str]]


CHAPTERS = tuple(
    Chapter(telling.TITLE, figures.simulate, telling.written, telling.concluded, telling.short)
    for figures, telling in (
        (coverage, about_coverage),
        (probabilities, about_probabilities),
        (gaps, about_gaps),
        (screens, about_screens),
        (alphas, about_alphas),
        (ratings, about_ratings),
        (lecturers, about_lecturers),
    )
)


def write(folder: Path, size: Size, seed: int, begun: Callable[[str], None]) -> Path:
    """Simulate everything and write the document and its plots into *folder*; return its path.

    *begun* is told the title of each chapter as it begins.
    """
    plots = folder / CHAPTERS_FOLDER
    plots.mkdir(parents=True, exist_ok=True)
    found, spent = [], []
    for place, chapter in enumerate(CHAPTERS):
        begun(chapter.title)
        began = time.process_time()
        found.append(chapter.simulate(size, np.random.default_rng([seed, place])))
        spent.append(time.process_time() - began)
    lines = [*_opening(found, seed), *_chapters(found, plots), *_short(found), *_cost(spent)]
    path = folder / NAME
    path.write_text("\n".join(_without_double_blanks(lines)) + "\n", "utf-8")
    return path


def _opening(found: list[Any], seed: int) -> list[str]:
    return [
        "# Evidence for the method",
        "",
        "    make simulate",
        "",
        *paragraph(
            f"""writes this page and its plots anew, in a few minutes, with the seed {seed}. Every
            figure here was produced by that run, with the code that scores real rounds ([the
            method](method.md)); the page is not edited by hand."""
        ),
        "## What a reader may conclude",
        "",
        *bullets(
            [
                *(
                    line
                    for chapter, one in zip(CHAPTERS, found, strict=True)
                    for line in chapter.concluded(one)
                ),
                """All of this is about chance in who answers, with ballots drawn at random from
                all people. Nothing here says how far those who answer differ from those who do
                not.""",
                """Where the method falls short of what was aimed at stands
                [below](#what-falls-short), whole.""",
            ]
        ),
        *paragraph(
            """How to read it: shares of 1, written “.946”; *n* ballots; “± .004” and *error* are
            the standard error of the simulation itself, from the differences between simulated
            rounds. A difference of less than two of them may be chance."""
        ),
    ]


def _chapters(found: list[Any], plots: Path) -> list[str]:
    return [
        line
        for chapter, one in zip(CHAPTERS, found, strict=True)
        for line in (f"## {chapter.title}", "", *chapter.written(one, plots), "")
    ]


def _short(found: list[Any]) -> list[str]:
    return [
        "## What falls short",
        "",
        *(
            line
            for chapter, one in zip(CHAPTERS, found, strict=True)
            for line in (*chapter.short(one), "")
        ),
    ]


def _cost(spent: list[float]) -> list[str]:
    """Return how long the run took, as a ratio to scoring one round on the same machine."""
    once = _scoring()
    return [
        "## How long it took",
        "",
        *paragraph(
            f"""Processor time, as a multiple of scoring one round of {VILLAGES} villages with
            {BALLOTS} ballots each, from the ballots. It moves by a fifth from one run to the
            next; all other figures do not move at all."""
        ),
        *table(
            ["chapter", "× one round"],
            [
                *(
                    [chapter.title, about(seconds / once)]
                    for chapter, seconds in zip(CHAPTERS, spent, strict=True)
                ),
                ["all", about(sum(spent) / once)],
            ],
        ),
    ]  # fmt: skip


def _scoring() -> float:
    """Return the processor seconds of counting and scoring one round."""
    random = np.random.default_rng(0)
    people = world(MIXED, random, VILLAGES, PEOPLE).villages
    began = time.process_time()
    for _ in range(TIMES):
        score([draw(each, BALLOTS, random, finite=False) for each in people])
    return (time.process_time() - began) / TIMES


def _without_double_blanks(lines: list[str]) -> list[str]:
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
