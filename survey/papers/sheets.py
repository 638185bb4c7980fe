"""The sheets that persons keep or sign: half a key, opening, seal; and the test print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from survey.core.round import spoken
from survey.papers.reader import Reader, questionnaire
from survey.printing import envelope, opening_sheet, sealing_sheet, trial_page
from survey.printing.envelope import EnvelopeText
from survey.printing.opening_sheet import OpeningAudience, OpeningText
from survey.printing.sealing_sheet import SealedCount, SealingText
from survey.storage import accounts, audit, rounds
from survey.storage import tallies as kept
from survey.storage.tables import RoundRow

EXAMPLE = "https://survey.example.org"
"""Where the codes of a test print lead while the installation has no address."""


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
                questionnaire(asked).title.in_language(reader.language),
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
                questionnaire(asked).title.in_language(reader.language),
                str(by_cell.get((village.village_id, asked.audience), 0)),
            )


def print_trial_page(base_address: str, reader: Reader, size: str = "A4") -> bytes:
    """Return the test print page; its codes lead to a slip of *base_address* that is unknown."""
    return trial_page.trial_page(base_address, reader.language, reader.translate, size)
