"""The file of a SQLite database, read without SQLite: where each record lies in which page.

File format: https://www.sqlite.org/fileformat2.html, sections 1.6 (b-tree pages) and 2.1 (records).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEADER = 100
_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_INTERIOR = {_INDEX_INTERIOR, _TABLE_INTERIOR}


@dataclass(frozen=True)
class Cell:
    """One record: its page, its place among the page's cells, its first byte, its values."""

    page: int
    index: int
    offset: int
    values: tuple[Any, ...]


def settled(database: Path, scratch: Path) -> Path:
    """Return a copy of *database* into which its write-ahead log was written back."""
    scratch.mkdir(parents=True, exist_ok=True)
    for part in database.parent.glob(f"{database.name}*"):
        if part.suffix != ".sqlite-shm":
            shutil.copy(part, scratch / part.name)
    copy = scratch / database.name
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA wal_checkpoint(FULL)")
    connection.close()
    return copy


def cells(database: Path, table: str) -> Iterator[Cell]:
    """Yield the records of *table* as they are found from its root page on."""
    connection = sqlite3.connect(database)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    connection.close()
    content = database.read_bytes()
    size = int.from_bytes(content[16:18])
    yield from _tree(content, 65536 if size == 1 else size, root)


def _tree(content: bytes, size: int, number: int) -> Iterator[Cell]:
    page = content[(number - 1) * size : number * size]
    header = _HEADER if number == 1 else 0
    kind = page[header]
    count = int.from_bytes(page[header + 3 : header + 5])
    pointers = header + (12 if kind in _INTERIOR else 8)
    for index in range(count):
        at = pointers + 2 * index
        offset = int.from_bytes(page[at : at + 2])
        start = offset
        if kind in _INTERIOR:
            yield from _tree(content, size, int.from_bytes(page[offset : offset + 4]))
            start += 4
        if kind != _TABLE_INTERIOR:
            yield Cell(number, index, offset, _record(page, start, size, kind))
    if kind in _INTERIOR:
        yield from _tree(content, size, int.from_bytes(page[header + 8 : header + 12]))


def _record(page: bytes, start: int, size: int, kind: int) -> tuple[Any, ...]:
    length, start = _varint(page, start)
    if kind == _TABLE_LEAF:
        _, start = _varint(page, start)
    longest = size - 35 if kind == _TABLE_LEAF else (size - 12) * 64 // 255 - 23
    assert length <= longest, "a record that overflows into other pages is not read here"
    end, at = _varint(page, start)
    types = []
    while at < start + end:
        found, at = _varint(page, at)
        types.append(found)
    values = []
    for found in types:
        value, at = _value(page, at, found)
        values.append(value)
    return tuple(values)


def _value(page: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (0, 8, 9):
        return (None if kind == 0 else kind - 8), at
    length = {5: 6, 6: 8, 7: 8}.get(kind, kind) if kind < 12 else (kind - 12) // 2
    raw = page[at : at + length]
    if kind < 7:
        return int.from_bytes(raw, signed=True), at + length
    return (raw.decode() if kind >= 13 and kind % 2 else raw), at + length


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for _ in range(8):
        value = value << 7 | page[at] & 0x7F
        at += 1
        if page[at - 1] < 0x80:
            return value, at
    return value << 8 | page[at], at + 1
