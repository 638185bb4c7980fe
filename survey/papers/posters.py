"""Posters, and their addresses as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from sqlalchemy.orm import Session

from survey.core.inert import inert
from survey.core.round import spoken
from survey.papers.reader import File, Reader, audiences, questionnaire
from survey.printing import archive, poster
from survey.printing.cover import Bundled, CoverText
from survey.printing.poster import PosterText
from survey.printing.typeface import Typeface
from survey.storage import accounting, deadlines, posters, rounds
from survey.storage.tables import RoundAudienceRow, RoundRow, RoundVillageRow


@dataclass(frozen=True)
class PosterOrder:
    """Which posters: of one audience or all, of these villages or all; *size* ``A4`` or ``A3``.

    *covers* puts a page before each township's posters that says what is in the bundle.
    """

    audience: str | None = None
    village_codes: Sequence[str] = ()
    size: str = "A4"
    covers: bool = False


def print_posters(session: Session, round_: RoundRow, reader: Reader, order: PosterOrder) -> bytes:
    """Return a page for each village and audience, in the order of delivery."""
    bundles = _bundles(session, round_, reader, order)
    texts = [text for bundle in bundles.values() for text in bundle]
    return poster.posters(texts, reader.language, reader.translate, size=order.size)


def print_bundles(
    session: Session, round_: RoundRow, reader: Reader, order: PosterOrder
) -> list[File]:
    """Return a PDF to be made for each township, named in the order of delivery."""
    bundles = _bundles(session, round_, reader, order)
    texts = [text for bundle in bundles.values() for text in bundle]
    face = cache(partial(poster.cut_typeface, texts, reader.language, reader.translate))
    digits = len(str(len(bundles)))
    return [
        (
            archive.file_name(str(number).zfill(digits), township),
            partial(_draw_posters, bundle, reader, order.size, face),
        )
        for number, (township, bundle) in enumerate(bundles.items(), 1)
    ]


def _draw_posters(
    texts: Sequence[PosterText | CoverText],
    reader: Reader,
    size: str,
    face: Callable[[], Typeface],
) -> bytes:
    return poster.posters(texts, reader.language, reader.translate, size=size, face=face())


def by_township(villages: Iterable[RoundVillageRow]) -> dict[str, list[RoundVillageRow]]:
    """Return *villages* in the order of delivery: townships by their first code, then by code."""
    found: dict[str, list[RoundVillageRow]] = {}
    for village in sorted(villages, key=lambda row: row.code):
        found.setdefault(village.township, []).append(village)
    return found


def _bundles(
    session: Session, round_: RoundRow, reader: Reader, order: PosterOrder
) -> dict[str, list[PosterText | CoverText]]:
    """Return what is printed for each township."""
    townships = by_township(rounds.villages(session, round_, order.village_codes))
    asked = audiences(round_, order.audience)
    addresses = {
        (found.village.village_id, found.audience): found.address
        for found in posters.of_round(session, round_, order.audience, order.village_codes)
    }
    later = deadlines.postponed(session, round_)
    bundles: dict[str, list[PosterText | CoverText]] = {
        township: [
            _poster_text(
                round_,
                row,
                one,
                addresses.get((row.village_id, one.audience)),
                later.get(row.village_id, round_.closes_at),
                reader,
            )
            for row in villages
            for one in asked
        ]
        for township, villages in townships.items()
    }
    if order.covers:
        for cover in _covers(session, round_, reader, townships, len(asked)):
            bundles[cover.township].insert(0, cover)
    return bundles


def _covers(
    session: Session,
    round_: RoundRow,
    reader: Reader,
    townships: Mapping[str, Sequence[RoundVillageRow]],
    each: int,
) -> Iterator[CoverText]:
    """Yield the cover of each of *townships*, whose villages get *each* posters."""
    printed = _slips_printed(session, round_)
    for number, (township, villages) in enumerate(townships.items(), 1):
        yield CoverText(
            township=township,
            round_title=round_.title,
            office=round_.office,
            phone=round_.phone,
            number=number,
            bundles=len(townships),
            villages=tuple(
                Bundled(row.code, reader.named(round_, row.name), each, printed[row.village_id])
                for row in villages
            ),
            mark=reader.mark(round_),
        )


def _slips_printed(session: Session, round_: RoundRow) -> Counter[int]:
    """Return how many slips of each village, by its id, were printed so far."""
    printed: Counter[int] = Counter()
    for found in accounting.of_round(session, round_):
        printed[found.village.village_id] += found.printed
    return printed


def _poster_text(
    round_: RoundRow,
    village: RoundVillageRow,
    asked: RoundAudienceRow,
    address: str | None,
    closes_at: datetime,
    reader: Reader,
) -> PosterText:
    """Return the poster; without *address* it leads to where the code of a slip is typed."""
    return PosterText(
        village=reader.named(round_, village.name),
        township=village.township,
        title=questionnaire(asked).title.in_language(reader.language),
        address=address or f"{round_.base_address}/t/",
        office=round_.office,
        phone=round_.phone,
        deadline=spoken(closes_at, round_.timezone),
        help_on=round_.help_on,
        help_place=round_.help_place,
        results_on=round_.results_on,
        results_place=round_.results_place,
        key_holding=round_.key_holding,
        access=asked.access,
        mark=reader.mark(round_),
    )


def link_rows(session: Session, round_: RoundRow) -> Iterator[tuple[str, str, str, str]]:
    """Yield village code, village, audience and address of every poster, for a spreadsheet."""
    for found in posters.of_round(session, round_):
        yield found.village.code, inert(found.village.name), found.audience, found.address
