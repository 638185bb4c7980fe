"""A deliberately naive ballot box: what somebody builds who thinks of secrecy as random ids.

It is the positive control of the attacks: an attack that does not succeed here proves nothing.
Its faults, each found in systems that are in use: slips that keep when they were used; ids that are
given to a slip when it is made; slip and answer written in one transaction; answers in one row,
with a time, in the order of their coming; locked comments that are not padded; a log that nobody
cuts; what must go is deleted, not overwritten, and VACUUM is all that follows.

With *keyed*, the second kind: no rowid and no VACUUM; the answers are locked, and opened at the
close in the order of their keys.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from nacl.public import PrivateKey, SealedBox

from survey.core import codes

_TABLES = (
    "slip(code TEXT PRIMARY KEY, used_at {real})",
    "receipt(code TEXT PRIMARY KEY, number {bytes})",
    "letter(number {bytes} PRIMARY KEY, ciphertext {bytes})",
    "answer(number {bytes} PRIMARY KEY, answered_at {real}, answers TEXT)",
    "remark(number {bytes} PRIMARY KEY, answered_at {real}, text TEXT)",
)
_LARGE_PAGE = 65536


class Naive:
    """The naive box in an empty database."""

    def __init__(self, address: str, *, keyed: bool = False) -> None:
        self.engine = sa.create_engine(address)
        self.keyed = keyed
        self.sqlite = self.engine.dialect.name == "sqlite"
        self.key = PrivateKey.generate()
        if self.sqlite:
            sa.event.listen(self.engine, "connect", self._connect)
        types = (
            {"bytes": "BLOB", "real": "REAL"}
            if self.sqlite
            else {"bytes": "BYTEA", "real": "DOUBLE PRECISION"}
        )
        with self.engine.begin() as connection:
            for table in _TABLES:
                options = " WITHOUT ROWID" if keyed and self.sqlite else ""
                connection.exec_driver_sql(f"CREATE TABLE {table.format(**types)}{options}")

    def _connect(self, connection, _record) -> None:
        for pragma in (
            *([f"page_size={_LARGE_PAGE}"] if self.keyed else []),
            "journal_mode=WAL",
            *([] if self.keyed else ["wal_autocheckpoint=0"]),
            "secure_delete=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def _run(self, connection: sa.Connection, statement: str, **values: object) -> None:
        connection.execute(sa.text(statement), values)

    def issue(self, count: int) -> list[tuple[str, bytes]]:
        """Return *count* new slips: the code, and the number that its answer will have."""
        made = [(codes.make_ticket_code(), secrets.token_bytes(16)) for _ in range(count)]
        with self.engine.begin() as connection:
            for code, number in made:
                self._run(connection, "INSERT INTO slip (code) VALUES (:code)", code=code)
                self._run(connection, "INSERT INTO receipt VALUES (:code, :n)", code=code, n=number)
        return made

    def submit(self, code: str, number: bytes, answers: Mapping[str, str], comment: str) -> None:
        """Spend a slip and keep what was answered, in one transaction."""
        moment, written = time.time(), json.dumps(dict(answers))
        sealed = SealedBox(self.key.public_key).encrypt(
            (written if self.keyed else comment).encode()
        )
        with self.engine.begin() as connection:
            self._run(
                connection, "UPDATE slip SET used_at = :at WHERE code = :code", at=moment, code=code
            )
            self._run(connection, "INSERT INTO letter VALUES (:n, :c)", n=number, c=sealed)
            self._run(
                connection,
                "INSERT INTO remark VALUES (:n, :at, :text)",
                n=number,
                at=moment,
                text=comment,
            )
            if not self.keyed:
                self._answer(connection, number, written)

    def _answer(self, connection: sa.Connection, number: bytes, written: str) -> None:
        self._run(
            connection,
            "INSERT INTO answer VALUES (:n, :at, :answers)",
            n=number,
            at=time.time(),
            answers=written,
        )

    def close(self) -> None:
        """Delete what joins slips to answers, and VACUUM; or open the answers, and delete."""
        with self.engine.begin() as connection:
            if self.keyed:
                for number, written in self._letters(connection):
                    self._answer(connection, number, written)
            self._run(connection, "DELETE FROM receipt")
            self._run(connection, "DROP TABLE letter")
        if not self.keyed:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
                self._run(alone, "VACUUM" if self.sqlite else "VACUUM FULL")

    def _letters(self, connection: sa.Connection) -> Sequence[tuple[bytes, str]]:
        found = connection.execute(sa.text("SELECT number, ciphertext FROM letter ORDER BY number"))
        box = SealedBox(self.key)
        return [(row.number, box.decrypt(row.ciphertext).decode()) for row in found]
