"""The chapter about suggested ratings."""

from pathlib import Path

from survey.core.policy import Policy
from tests.simulate import drawing
from tests.simulate.ratings import NUMBERS, ORGANISATIONAL, Rates
from tests.simulate.writing import paragraph, picture, share, table

TITLE = "Suggested ratings: right, wrong, and good that is not"
COLUMNS = {
    "right": "right", "clear_right": "of these clear", "wrong": "wrong",
    "clear_wrong": "of these clear", "undecided": "undecided", "false_good": "false good",
    "clear_false_good": "of these clear", "good_found": "good found",
}  # fmt: skip

RIGHT = ("right", "clear_right")
WRONG = ("wrong", "clear_wrong", "false_good", "clear_false_good")


def written(rates: list[Rates], folder: Path) -> list[str]:
    """Return the chapter's lines, its plot in *folder*."""
    _draw(rates, folder)
    marks = ", ".join(str(one) for one in ORGANISATIONAL)
    return [
        *paragraph(
            f"""Villages from poor to content, {rates[0].villages:,} of them; organisational
            evaluation {marks} in turn, self-evaluation 90; N known. The true rating is the one
            that all eligible villagers would give. The policy’s least number of ballots is put
            aside here, to show what it is for. All shares are of all villages, but *false good*
            is of those that are not good, *good found* of those that are
            ({share(rates[0].truly_good)} of all). Most of these villages are far from a
            threshold; near one, nothing can be always right."""
        ),
        *picture("ratings", "Right and wrong suggestions over the number of ballots"),
        *table(
            ["mass ballots", *COLUMNS.values()],
            [[f"n = {one.n}", *(share(getattr(one, name)) for name in COLUMNS)] for one in rates],
        ),
    ]  # fmt: skip


def concluded(rates: list[Rates]) -> list[str]:
    """Return what the rates say, in sentences."""
    least = next(one for one in rates if one.n >= Policy().minimum_mass_ballots)
    return [
        f"""With the least number of ballots ({least.n}) the suggested rating is right in
        {share(least.right)} of villages, and of those that are not good {share(least.false_good)}
        are called good. With {rates[0].n} ballots it would be {share(rates[0].right)} and
        {share(rates[0].false_good)}."""
    ]


def short(rates: list[Rates]) -> list[str]:
    """Return nothing: no share of right ratings was aimed at."""
    return []


def _draw(rates: list[Rates], folder: Path) -> None:
    figure, axes = drawing.panels(2)
    for place, names in zip(axes, (RIGHT, WRONG), strict=True):
        drawing.lines(
            place, NUMBERS,
            {name.replace("_", " "): [getattr(one, name) for one in rates] for name in names},
        )  # fmt: skip
        drawing.ballots(place, NUMBERS)
        place.legend()
    axes[0].set_ylabel("share of villages")
    drawing.save(figure, folder, "ratings")
