"""The evening of a large round: a box of 139,500 ballots in 465 villages, on SQLite, to its seal.

The ballots are put in past `storage/intake`, in bulk; every row is what intake would have written.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from nacl.public import PrivateKey, SealedBox
from sqlalchemy.orm import Session

from survey.core import box as ballot_box
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.storage import boxes, rounds, scrub, seal
from survey.storage.db import begin_write, prepare
from survey.storage.tables import AccountingRow, Base, VillageRow
from tests.bench.large import _draw
from tests.storage.round import CODES, Office, office

VILLAGES, EACH = 465, 150
BYTES = 576
_COMMENT = "村里的路修好了，灯还没有装。"
_FIRST_BUCKET, _BUCKETS = 5_900_000, 2880

Work = Callable[[], object]


def whole(folder: Path) -> Work:
    """Open, screen, measure, shuffle, keep, destroy, clear the disk."""
    place = _closed(folder)
    return lambda: _seal(place)


def decrypt(folder: Path) -> Work:
    """Floor: as many sealed boxes of the same length, opened."""
    key = PrivateKey.generate()
    text = SealedBox(key.public_key).encrypt(b" " * BYTES)
    opened = SealedBox(key)
    return lambda: [opened.decrypt(text) for _ in range(2 * VILLAGES * EACH)]


def _seal(place: Office) -> None:
    persons = (place.first, place.second)
    seal.seal(place.session, place.round_, place.private_key(), place.pepper, persons)
    place.session.commit()
    scrub.scrub(place.session, place.round_, place.folder)


def _closed(folder: Path) -> Office:
    """Return an office whose round of 465 villages is closed, its box full."""
    engine = sa.create_engine(f"sqlite:///{folder / 'survey.sqlite'}", hide_parameters=True)
    prepare(engine)
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.add_all(
        VillageRow(
            code=f"{number:012d}",
            township="East",
            name=f"{number}",
            eligible=600,
            party_members=200,
        )
        for number in range(VILLAGES - len(CODES))
    )
    place = office(session, folder / "keys")
    begin_write(session)
    for audience in ("mass", "self"):
        for village in rounds.villages(session, place.round_):
            _fill(place, village.village_id, audience)
    session.commit()
    place.pass_deadline()
    begin_write(session)
    rounds.close_due(session)
    session.commit()
    return place


def _fill(place: Office, village: int, audience: str) -> None:
    """Put the ballots of one village and audience into the box, each by a slip of its own."""
    random = np.random.default_rng(village)
    round_, pepper, box = place.round_, place.pepper, boxes.of_round(place.round_.id)
    asked = rounds.audience_of(round_, audience)
    write = ballot_box.sealer(round_.public_key or b"", pepper)
    where = Place(round_.id, village, audience, "ticket", asked.questionnaire_digest)
    buckets = _FIRST_BUCKET + random.integers(0, _BUCKETS, EACH)
    sealed = [
        write(
            where,
            Ballot(tuple(answers), _COMMENT if number % 10 == 0 else ""),
            asked.ballot_length or 0,
            bucket,
        )
        for number, (answers, bucket) in enumerate(
            zip(_draw(random, (EACH, 12)).tolist(), buckets.tolist(), strict=True)
        )
    ]
    cell = {"village_id": village, "audience": audience}
    macs = [secrets.token_bytes(32) for _ in range(EACH)]
    execute = place.session.execute
    execute(sa.insert(box.ticket), [cell | {"mac": m, "sheet": 1, "void": False} for m in macs])
    execute(sa.insert(box.spent), [{"mac": m, "tag": secrets.token_bytes(32)} for m in macs])
    execute(
        sa.insert(box.intake),
        [cell | {"id": s.id, "ciphertext": s.ciphertext, "row_mac": s.row_mac} for s in sealed],
    )
    execute(sa.insert(box.received), cell | {"access": "ticket", "ballots": EACH})
    place.session.get_one(AccountingRow, (round_.id, village, audience)).printed = EACH
