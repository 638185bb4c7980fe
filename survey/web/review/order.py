"""In which order the desk lists its villages, and which of them: read from the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request

from survey.core.overlap import Range, overlapping
from survey.core.wording import N_
from survey.web.review.lines import Line

PAGE = 50
"""Villages on one page of the desk."""
LOWEST_FIRST = "-up"
"""Stands after a sort that goes the other way round."""

SHOWS: dict[str, str] = {
    "": N_("all"),
    "mine": N_("waiting for you"),
    "open": N_("not locked"),
    "close": N_("close or undecided"),
    "unrated": N_("without a suggestion"),
    "flagged": N_("please check"),
}
"""Which villages can be asked for, and what that is called."""


@dataclass(frozen=True)
class Wanted:
    """What the reader asked the desk for; an unknown value counts as none."""

    sort: str = ""
    show: str = ""
    group: str = ""
    search: str = ""
    page: int = 1

    @property
    def key(self) -> str:
        """What is sorted by, whichever way round."""
        return self.sort.removesuffix(LOWEST_FIRST)

    @property
    def upwards(self) -> bool:
        """Whether the lowest comes first."""
        return self.sort.endswith(LOWEST_FIRST)

    @property
    def address(self) -> dict[str, str]:
        """What of it an address carries on to other pages."""
        asked = {
            "sort": self.sort,
            "show": self.show,
            "group": self.group,
            "search": self.search,
        }
        return {name: value for name, value in asked.items() if value}

    def sorted_by(self, key: str) -> dict[str, str]:
        """Return the address that sorts by *key*; the other way round where it does already."""
        turned = key + LOWEST_FIRST if self.sort == key and key in FIGURES else key
        return replace(self, sort=turned).address

    def showing(self, show: str) -> dict[str, str]:
        """Return the address that lists what *show* says, in the same order."""
        return replace(self, show=show).address

    def direction(self, key: str) -> str | None:
        """Return how a column that is sorted by *key* stands, in the words of aria-sort."""
        if self.key != key:
            return None
        return "ascending" if self.upwards or key not in FIGURES else "descending"


def wanted() -> Wanted:
    """Return what the address of this request asks for."""
    asked = request.args
    sort, show, page = asked.get("sort", ""), asked.get("show", ""), asked.get("page", "")
    return Wanted(
        sort=sort if sort in _SORTS else "",
        show=show if show in SHOWS else "",
        group=group if (group := asked.get("group", "")).isdecimal() else "",
        search=" ".join(asked.get("search", "").split())[:40],
        page=int(page) if page.isdecimal() and 0 < len(page) < 6 else 1,
    )


def arranged(lines: Sequence[Line], asked: Wanted) -> list[Line]:
    """Return those of *lines* that *asked* wants, in its order; no figure comes last."""
    return in_order([line for line in within(lines, asked) if _SHOWN[asked.show](line)], asked)


def within(lines: Sequence[Line], asked: Wanted) -> list[Line]:
    """Return those of *lines* that are of the group and carry the words that *asked* names."""
    return [
        line
        for line in lines
        if (not asked.group or str(line.village.group_id) == asked.group)
        and asked.search in f"{line.village.name} {line.village.township} {line.village.code}"
    ]


def in_order(lines: Sequence[Line], asked: Wanted) -> list[Line]:
    """Return *lines* in the order of *asked*; as they are where it names none."""
    value = _VALUES.get(asked.key)
    if value is None:
        return list(lines)
    sign = 1 if asked.upwards or asked.key not in FIGURES else -1

    def place(line: Line) -> tuple[bool, float]:
        found = value(line)
        return found is None, sign * (found or 0.0)

    return sorted(lines, key=place)


def counts(lines: Sequence[Line], asked: Wanted) -> dict[str, int]:
    """Return how many of *lines* each of `SHOWS` would list."""
    here = within(lines, asked)
    return {show: sum(map(test, here)) for show, test in _SHOWN.items()}


def alike(lines: Sequence[Line], asked: Wanted) -> list[int | None]:
    """Return from how many others of *lines* each cannot be told apart by what it is sorted by.

    None where that has no range.
    """
    ranges = _RANGES.get(asked.key)
    return overlapping([ranges(line) if ranges else None for line in lines])


def _mass(line: Line) -> float | None:
    return source.value if (source := line.source("mass")) else None


def _self(line: Line) -> float | None:
    return source.value if (source := line.source("self")) else None


def _composite(line: Line) -> float | None:
    return line.shown.composite.value if line.shown else None


def _turnout(line: Line) -> float | None:
    return line.shown.mass.turnout if line.shown and line.shown.mass else None


def _sureness(line: Line) -> float | None:
    """Return the probability of the band of *line*, so that the closest calls come first."""
    suggestion = line.shown.suggestion if line.shown else None
    if suggestion is None or suggestion.band is None:
        return None
    return suggestion.probabilities[suggestion.band]


def _steps_to_go(line: Line) -> float:
    return 0.0 if line.step.mine else 2.0 if line.step.key == "locked" else 1.0


def _range_of(audience: str) -> Callable[[Line], Range | None]:
    def found(line: Line) -> Range | None:
        source = line.source(audience)
        return (source.low, source.high) if source else None

    return found


def _composite_range(line: Line) -> Range | None:
    composite = line.shown.composite if line.shown else None
    if composite is None or composite.low is None or composite.high is None:
        return None
    return composite.low, composite.high


_VALUES: Mapping[str, Callable[[Line], float | None]] = {
    "mass": _mass,
    "self": _self,
    "organisational": lambda line: line.organisational,
    "composite": _composite,
    "turnout": _turnout,
    "sure": _sureness,
    "step": _steps_to_go,
}
_RANGES: Mapping[str, Callable[[Line], Range | None]] = {
    "mass": _range_of("mass"),
    "self": _range_of("self"),
    "composite": _composite_range,
}
FIGURES = ("mass", "self", "organisational", "composite", "turnout")
"""What is a figure, so that one may want the highest or the lowest first."""
_SORTS = {*_VALUES, *(key + LOWEST_FIRST for key in FIGURES)}

_SHOWN: Mapping[str, Callable[[Line], bool]] = {
    "": lambda line: True,
    "mine": lambda line: line.step.mine,
    "open": lambda line: line.step.key != "locked",
    "close": lambda line: line.close,
    "unrated": lambda line: line.unrated,
    "flagged": lambda line: line.flagged,
}
