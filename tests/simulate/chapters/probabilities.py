"""The chapter about P(true ≥ T)."""

from pathlib import Path

from tests.simulate import drawing
from tests.simulate.probabilities import NUMBERS, POPULATIONS, THRESHOLDS, Bin
from tests.simulate.writing import paragraph, picture, share, table

TITLE = "Whether a probability comes true as often as it says"
FAR = 3
SURE = 0.8


def written(bins: list[Bin], folder: Path) -> list[str]:
    """Return the chapter's lines, its plot in *folder*."""
    _draw(bins, folder)
    thresholds = ", ".join(str(one) for one in THRESHOLDS)
    return [
        *paragraph(
            f"""Villages {", ".join(one.name for one in POPULATIONS)}; source; N unknown; T =
            {thresholds}. Of all forecasts between two limits: what they said on average, and how
            often the true score did reach T. *Error* is that of what came true, were the
            forecasts right. P is no posterior: how well it comes true depends on what villages
            there are."""
        ),
        *picture("probabilities", "What came true over what was said"),
        *_table(bins),
    ]  # fmt: skip


def concluded(bins: list[Bin]) -> list[str]:
    """Return what the bins say, in sentences."""
    worst = max(bins, key=lambda one: abs(one.observed - one.predicted))
    sure = [one for one in bins if one.low >= SURE]
    said, right = (
        sum(getattr(one, name) * one.forecasts for one in sure) / sum(one.forecasts for one in sure)
        for name in ("predicted", "observed")
    )
    return [
        f"""Probabilities of {share(SURE)} or more, {share(said)} on average, came true in
        {share(right)} of cases. The farthest that any bin is off: {share(worst.predicted)} was
        said, {share(worst.observed)} came true (n = {worst.n})."""
    ]


def _table(bins: list[Bin]) -> list[str]:
    return table(
        ["ballots, said between", "forecasts", "said", "came true", "error"],
        [
            [
                f"n = {one.n}, {one.low:g} to {one.high:g}", f"{one.forecasts:,}",
                share(one.predicted), share(one.observed), share(one.error),
            ]
            for one in bins
        ],
    )  # fmt: skip


def _draw(bins: list[Bin], folder: Path) -> None:
    figure, (axes,) = drawing.panels(1, height=4.2)
    for place, n in enumerate(NUMBERS):
        own = [one for one in bins if one.n == n]
        axes.plot(
            [one.predicted for one in own], [one.observed for one in own], label=f"n = {n}",
            color=drawing.COLOURS[place], marker=drawing.MARKS[place], markersize=4, linewidth=1.2,
        )  # fmt: skip
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=0.8, linestyle=":")
    axes.set_xlabel("said")
    axes.set_ylabel("came true")
    axes.legend()
    drawing.save(figure, folder, "probabilities")


def short(bins: list[Bin]) -> list[str]:
    """Return the table of bins that miss by more than three errors."""
    far = [one for one in bins if abs(one.observed - one.predicted) > FAR * one.error]
    if not far:
        return ["Probabilities: no bin is off by more than three standard errors."]
    return ["Probabilities off by more than three standard errors:", *_table(far)]
