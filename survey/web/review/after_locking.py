"""What is open again on a desk after a rating was locked: ratings reopened, appeals that wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from survey.storage import appeals, groups, ratings
from survey.storage.db import db
from survey.storage.tables import AppealRow, RoundRow, RoundVillageRow


class _OfVillage(Protocol):
    @property
    def village(self) -> RoundVillageRow: ...


@dataclass(frozen=True)
class Afterwards:
    """Villages whose rating was reopened, and the appeals without an answer; *today* dates them."""

    reopened: tuple[RoundVillageRow, ...]
    waiting: tuple[tuple[RoundVillageRow, AppealRow], ...]
    today: date


def after_locking(round_: RoundRow, lines: Iterable[_OfVillage]) -> Afterwards:
    """Return what is open again in *round_* of the villages of *lines*, which the reader sees."""
    villages = [line.village for line in lines]
    reopened = ratings.reopened(db.session, round_)
    brought = appeals.of_round(db.session, round_)
    return Afterwards(
        tuple(row for row in villages if row.village_id in reopened),
        tuple(
            (row, appeal)
            for row in villages
            for appeal in brought.get(row.village_id, ())
            if appeal.answer is None
        ),
        groups.today(db.session, round_.timezone),
    )
