"""The chapter about the screens."""

from pathlib import Path

from survey.core.screening import SCREENS
from tests.simulate import drawing
from tests.simulate.screens import MOST_FALSE, SHARES, STUFFED, TOGETHER, Found, Honest
from tests.simulate.stuffing import ALL_KINDS, COUNTIES, WAYS
from tests.simulate.writing import bullets, paragraph, picture, share, table, with_error

TITLE = "Screens: honest villages and stuffed ones"
NAMES = {
    "same_window": "same window", "burst": "burst", "repeated": "repeated", "all_good": "all good",
    TOGETHER: "together",
}  # fmt: skip
COLUMNS = (*SCREENS, TOGETHER)


def written(found: Found, folder: Path) -> list[str]:
    """Return the chapter's lines, its plot in *folder*."""
    _draw(found, folder)
    return [
        *paragraph(
            f"""Counties of {found.villages} villages with 40 to 200 ballots each. Ballots come
            over a week, by day and in the evening, a quarter of them at one meeting of an hour;
            one person in seven ticks the same grade all the way down."""
        ),
        *bullets(f"**{one.name}**: {one.described}." for one in COUNTIES),
        *paragraph(
            f"""Share of honest villages that are flagged ({found.honest_villages:,} villages in
            each row):"""
        ),
        *_honest(found.honest),
        *paragraph(
            f"""Stuffed villages: one in {STUFFED} of a county “{ALL_KINDS.name}”, by one of five
            ways, until forged ballots are that share of all."""
        ),
        *bullets(f"**{one.name}**: {one.described}." for one in WAYS),
        *paragraph(
            f"""Share of stuffed villages that are flagged ({found.stuffed_villages} villages in
            each row), and of the honest villages beside them:"""
        ),
        *_caught(found),
        *picture("screens", "Stuffed villages that are flagged, by way of stuffing"),
        "A way that no screen sees is not harmless: it is what the counting of slips is for.",
    ]  # fmt: skip


def concluded(found: Found) -> list[str]:
    """Return what the flags say, in sentences."""
    least, most = (
        choose(found.honest, key=lambda one: one.shares[TOGETHER]) for choose in (min, max)
    )
    largest = [one for one in found.caught if one.share == max(SHARES)]
    told = ", ".join(f"{one.way.name} {share(one.shares[TOGETHER])}" for one in largest)
    return [
        f"""The screens together flag {share(least.shares[TOGETHER])} ({least.county.name}) to
        {share(most.shares[TOGETHER])} ({most.county.name}) of honest villages.""",
        f"""Where {100 * max(SHARES):.0f} % of the ballots are forged, they flag, by way of
        stuffing: {told}. What answers cannot show, counting slips must.""",
    ]


def _honest(rows: list[Honest]) -> list[str]:
    return table(
        ["county", *(NAMES[name] for name in COLUMNS)],
        [
            [
                one.county.name,
                *(with_error(one.shares[name], one.errors[name]) for name in COLUMNS),
            ]
            for one in rows
        ],
    )


def _caught(found: Found) -> list[str]:
    return table(
        ["way", "forged", *(NAMES[name] for name in COLUMNS), "honest beside"],
        [
            [
                one.way.name, f"{one.share:.0%}".replace("%", " %"),
                *(share(one.shares[name]) for name in SCREENS),
                with_error(one.shares[TOGETHER], one.errors[TOGETHER]),
                share(one.others),
            ]
            for one in found.caught
        ],
    )  # fmt: skip


def _draw(found: Found, folder: Path) -> None:
    figure, axes = drawing.panels(len(SHARES))
    for place, part in zip(axes, SHARES, strict=True):
        own = [one for one in found.caught if one.share == part]
        drawing.bars(
            place, [one.way.name for one in own],
            {NAMES[name]: [one.shares[name] for one in own] for name in COLUMNS},
            title=f"{part:.0%} of the ballots forged",
        )  # fmt: skip
        place.set_ylim(0, 1.02)
    axes[0].set_ylabel("stuffed villages flagged")
    axes[0].legend(fontsize=7)
    drawing.save(figure, folder, "screens")


def short(found: Found) -> list[str]:
    """Return the table of counties where too many honest villages are flagged."""
    high = [one for one in found.honest if one.shares[TOGETHER] > MOST_FALSE]
    if not high:
        return [
            f"Screens: in no county are more than {share(MOST_FALSE)} of honest villages flagged."
        ]
    return [f"Screens, more than {share(MOST_FALSE)} of honest villages flagged:", *_honest(high)]
