"""Setting an empty installation up: by the code that the server prints while nobody has an account.

The code is made from the service's key and a salt in the database: every process makes the same
one, it outlasts a restart, and whoever has the database alone cannot make it.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b
from hmac import compare_digest

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.second_factor import plain
from survey.core.wording import N_, say
from survey.storage import accounts, audit, db, installation, lockout
from survey.storage.installation import About
from survey.storage.tables import AccountRow, SetUpCodeRow

_ONLY = 1
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_SIGNS, _GROUP = 12, 4
NOT_RIGHT = say(
    N_(
        "This code is not right, or there were too many wrong attempts. The server prints it when "
        "it starts; after several wrong ones, wait up to 15 minutes."
    )
)


def is_done(session: Session) -> bool:
    """Say whether anybody has an account, so that nothing is left to set up."""
    return session.scalars(sa.select(AccountRow.id).limit(1)).first() is not None


def code(session: Session, service_key: str) -> str:
    """Return the set-up code that holds; raises `Missing` once somebody has an account.

    The caller's transaction may write: the first call keeps the salt.
    """
    _require_empty(session)
    row = session.get(SetUpCodeRow, _ONLY)
    return _code_of((row or _keep_salt(session)).salt, service_key)


def renew(session: Session, service_key: str) -> str:
    """Return a new set-up code; the one before is void. Raises `Missing` as `code` does."""
    _require_empty(session)
    session.execute(sa.delete(SetUpCodeRow))
    session.expire_all()
    return _code_of(_keep_salt(session).salt, service_key)


def _require_empty(session: Session) -> None:
    if is_done(session):
        raise Missing(N_("This installation is set up already."))


def _keep_salt(session: Session) -> SetUpCodeRow:
    """Keep a new salt, or the one that another process has just kept."""
    insert = sqlite.insert if db.is_sqlite(session) else postgresql.insert
    row = insert(SetUpCodeRow).values(id=_ONLY, salt=secrets.token_bytes(16), failures=0)
    session.execute(row.on_conflict_do_nothing())
    return session.get_one(SetUpCodeRow, _ONLY)


def _code_of(salt: bytes, service_key: str) -> str:
    key = blake2b(service_key.encode(), digest_size=32).digest()
    drawn = blake2b(salt, key=key, digest_size=64, person=b"set-up code").digest()
    number = int.from_bytes(drawn, "big")
    signs = ""
    for _ in range(_SIGNS):
        number, place = divmod(number, len(_ALPHABET))
        signs += _ALPHABET[place]
    return "-".join(signs[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))


def check(session: Session, typed: str, service_key: str) -> None:
    """Raise `Refused` where *typed* is not the code, and while wrong ones must wait.

    A wrong one counts: commit whether it raises or not. Raises `Missing` once it is done; holds
    the code's row until the transaction ends, so that two persons do not set up at a time.
    """
    held = sa.select(SetUpCodeRow).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(held).one_or_none() or _keep_salt(session)
    _require_empty(session)
    moment = db.now(session)
    waits = moment < lockout.may_try_from(row, moment)
    right = plain(_code_of(row.salt, service_key)).encode()
    if not waits and compare_digest(plain(typed).encode(), right):
        return
    if not waits:
        lockout.count_failure(row, moment)
    raise Refused(NOT_RIGHT)


def finish(session: Session, username: str, name: str, password: str, said: About) -> AccountRow:
    """Make the first administrator, keep what the office *said*; after this there is no set-up.

    Raises `Missing` once it is done, `Invalid` for a user name or password that does not do.
    """
    _require_empty(session)
    account = accounts.add(
        session, username, name, password, "administrator", language=said.language
    )
    installation.keep(session, said)
    session.execute(sa.delete(SetUpCodeRow))
    audit.record(session, account.username, "set up", account.username)
    return account
