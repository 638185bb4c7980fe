"""What the database says of itself: how it keeps, copies and clears what is written. Only asks."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from survey.core.doctor import BoxFacts, Copies, PostgresFacts, SqliteFacts
from survey.core.errors import Refused
from survey.core.wording import N_
from survey.storage import boxes, keys
from survey.storage.db import is_sqlite
from survey.storage.tables import RoundRow

_SETTINGS = (
    "archive_command",
    "archive_library",
    "archive_mode",
    "fsync",
    "log_duration",
    "log_error_verbosity",
    "log_min_duration_sample",
    "log_min_duration_statement",
    "log_parameter_max_length",
    "log_parameter_max_length_on_error",
    "log_statement",
    "log_transaction_sample_rate",
    "synchronous_commit",
    "track_commit_timestamp",
    "wal_recycle",
)
_BOX = re.compile(r"box(\d+)_")


def sqlite(session: Session) -> SqliteFacts:
    """Return how this connection keeps and clears a SQLite file."""
    return SqliteFacts(
        journal_mode=str(_pragma(session, "journal_mode")),
        synchronous=int(_pragma(session, "synchronous")),
        secure_delete=int(_pragma(session, "secure_delete")),
        temp_store=int(_pragma(session, "temp_store")),
    )


def _pragma(session: Session, name: str) -> str | int:
    value: str | int = session.execute(sa.text(f"PRAGMA {name}")).scalar_one()
    return value


def postgres(session: Session) -> PostgresFacts:
    """Return how a PostgreSQL server keeps, copies, logs and clears what this account writes.

    A setting that the account may not read is not among the settings.
    """
    connection = session.connection()
    listed = sa.text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    found = connection.execute(listed, {"names": list(_SETTINGS)})
    return PostgresFacts(
        settings={row.name: row.setting for row in found},
        may_clear=may_clear(session),
        copies=copies(connection),
        sampled=_sampled(connection),
    )


def may_clear(session: Session) -> bool:
    """Say whether this account may clear what the scrub must clear; on SQLite it always may."""
    if is_sqlite(session):
        return True
    asked = sa.text(
        "SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')"
        " AND has_function_privilege('pg_ls_waldir()', 'EXECUTE')"
        " AND EXISTS (SELECT 1 FROM pg_roles"
        " WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE'))"
    )
    return bool(session.execute(asked).scalar_one())


def copies(connection: Connection) -> Copies:
    """Return who else keeps the write-ahead log of a PostgreSQL server, by name."""
    standbys = connection.execute(sa.text("SELECT application_name FROM pg_stat_replication"))
    slots = connection.execute(sa.text("SELECT slot_name FROM pg_replication_slots"))
    archiving = connection.execute(sa.text("SHOW archive_mode")).scalar_one()
    return Copies(
        standbys=tuple(sorted(standbys.scalars())),
        slots=tuple(sorted(slots.scalars())),
        archived=archiving != "off",
    )


def _sampled(connection: Connection) -> tuple[str, ...]:
    """Return the columns of boxes and answers of which PostgreSQL may keep samples."""
    asked = sa.text(
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND attnum > 0"
        " AND NOT attisdropped AND coalesce(attstattarget, -1) <> 0"
    )
    found = (
        (table, column)
        for table, column in connection.execute(asked)
        if (table, column) in boxes.ANSWERS or (_BOX.match(table) and column in boxes.DIGESTS)
    )
    return tuple(sorted(f"{table}.{column}" for table, column in found))


def box_facts(session: Session, folder: Path) -> BoxFacts:
    """Return how rounds, ballot boxes and the key *folder* fit together; raises `Refused`."""
    if not sa.inspect(session.connection()).has_table(RoundRow.__tablename__):
        raise Refused(N_("The database has no tables yet. Say: flask --app survey prepare"))
    rounds = session.scalars(sa.select(RoundRow)).all()
    live = [round_ for round_ in rounds if round_.state in {"open", "closed"}]
    waiting = [round_ for round_ in rounds if _is_waiting(round_)]
    known = {round_.id for round_ in (*live, *waiting)}
    return BoxFacts(
        waiting=tuple(round_.slug for round_ in waiting),
        keyless=tuple(
            round_.slug
            for round_ in live
            if not keys.complete(folder, round_.id, round_.key_holding)
        ),
        left_tables=tuple(name for number, name in _box_tables(session) if number not in known),
        left_keys=tuple(name for number, name in keys.listing(folder) if number not in known),
        demonstration=tuple(round_.slug for round_ in rounds if round_.demo),
    )


def _is_waiting(round_: RoundRow) -> bool:
    """Say whether the box of a round is to be destroyed and nobody has finished that."""
    cut_short = round_.state == "cancelled" and round_.destroyed_at is None
    return round_.state == "scrubbing" or cut_short


def _box_tables(session: Session) -> list[tuple[int, str]]:
    names = sorted(sa.inspect(session.connection()).get_table_names())
    found = ((_BOX.match(name), name) for name in names)
    return [(int(match[1]), name) for match, name in found if match]
