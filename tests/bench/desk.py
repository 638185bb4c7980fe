"""The desk and the page of a village in a round of 465 villages × 300 ballots × 2 audiences."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey import create_app
from survey.core.evaluation import DIMENSIONS, Consensus
from survey.storage import accounts, rounds
from survey.storage.db import db
from survey.storage.tables import (
    AccountRow,
    Base,
    ConsensusRow,
    GroupRow,
    RoundRow,
    RoundVillageRow,
    TallyRow,
    VillageRow,
)
from survey.web.access import seconds
from tests import scene
from tests.bench import large

Work = Callable[[], object]

VILLAGE = "/review/spring/990101100205"
OWN = 7
"""Villages of one acceptance group."""


def village(folder: Path) -> Work:
    """The page of a village, as the lead of its group gets it."""
    return _opened(folder, "lead", VILLAGE)


def desk(folder: Path) -> Work:
    """The desk of a lead: seven villages of 465."""
    return _opened(folder, "lead", "/review/spring/")


def whole_desk(folder: Path) -> Work:
    """The desk of an administrator: all 465."""
    return _opened(folder, "admin", "/review/spring/")


def picture(folder: Path) -> Work:
    """The bars of twelve items, for a browser that has them already."""
    open_it = _opening(_large_round(folder), "lead", f"{VILLAGE}/distribution-mass.svg")
    return partial(open_it, open_it().headers["ETag"])


def shell(folder: Path) -> Work:
    """Floor: the smallest page of the staff, with the session and the account read."""
    return _opened(folder, "lead", "/staff/account")


def after_consensus(folder: Path) -> Work:
    """The page of a village when another group has just entered a consensus."""
    app = _large_round(folder)
    open_it, numbers = _opening(app, "lead", VILLAGE), itertools.count(2)

    def agree_and_open() -> None:
        with app.app_context():
            made = db.session.scalars(sa.select(RoundRow)).one()
            other = rounds.villages(db.session, made)[-1]
            lead = accounts.by_username(db.session, "lead")
            db.session.add(_agreed(made, other, lead, next(numbers)))
            db.session.commit()
        open_it()

    return agree_and_open


def _opened(folder: Path, reader: str, path: str) -> Work:
    return _opening(_large_round(folder), reader, path)


def _opening(app: Flask, reader: str, path: str) -> Callable[..., TestResponse]:
    """Return what opens *path* as *reader*, given the tag of what the browser has of it."""
    client = _signed_in(app, reader)

    def open_it(tag: str = "") -> TestResponse:
        answer = client.get(path, headers={"If-None-Match": tag} if tag else {})
        if answer.status_code != (304 if tag else 200):
            raise RuntimeError(f"{path} gave {answer.status_code}")
        return answer

    return open_it


def _large_round(folder: Path) -> Flask:
    app = create_app({"instance_path": folder, "testing": True})
    with app.app_context():
        Base.metadata.create_all(db.engine)
        _fill()
        db.session.commit()
    return app


def _fill() -> None:
    """Make the round of `tests.scene` large, every village with its ballots and its consensus."""
    made = scene.city(db.session)
    groups = [GroupRow(name=f"Group {number}") for number in range(3, 3 + large.VILLAGES // OWN)]
    db.session.add_all(groups)
    db.session.flush()
    more, own = large.VILLAGES - len(made.villages), made.villages[0].group_id or 0
    added = [
        _village(made.round_, at, own if at < OWN - 2 else groups[at // OWN % len(groups)].id)
        for at in range(more)
    ]
    _answer(made.round_, [*made.villages, *added])
    db.session.add_all(_agreed(made.round_, row, made.lead, 1) for row in [*made.villages, *added])


def _village(round_: RoundRow, at: int, group: int) -> RoundVillageRow:
    listed = VillageRow(
        code=f"990101{100203 + at:06d}",
        township=f"第{at // 25}乡",
        name=f"村{at}",
        eligible=large.ELIGIBLE,
        party_members=large.ELIGIBLE,
        group_id=group,
    )
    db.session.add(listed)
    db.session.flush()
    taken = ("code", "township", "name", "eligible", "party_members", "group_id")
    row = RoundVillageRow(
        round_id=round_.id,
        village_id=listed.id,
        **{name: getattr(listed, name) for name in taken},
    )
    db.session.add(row)
    return row


def _answer(round_: RoundRow, villages: list[RoundVillageRow]) -> None:
    for audience, kept in large.drawn().items():
        db.session.add_all(
            TallyRow(
                round_id=round_.id,
                village_id=village.village_id,
                audience=audience,
                access="ticket",
                document=tally.to_dict(),
            )
            for village, tally in zip(villages, kept, strict=True)
        )


def _agreed(
    round_: RoundRow, village: RoundVillageRow, lead: AccountRow, version: int
) -> ConsensusRow:
    points = 70 + (village.village_id + version) % 30
    return ConsensusRow(
        round_id=round_.id,
        village_id=village.village_id,
        version=version,
        document=Consensus(points=dict.fromkeys(DIMENSIONS, points)).to_dict(),
        entered_by=lead.id,
        entered_at=scene.MOMENT,
    )


def _signed_in(app: Flask, reader: str) -> FlaskClient:
    client, now = app.test_client(), seconds()
    with client.session_transaction("/staff/account") as session:
        session.update(_user_id=f"key-{reader}", _fresh=True, began=now, seen=now)
    return client
