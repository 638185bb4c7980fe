"""Tickets and the accounting forms that lie with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.round import spoken
from survey.core.slips import Amount
from survey.core.wording import N_
from survey.papers.posters import by_township
from survey.papers.reader import File, Reader, questionnaire
from survey.printing import archive, bag_form, tickets
from survey.printing.bag_form import Bag, BagText
from survey.printing.tickets import TicketText
from survey.printing.typeface import Typeface
from survey.storage import accounting, deadlines, rounds, sheets
from survey.storage import tickets as slips
from survey.storage.tables import RoundAudienceRow, RoundRow, RoundVillageRow


def print_tickets(
    session: Session,
    round_: RoundRow,
    reader: Reader,
    audience: str,
    counts: Mapping[int, Amount],
    pepper: bytes,
    per_page: int = 10,
) -> list[File]:
    """Issue new tickets, *counts* by village id, and return one PDF to be made for each village.

    The caller commits before any file is made, so that no slip is printed that is not known. The
    font is cut once for all, when the first file is made.
    """
    sheets = [
        _issue(session, round_, reader, village, audience, counts[village.village_id], pepper)
        for village in rounds.villages(session, round_)
        if village.village_id in counts
    ]
    texts = [sheet.text for sheet in sheets]
    face = cache(partial(tickets.cut_typeface, texts, reader.language, reader.translate))
    return [(sheet.name, partial(_draw, sheet, reader, per_page, face)) for sheet in sheets]


def print_sheet(
    session: Session,
    round_: RoundRow,
    reader: Reader,
    village: RoundVillageRow,
    audience: str,
    amount: Amount,
    pepper: bytes,
) -> File:
    """Issue a new sheet of tickets and return its PDF, to be made after the caller's COMMIT."""
    sheet = _issue(session, round_, reader, village, audience, amount, pepper)
    return sheet.name, partial(_draw, sheet, reader)


@dataclass(frozen=True)
class _Sheet:
    """A sheet of tickets that is known and not yet drawn."""

    name: str
    text: TicketText
    codes: Sequence[str]


def _issue(
    session: Session,
    round_: RoundRow,
    reader: Reader,
    village: RoundVillageRow,
    audience: str,
    amount: Amount,
    pepper: bytes,
) -> _Sheet:
    asked = rounds.audience_of(round_, audience)
    printed = slips.print_sheet(session, round_, village.village_id, audience, amount, pepper)
    closes_at = deadlines.of_village(session, round_, village.village_id)
    text = _ticket_text(round_, village, asked, printed.number, closes_at, reader)
    name = archive.file_name(village.code, village.name, text.title, str(printed.number))
    return _Sheet(name, text, printed.codes)


def _draw(
    sheet: _Sheet, reader: Reader, per_page: int = 10, face: Callable[[], Typeface] | None = None
) -> bytes:
    return tickets.sheet(
        sheet.text,
        sheet.codes,
        reader.language,
        reader.translate,
        per_page=per_page,
        face=face() if face else None,
    )


def _ticket_text(
    round_: RoundRow,
    village: RoundVillageRow,
    asked: RoundAudienceRow,
    number: int,
    closes_at: datetime,
    reader: Reader,
) -> TicketText:
    return TicketText(
        village=reader.named(round_, village.name),
        township=village.township,
        title=questionnaire(asked).title.in_language(reader.language),
        address=slips.address(round_, ""),
        phone=round_.phone,
        deadline=spoken(closes_at, round_.timezone),
        key_holding=round_.key_holding,
        number=number,
        two_person=reader.two_person,
        mark=reader.mark(round_),
    )


def stream_archive(files: Sequence[File]) -> Iterator[bytes]:
    """Return a ZIP of *files* piece by piece, one file in memory at a time."""
    return archive.stream(files)


def print_bag_forms(
    session: Session, round_: RoundRow, reader: Reader, village_codes: Sequence[str] = ()
) -> bytes:
    """Return the accounting form of each village, in the order of delivery.

    Raises `Refused` where nobody answers with slips in this round.
    """
    if not any(_with_slips(asked) for asked in round_.audiences):
        raise Refused(N_("In this round everybody answers by poster; there are no tickets."))
    bags = _bags(session, round_, reader)
    townships = by_township(rounds.villages(session, round_, village_codes))
    texts = [
        _bag_text(round_, reader, row, bags[row.village_id])
        for villages in townships.values()
        for row in villages
    ]
    return bag_form.bag_forms(texts, reader.language, reader.translate)


def _with_slips(asked: RoundAudienceRow) -> bool:
    return asked.access != "poster"


def _bags(session: Session, round_: RoundRow, reader: Reader) -> dict[int, list[Bag]]:
    """Return the bags of every village, by its id."""
    titles = {
        asked.audience: questionnaire(asked).title.in_language(reader.language)
        for asked in round_.audiences
    }
    numbers: dict[tuple[int, str], list[int]] = {}
    for sheet in sheets.listing(session, round_):
        if not sheet.void:
            numbers.setdefault((sheet.village_id, sheet.audience), []).append(sheet.number)
    bags: dict[int, list[Bag]] = {}
    for found in accounting.of_round(session, round_):
        village_id = found.village.village_id
        in_force = tuple(numbers.get((village_id, found.audience), ()))
        bag = Bag(titles[found.audience], found.printed, found.spare, in_force)
        bags.setdefault(village_id, []).append(bag)
    return bags


def _bag_text(
    round_: RoundRow, reader: Reader, village: RoundVillageRow, bags: Sequence[Bag]
) -> BagText:
    return BagText(
        code=village.code,
        village=reader.named(round_, village.name),
        township=village.township,
        round_title=round_.title,
        office=round_.office,
        phone=round_.phone,
        bags=tuple(bags),
        two_person=reader.two_person,
        mark=reader.mark(round_),
    )
