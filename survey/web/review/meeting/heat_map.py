"""The map of villages × dimensions × source: sorted, grouped and cut into pages on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.core import heat
from survey.core.evaluation import DIMENSIONS
from survey.core.explanation import DIMENSION_NAMES
from survey.core.heat import Line
from survey.core.wording import N_, Sentence, say
from survey.storage.tables import RoundVillageRow
from survey.web.access import staff
from survey.web.review.blueprint import blueprint
from survey.web.review.meeting.sight import Sight, sight

LINES = 60
"""Villages on one page of the map."""
_HIDDEN = N_("Shown once the group has entered its consensus.")


@dataclass(frozen=True)
class Map:
    """One page of the map: *blocks* of villages by group or township, and why some are dashes."""

    blocks: list[tuple[str, list[Line]]]
    why: list[Sentence]
    page: int
    pages: int
    sort: str
    falling: bool
    by: str

    @property
    def query(self) -> dict[str, str | int]:
        """What leads to the same order on another page."""
        asked: dict[str, str | int] = {}
        if self.sort:
            asked["sort"] = self.sort
        if self.falling:
            asked["falling"] = 1
        if self.by:
            asked["by"] = self.by
        return asked

    def turned(self, column: str) -> dict[str, str | int]:
        """Return the query that sorts by *column*; by it already: the other way round."""
        falls = column != "name" if column != self.sort else not self.falling
        rest = {"by": self.by} if self.by else {}
        return {"sort": column, **({"falling": 1} if falls else {}), **rest}

    def direction(self, column: str) -> str | None:
        """Return how the map is sorted by *column*, for a screen reader."""
        if column != self.sort:
            return None
        return "descending" if self.falling else "ascending"


@blueprint.get("/<slug>/meeting/map")
@staff
def meeting_map(slug: str) -> ResponseReturnValue:
    """Whoever sees the meeting's page: its villages, each score as a coloured cell."""
    seen = sight(slug)
    found = make(seen, LINES)
    return render_template(
        "review/meeting_map.html",
        seen=seen,
        map=found,
        address=lambda page: url_for("review.meeting_map", slug=slug, page=page, **found.query),
        **words(seen),
    )


def words(seen: Sight) -> dict[str, object]:
    """Return what the map's template calls its columns and its colours."""
    return {
        "dimensions": [(key, say(DIMENSION_NAMES[key])) for key in DIMENSIONS],
        "sources": heat.SOURCES,
        "whole": heat.WHOLE,
        "legend": heat.legend(seen.ends),
    }


def make(seen: Sight, most: int) -> Map:
    """Return the page of the map that this request asks for, of at most *most* villages."""
    asked = request.args
    sort, falling, by = asked.get("sort", ""), "falling" in asked, asked.get("by", "")
    lines = heat.arrange(_lines(seen), sort, falling=falling, by=by)
    pages = max(-(-len(lines) // most), 1)
    page = min(max(asked.get("page", 1, type=int), 1), pages)
    cut = lines[(page - 1) * most : page * most]
    return Map(_blocks(cut, by), heat.reasons(cut), page, pages, sort, falling, by)


def _blocks(lines: Sequence[Line], by: str) -> list[tuple[str, list[Line]]]:
    def place(line: Line) -> str:
        return getattr(line, by) if by else ""

    return [(name, list(part)) for name, part in groupby(lines, place)]


def _lines(seen: Sight) -> list[Line]:
    return [_line(seen, village) for village in seen.villages]


def _line(seen: Sight, village: RoundVillageRow) -> Line:
    agreed = seen.agreed.get(village.village_id)
    return Line(
        code=village.code,
        name=village.name,
        township=village.township,
        group=village.group.name if village.group else "",
        cells=heat.cells(
            seen.shown.get(village.code),
            agreed.consensus if agreed else None,
            seen.ends,
            None if village.code in seen.shown else say(_HIDDEN),
        ),
    )
