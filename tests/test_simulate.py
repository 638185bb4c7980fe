"""make simulate works from end to end, and the interval holds the truth as often as it should."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from tests.simulate import lecturers, ratings
from tests.simulate.chapters import lecturers as about_lecturers
from tests.simulate.chapters import ratings as about_ratings
from tests.simulate.coverage import LEVELS, covered
from tests.simulate.document import CHAPTERS, write
from tests.simulate.populations import CEILING, HIGH, MIXED, PEOPLE, Population
from tests.simulate.rounds import world
from tests.simulate.size import TINY

SEED = 5
ROUNDS, VILLAGES = 6, 40
ALARM = 1e-5
"""How often the test of coverage may fail by chance, were the interval only as good as its aim."""


@pytest.fixture
def without_lecturers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No real ratings, whether they are installed or not."""
    monkeypatch.setattr(lecturers, "FOLDER", tmp_path / "nothing")


@pytest.mark.usefixtures("without_lecturers")
def test_a_tiny_run_writes_every_chapter_and_its_plots(tmp_path: Path) -> None:
    begun: list[str] = []
    page = write(tmp_path / "docs", TINY, SEED, begun.append)
    text = page.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[1:-2] == [chapter.title for chapter in CHAPTERS] == begun
    shown = re.findall(r"\]\((method-evidence/[^)]+)\)", text)
    drawn = (page.parent / "method-evidence").glob("*.svg")
    assert sorted(shown) == sorted(f"method-evidence/{plot.name}" for plot in drawn)
    assert len(shown) >= 6
    assert about_lecturers.SKIPPED in text
    assert not re.search(r"\b(nan|None|inf)\b", text)


def test_the_same_seed_gives_the_same_figures_and_plots(tmp_path: Path) -> None:
    told = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        found = ratings.simulate(TINY, np.random.default_rng(SEED))
        lines = about_ratings.written(found, folder)
        told.append((lines, [plot.read_bytes() for plot in sorted(folder.iterdir())]))
    assert told[0] == told[1]


def holding(population: Population, n: int, finite: bool) -> int:
    """How many of all simulated intervals of a source hold the truth."""
    random = np.random.default_rng(SEED)
    worlds = (world(population, random, VILLAGES, PEOPLE) for _ in range(ROUNDS))
    rounds = (covered(villages, n, random, finite, population, 1) for villages in worlds)
    return round(sum(one[LEVELS.index("source")][0] for one in rounds) * VILLAGES)


@pytest.mark.parametrize("finite", [False, True], ids=["N unknown", "N known"])
@pytest.mark.parametrize("population", [MIXED, HIGH, CEILING], ids=lambda one: one.name)
def test_the_interval_holds_the_truth_as_often_as_it_should(
    population: Population, finite: bool
) -> None:
    """Of independent intervals that each hold it at the aimed share, fewer do in 1 of 100,000."""
    least = binom.ppf(ALARM, ROUNDS * VILLAGES, population.least)
    assert holding(population, 20, finite) >= least
