"""The attacks: each guesses, for every slip in its order, which answer of one kind was given.

An attack is a function (loot, kind) → one guess for each slip. Where an attack sorts, rows are
mixed first, so that it cannot succeed by the order in which the database happened to give them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.hostile.attacker import pages
from tests.hostile.attacker.loot import Backup, Loot, Row, Slip

COMMENT = "comment"
REMARK = rb"Remark [0-9a-f]{8}"
"""How every comment of the villagers begins: different for each."""

Guesses = Sequence[str | None]
Attack = Callable[[Loot, str], Guesses]
_DIGEST, _ID = 32, 16


def _mixed(rows: Sequence[Any], seed: int = 20) -> list[Any]:
    return random.Random(seed).sample(rows, len(rows))


# The order of the rows, as SQLite tells or hides it.


def by_rowid(loot: Loot, kind: str) -> Guesses:
    """Rows by their rowid; as they come where there is none."""
    try:
        rows = loot.rows(kind, columns="rowid, *", order="ORDER BY rowid")
    except OperationalError:
        rows = loot.rows(kind)
    return loot.texts(kind, rows)


def _cells(loot: Loot, kind: str, order: Callable[[pages.Cell], Any]) -> Guesses:
    table = loot.shelves[kind].table
    columns = [column["name"] for column in sa.inspect(loot.engine).get_columns(table)]
    copy = pages.settled(loot.database, loot.scratch / "settled")
    found = sorted(pages.cells(copy, table), key=order)
    return loot.texts(kind, [dict(zip(columns, cell.values, strict=True)) for cell in found])


def by_cell_offset(loot: Loot, kind: str) -> Guesses:
    """Pages as they lie in the file; in each, records from its end, where the first one was put."""
    return _cells(loot, kind, lambda cell: (cell.page, -cell.offset))


def by_page(loot: Loot, kind: str) -> Guesses:
    """Pages as they lie in the file; in each, records as the page lists them."""
    return _cells(loot, kind, lambda cell: (cell.page, cell.index))


# The order of the rows, as PostgreSQL tells it.


def by_ctid(loot: Loot, kind: str) -> Guesses:
    """Rows by their place in the heap."""
    return loot.texts(kind, loot.rows(kind, columns="ctid, *", order="ORDER BY ctid"))


def by_age(loot: Loot, kind: str) -> Guesses:
    """Rows by the number of the transaction that wrote them."""
    rows = _mixed(loot.rows(kind, columns="xmin::text AS xmin, *"))
    return loot.texts(kind, sorted(rows, key=lambda row: int(row["xmin"])))


def by_transaction(loot: Loot, kind: str) -> Guesses:
    """A slip and the row that was written in the transaction that spent it."""
    rows = loot.rows(kind, columns="xmin::text AS xmin, *")
    wrote: dict[str, list[str]] = {}
    for row in _mixed(rows):
        wrote.setdefault(row["xmin"], []).extend(loot.texts(kind, [row]))
    guesses = []
    for slip in loot.slips:
        found = [answer for row in loot.late.follow(slip) for answer in wrote.get(row["xmin"], ())]
        guesses.append(found[0] if found else None)
    return guesses


# What both engines tell.


def by_dump(loot: Loot, kind: str) -> Guesses:
    """Rows in the order of a logical dump."""
    return loot.texts(kind, loot.dump.get(loot.shelves[kind].table, ()))


def by_time(loot: Loot, kind: str) -> Guesses:
    """Rows by every number in them, which a time or a count is."""

    def numbers(row: Row) -> list[float]:
        return [float(value) for value in row.values() if isinstance(value, int | float)]

    return loot.texts(kind, sorted(_mixed(loot.rows(kind)), key=numbers))


def by_log(loot: Loot, kind: str) -> Guesses:
    """Answers in the order in which the write-ahead log has them for the first time."""
    known = {_beginning(kind, slip): slip.answers[kind] for slip in loot.slips}
    seen = dict.fromkeys(found[-1] for found in _written(kind).findall(loot.log))
    guesses = [known[text] for text in seen if text in known]
    return [*guesses, *[None] * len(loot.slips)][: len(loot.slips)]


def _beginning(kind: str, slip: Slip) -> bytes:
    answer = slip.answers[kind].encode()
    return answer[:15] if kind == COMMENT else answer


def _written(kind: str) -> re.Pattern[bytes]:
    if kind == COMMENT:
        return re.compile(rb"()(" + REMARK + rb")")
    return re.compile(b"(" + kind.encode() + rb").{0,4}?([0-3-]{3})", re.DOTALL)


def by_early_backup(loot: Loot, kind: str) -> Guesses:
    """A value of the slip's rows before the ballots came in that an answer's row has too."""
    return _by_value(loot, kind, loot.early)


def by_late_backup(loot: Loot, kind: str) -> Guesses:
    """A value of the slip's rows while the round was open that an answer's row has too."""
    return _by_value(loot, kind, loot.late)


def _by_value(loot: Loot, kind: str, backup: Backup) -> Guesses:
    sealed = _by_key(loot, kind)
    guesses = []
    for slip in loot.slips:
        values = {
            part
            for row in backup.follow(slip)
            for value in row.values()
            if isinstance(value, bytes)
            for part in (value, value[:_ID], value[_ID:_DIGEST])
        }
        found = [sealed[value] for value in values if value in sealed]
        guesses.append(found[0] if found else None)
    return guesses


def _by_key(loot: Loot, kind: str) -> Mapping[bytes, str]:
    return {
        value: answer
        for row in loot.rows(kind)
        for answer in loot.texts(kind, [row])
        for value in row.values()
        if isinstance(value, bytes)
    }


def by_reading(order: Attack) -> Attack:
    """The attack that a box is read by its keys, and answers lie in *order* as they were read."""

    def guess(loot: Loot, kind: str) -> Guesses:
        locked = [_locked(loot, slip) for slip in loot.slips]
        read = sorted(range(len(locked)), key=lambda number: _key(locked[number]))
        guesses: list[str | None] = [None] * len(locked)
        for number, answer in zip(read, order(loot, kind), strict=True):
            guesses[number] = answer
        return guesses

    return guess


def _locked(loot: Loot, slip: Slip) -> Row:
    return next(row for row in loot.late.follow(slip) if "ciphertext" in row)


def _key(row: Row) -> bytes:
    return next(value for name, value in row.items() if name in ("id", "number"))


def by_length(loot: Loot, kind: str) -> Guesses:
    """The longest ciphertext of a backup, and the longest answer."""
    slips = _mixed(range(len(loot.slips)), seed=21)
    slips.sort(key=lambda number: len(_locked(loot, loot.slips[number])["ciphertext"]))
    answers = _mixed(loot.texts(kind, loot.rows(kind)))
    answers.sort(key=lambda answer: len(answer.encode()))
    guesses: list[str | None] = [None] * len(slips)
    for number, answer in zip(slips, answers, strict=True):
        guesses[number] = answer
    return guesses


def by_carving(loot: Loot, kind: str) -> Guesses:
    """What lies beside a slip's code or digest in any byte of files and log, deleted or not."""
    sealed, everything = _by_key(loot, kind), loot.files + loot.log
    return [_carve(everything, slip, sealed) for slip in loot.slips]


def _carve(everything: bytes, slip: Slip, sealed: Mapping[bytes, str]) -> str | None:
    for value in sorted(slip.trace):
        at = everything.find(value)
        while at >= 0:
            end = at + len(value)
            for start in range(end, end + 4):
                found = sealed.get(everything[start : start + _ID])
                if found:
                    return found
            at = everything.find(value, end)
    return None
