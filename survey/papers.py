"""The papers of a round: what the database knows, put into what the printer needs.

Between storage and printing, for the command line and the web alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from survey.core import box
from survey.core.questionnaire import Questionnaire
from survey.core.round import spoken
from survey.core.slips import Amount
from survey.core.wording import N_, Translate
from survey.printing import archive, envelope, guide, opening_sheet, poster, sealing_sheet, tickets
from survey.printing.envelope import EnvelopeText
from survey.printing.guide import GuideText
from survey.printing.opening_sheet import OpeningAudience, OpeningText
from survey.printing.poster import PosterText
from survey.printing.sealing_sheet import SealedCount, SealingText
from survey.printing.tickets import TicketText
from survey.storage import accounts, audit, posters, questionnaires, rounds
from survey.storage import tallies as kept
from survey.storage import tickets as slips
from survey.storage.tables import RoundAudienceRow, RoundRow, RoundVillageRow

DEMONSTRATION = N_("Demonstration")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

File = tuple[str, Callable[[], bytes]]
"""A file's name, and how to make its content when its turn comes."""


@dataclass(frozen=True)
class Reader:
    """Who a paper is for: its language, ``zh`` or ``en``, and whether acts need two persons."""

    language: str
    translate: Translate
    two_person: bool = True

    def mark(self, round_: RoundRow) -> str:
        """Return the word that is printed across the papers of a round that is only shown."""
        return self.translate(DEMONSTRATION) if round_.demo else ""


def reader(language: str, two_person: bool) -> Reader:
    """Return a reader of *language*, whatever language the command or page is in."""

    def translate(message: str) -> str:
        with force_locale(language):
            return gettext(message)

    return Reader(language, translate, two_person)


def _questionnaire(asked: RoundAudienceRow) -> Questionnaire:
    return questionnaires.read(asked.questionnaire.document)


def _audiences(round_: RoundRow, audience: str | None) -> Sequence[RoundAudienceRow]:
    return [rounds.audience_of(round_, audience)] if audience else round_.audiences


def print_posters(
    session: Session,
    round_: RoundRow,
    reader: Reader,
    audience: str | None = None,
    village_codes: Sequence[str] = (),
) -> bytes:
    """Return one A4 page for each village and audience, by village code."""
    addresses = {
        (found.village.village_id, found.audience): found.address
        for found in posters.of_round(session, round_, audience, village_codes)
    }
    texts = [
        _poster_text(
            round_,
            village,
            asked,
            addresses.get((village.village_id, asked.audience), f"{round_.base_address}/t/"),
            reader,
        )
        for village in rounds.villages(session, round_, village_codes)
        for asked in _audiences(round_, audience)
    ]
    return poster.posters(texts, reader.language, reader.translate)


def _poster_text(
    round_: RoundRow,
    village: RoundVillageRow,
    asked: RoundAudienceRow,
    address: str,
    reader: Reader,
) -> PosterText:
    return PosterText(
        village=village.name,
        township=village.township,
        title=_questionnaire(asked).title.in_language(reader.language),
        address=address,
        office=round_.office,
        phone=round_.phone,
        deadline=spoken(round_.closes_at, round_.timezone),
        help_on=round_.help_on,
        help_place=round_.help_place,
        results_on=round_.results_on,
        results_place=round_.results_place,
        key_holding=round_.key_holding,
        access=asked.access,
        mark=reader.mark(round_),
    )


def print_tickets(
    session: Session,
    round_: RoundRow,
    reader: Reader,
    audience: str,
    counts: Mapping[int, Amount],
    pepper: bytes,
) -> list[File]:
    """Issue new tickets, *counts* by village id, and return one PDF to be made for each village.

    The caller commits before any file is made, so that no slip is printed that is not known.
    """
    return [
        print_sheet(session, round_, reader, village, audience, counts[village.village_id], pepper)
        for village in rounds.villages(session, round_)
        if village.village_id in counts
    ]


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
    asked = rounds.audience_of(round_, audience)
    printed = slips.print_sheet(session, round_, village.village_id, audience, amount, pepper)
    text = _ticket_text(round_, village, asked, printed.number, reader)
    title = _questionnaire(asked).title.in_language(reader.language)
    name = archive.file_name(village.code, village.name, title, str(printed.number))
    return name, lambda: tickets.sheet(text, printed.codes, reader.language, reader.translate)


def _ticket_text(
    round_: RoundRow,
    village: RoundVillageRow,
    asked: RoundAudienceRow,
    number: int,
    reader: Reader,
) -> TicketText:
    return TicketText(
        village=village.name,
        township=village.township,
        title=_questionnaire(asked).title.in_language(reader.language),
        address=slips.address(round_, ""),
        phone=round_.phone,
        deadline=spoken(round_.closes_at, round_.timezone),
        key_holding=round_.key_holding,
        number=number,
        two_person=reader.two_person,
        mark=reader.mark(round_),
    )


def stream_archive(files: Sequence[File]) -> Iterator[bytes]:
    """Return a ZIP of *files* piece by piece, one file in memory at a time."""
    return archive.stream(files)


def link_rows(session: Session, round_: RoundRow) -> Iterator[tuple[str, str, str, str]]:
    """Yield village code, village, audience and address of every poster, for a spreadsheet."""
    for found in posters.of_round(session, round_):
        yield found.village.code, inert(found.village.name), found.audience, found.address


def inert(text: str) -> str:
    """Return *text* so that no spreadsheet takes it for a formula: after an apostrophe, if need be.

    Some spreadsheets take the full-width signs for the narrow ones.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def helper_address(round_: RoundRow, pepper: bytes) -> str:
    """Return the link of whoever helps others in *round_*."""
    return f"{round_.base_address}/h/{box.make_mark(pepper)}"


def print_guide(round_: RoundRow, reader: Reader, pepper: bytes) -> bytes:
    """Return the page that each helper gets, with their link."""
    text = GuideText(
        round_title=round_.title,
        office=round_.office,
        phone=round_.phone,
        address=helper_address(round_, pepper),
        deadline=spoken(round_.closes_at, round_.timezone),
        help_on=round_.help_on,
        help_place=round_.help_place,
        results_on=round_.results_on,
        results_place=round_.results_place,
        mark=reader.mark(round_),
    )
    return guide.guide(text, reader.language, reader.translate)


def print_envelope(round_: RoundRow, half: str, holder: int, reader: Reader) -> bytes:
    """Return the sheet of one key half, for its holder alone."""
    text = EnvelopeText(
        round_title=round_.title,
        office=round_.office,
        phone=round_.phone,
        half=half,
        holder=holder,
        closes_at=spoken(round_.closes_at, round_.timezone),
        two_person=reader.two_person,
        mark=reader.mark(round_),
    )
    return envelope.envelope(text, reader.language, reader.translate)


def print_opening_sheet(session: Session, round_: RoundRow, reader: Reader) -> bytes:
    """Return the sheet that those who opened the round sign."""
    opened = round_.opened_at or round_.opens_at
    number = len(rounds.villages(session, round_))
    text = OpeningText(
        round_title=round_.title,
        office=round_.office,
        opened_at=spoken(opened, round_.timezone),
        closes_at=spoken(round_.closes_at, round_.timezone),
        audiences=tuple(
            OpeningAudience(
                _questionnaire(asked).title.in_language(reader.language),
                asked.access,
                number,
                asked.questionnaire_digest,
            )
            for asked in round_.audiences
        ),
        public_key=(round_.public_key or b"").hex(),
        key_holding=round_.key_holding,
        persons=_names(session, audit.actors_of(session, "round.open", round_.slug)),
        audit_head=audit.head_of(session, "round.open", round_.slug),
        two_person=reader.two_person,
        mark=reader.mark(round_),
    )
    return opening_sheet.opening_sheet(text, reader.language, reader.translate)


def _names(session: Session, usernames: Sequence[str]) -> tuple[str, ...]:
    known = {name: accounts.by_username(session, name) for name in usernames}
    return tuple(account.name if account else name for name, account in known.items())


def print_sealing_sheet(session: Session, round_: RoundRow, reader: Reader) -> bytes:
    """Return the sheet of a sealed round: what was counted, what must be destroyed by hand."""
    sealing = round_.sealing or {}
    text = SealingText(
        round_title=round_.title,
        office=round_.office,
        closed_at=spoken(round_.closed_at or round_.closes_at, round_.timezone),
        sealed_at=spoken(round_.sealed_at or round_.closes_at, round_.timezone),
        counts=tuple(_sealed_counts(session, round_, reader)),
        bad_rows=sealing.get("bad", 0),
        key_holding=round_.key_holding,
        database=session.get_bind().dialect.name,
        persons=tuple(sealing.get("names", ())),
        audit_head=audit.head_of(session, "round.seal", round_.slug),
        keepers=(*sealing.get("slots", ()), *sealing.get("standbys", ())),
        two_person=reader.two_person,
        mark=reader.mark(round_),
    )
    return sealing_sheet.sealing_sheet(text, reader.language, reader.translate)


def _sealed_counts(session: Session, round_: RoundRow, reader: Reader) -> Iterator[SealedCount]:
    by_cell = kept.received(session, round_)
    for village in rounds.villages(session, round_):
        for asked in round_.audiences:
            yield SealedCount(
                village.code,
                village.township,
                village.name,
                _questionnaire(asked).title.in_language(reader.language),
                str(by_cell.get((village.village_id, asked.audience), 0)),
            )
