"""What a doctor must know of an installation: gathered elsewhere, judged in this room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A folder with what lies in it: its path, its mode, and the files that others may read."""

    path: str
    mode: int
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class SettingFacts:
    """How the service is set up. *secret_length*: of the key that was given, None for none."""

    production: bool
    debug: bool
    two_person: bool
    base_address: str
    secret_length: int | None
    key_cost: str
    server_arguments: str = ""


@dataclass(frozen=True)
class SqliteFacts:
    """PRAGMAs of a connection, as SQLite numbers them."""

    journal_mode: str
    synchronous: int
    secure_delete: int
    temp_store: int


@dataclass(frozen=True)
class Copies:
    """Who else keeps a PostgreSQL server's write-ahead log."""

    standbys: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True)
class PostgresFacts:
    """Settings by name as the server words them, rights, copies, and columns with samples."""

    settings: dict[str, str]
    may_clear: bool
    copies: Copies
    sampled: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoxFacts:
    """Rounds by short name, tables and files by name, that are not as they should be."""

    waiting: tuple[str, ...] = ()
    keyless: tuple[str, ...] = ()
    left_tables: tuple[str, ...] = ()
    left_keys: tuple[str, ...] = ()
    demonstration: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that `examine` looks at. *keys_beside_database*: the key folder is in its folder."""

    settings: SettingFacts
    places: tuple[Place, ...]
    keys_beside_database: bool
    database: SqliteFacts | PostgresFacts
    boxes: BoxFacts
