"""Written answers after the seal: whose may be read, and what moderators released of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import ballot
from survey.core.questionnaire import ShortText
from survey.core.release import Readable, ReleasedTexts, readable, release_texts
from survey.core.release.texts import Place
from survey.storage import questionnaires, rounds
from survey.storage.tables import (
    FreeAnswerRow,
    ModerationRow,
    RoundAudienceRow,
    RoundRow,
    RoundVillageRow,
    TallyRow,
)

Question = tuple[str, str]
"""Audience, and the key of what was asked there."""
Kept = Counter[tuple[int, str, str]]
"""Texts by village id, audience and the key of what was asked."""


@dataclass(frozen=True)
class Reading:
    """Whose texts may be read, by question and village id."""

    by_question: Mapping[Question, Mapping[int, Readable]] = field(default_factory=dict)

    def of(self, audience: str, item: str, village_id: int) -> Readable | None:
        """Return with whose texts those of a village to a question are read; None: never."""
        return self.by_question.get((audience, item), {}).get(village_id)


def reading(
    session: Session, round_: RoundRow, villages: Sequence[RoundVillageRow] | None = None
) -> Reading:
    """Return whose texts of *round_* may be read; nobody's before the seal or of a rehearsal.

    *villages*: all of one or more townships, where only theirs are wanted.
    """
    if round_.state != "sealed" or round_.kind == "rehearsal":
        return Reading()
    here = rounds.villages(session, round_) if villages is None else villages
    ids = None if villages is None else [row.village_id for row in villages]
    ballots, texts = _ballots(session, round_, ids), _texts(session, round_, ids)
    return Reading(
        {
            (asked.audience, item): readable(
                Place(
                    row.village_id,
                    row.township,
                    ballots[row.village_id, asked.audience],
                    texts[row.village_id, asked.audience, item],
                )
                for row in here
            )
            for asked in round_.audiences
            for item in asked_in_words(asked)
        }
    )


def asked_in_words(asked: RoundAudienceRow) -> list[str]:
    """Return the keys of what an audience could answer in its own words."""
    questionnaire = questionnaires.read(asked.questionnaire.document)
    short = [extra.key for extra in questionnaire.extras if isinstance(extra, ShortText)]
    return [*([ballot.COMMENT] if questionnaire.comment else []), *short]


def _main(round_: RoundRow) -> dict[str, str]:
    return {row.audience: rounds.main_access(row.access) for row in round_.audiences}


def _ballots(
    session: Session, round_: RoundRow, ids: Sequence[int] | None
) -> Counter[tuple[int, str]]:
    """Return the ballots that make the scores, by village id and audience."""
    received = TallyRow.document["received"].as_integer()
    wanted = sa.select(TallyRow.village_id, TallyRow.audience, TallyRow.access, received).where(
        TallyRow.round_id == round_.id, *_within(TallyRow.village_id, ids)
    )
    main = _main(round_)
    return Counter(
        {
            (village, audience): number
            for village, audience, access, number in session.execute(wanted)
            if access == main[audience]
        }
    )


def _texts(session: Session, round_: RoundRow, ids: Sequence[int] | None) -> Kept:
    """Return the texts on the ballots that make the scores."""
    row = FreeAnswerRow
    cell = (row.village_id, row.audience, row.item, row.access)
    wanted = sa.select(*cell, sa.func.count()).where(
        row.round_id == round_.id, *_within(row.village_id, ids)
    )
    main = _main(round_)
    return Counter(
        {
            (village, audience, item): number
            for village, audience, item, access, number in session.execute(wanted.group_by(*cell))
            if access == main[audience]
        }
    )


def _within(
    column: sa.SQLColumnExpression[int], ids: Sequence[int] | None
) -> Iterator[sa.ColumnElement[bool]]:
    if ids is not None:
        yield column.in_(ids)


def of_village(
    session: Session, round_: RoundRow, village: RoundVillageRow
) -> dict[Question, ReleasedTexts]:
    """Return what may be read of *village*, alone or with its township's small ones, so far."""
    neighbours = [
        row for row in rounds.villages(session, round_) if row.township == village.township
    ]
    found = reading(session, round_, neighbours)
    texts = _released(session, round_, [row.village_id for row in neighbours])
    return {
        (audience, item): _of_place(places.get(village.village_id), audience, item, texts)
        for (audience, item), places in found.by_question.items()
    }


def released(session: Session, round_: RoundRow) -> dict[str, dict[Question, ReleasedTexts]]:
    """Return what may be read of every village of *round_*, by village code, as `of_village`."""
    found, texts = reading(session, round_), _released(session, round_, None)
    return {
        row.code: {
            (audience, item): _of_place(places.get(row.village_id), audience, item, texts)
            for (audience, item), places in found.by_question.items()
        }
        for row in rounds.villages(session, round_)
    }


Texts = Mapping[tuple[int, str, str], Sequence[tuple[bytes, str]]]


def _of_place(place: Readable | None, audience: str, item: str, texts: Texts) -> ReleasedTexts:
    """Return the texts of *place* in the order of their random ids, whoever's they are."""
    together = sorted(
        one
        for village_id in (place.village_ids if place else ())
        for one in texts.get((village_id, audience, item), ())
    )
    return release_texts(place, [text for _id, text in together])


def _released(session: Session, round_: RoundRow, ids: Sequence[int] | None) -> Texts:
    row, found = FreeAnswerRow, defaultdict(list)
    wanted = (
        sa.select(row.village_id, row.audience, row.item, row.id, row.text)
        .join(ModerationRow, ModerationRow.id == row.id)
        .where(
            row.round_id == round_.id,
            ModerationRow.state == "released",
            *_within(row.village_id, ids),
        )
    )
    for village, audience, item, text_id, text in session.execute(wanted):
        found[village, audience, item].append((text_id, text))
    return found
