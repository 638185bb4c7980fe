"""The second step of an account: begun, confirmed by a first code, checked, taken away."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import second_factor as codes
from survey.core.errors import Invalid, Missing
from survey.core.wording import N_
from survey.storage import db
from survey.storage.tables import AccountRow, RecoveryCodeRow, SecondFactorRow


def begin(session: Session, account: AccountRow, service_key: str) -> None:
    """Make a new secret for *account*; nothing is asked of it before `confirm`.

    Raises `Invalid` where a second step is on already.
    """
    if is_on(session, account):
        raise Invalid(N_("The second step is on already. Turn it off before you set up a new one."))
    remove(session, account)
    secret = codes.lock(codes.new_secret(), service_key)
    session.add(SecondFactorRow(account_id=account.id, secret=secret, last_step=0))
    session.flush()


def begun(session: Session, account: AccountRow, service_key: str) -> str:
    """Return the secret that waits for its first code; raises `Missing` where none does."""
    row = session.get(SecondFactorRow, account.id, populate_existing=True)
    if row is None or row.confirmed_at is not None:
        raise Missing(N_("Nothing is being set up. Begin under “My account”."))
    return codes.unlock(row.secret, service_key)


def confirm(session: Session, account: AccountRow, typed: str, service_key: str) -> list[str]:
    """Turn the second step on by a first code; return the recovery codes, shown once.

    Raises `Invalid` for a wrong code and `Missing` where nothing was begun.
    """
    begun(session, account, service_key)
    if not _take_step(session, account, typed, service_key):
        raise Invalid(
            N_("This is not the code that the app shows now. Wait for the next one and type that.")
        )
    session.get_one(SecondFactorRow, account.id).confirmed_at = db.now(session)
    return renew_recovery_codes(session, account)


def of(session: Session, account: AccountRow) -> SecondFactorRow | None:
    """Return the second step of *account* as it is now; None where it is not on."""
    row = session.get(SecondFactorRow, account.id, populate_existing=True)
    return row if row is not None and row.confirmed_at is not None else None


def is_on(session: Session, account: AccountRow) -> bool:
    """Say whether *account* is asked for a code after its password."""
    return of(session, account) is not None


def everybody(session: Session) -> set[int]:
    """Return the ids of the accounts whose second step is on."""
    on = sa.select(SecondFactorRow.account_id).where(SecondFactorRow.confirmed_at.is_not(None))
    return set(session.scalars(on))


def take(session: Session, account: AccountRow, typed: str, service_key: str) -> bool:
    """Say whether *typed* is a code of *account* now, and use it up: each is taken once.

    The caller holds the account's row locked, so that one code is not taken twice at a time.
    """
    if len(codes.plain(typed)) > 6:
        return _take_recovery_code(session, account, typed)
    return _take_step(session, account, typed, service_key)


def _take_step(session: Session, account: AccountRow, typed: str, service_key: str) -> bool:
    row = session.get_one(SecondFactorRow, account.id)
    step = codes.step_of(codes.unlock(row.secret, service_key), typed, db.now(session))
    if step is None or step <= row.last_step:
        return False
    row.last_step = step
    session.flush()
    return True


def _take_recovery_code(session: Session, account: AccountRow, typed: str) -> bool:
    row = session.get(
        RecoveryCodeRow, (account.id, codes.digest(account.id, typed)), populate_existing=True
    )
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def renew_recovery_codes(session: Session, account: AccountRow) -> list[str]:
    """Return new recovery codes of *account*, shown once; the old ones are void."""
    session.execute(sa.delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account.id))
    made = codes.new_recovery_codes()
    session.add_all(
        RecoveryCodeRow(account_id=account.id, digest=codes.digest(account.id, code))
        for code in made
    )
    session.flush()
    return made


def recovery_codes_left(session: Session, account: AccountRow) -> int:
    """Return how many recovery codes of *account* have not been used."""
    left = sa.select(sa.func.count()).where(RecoveryCodeRow.account_id == account.id)
    return session.execute(left).scalar_one()


def remove(session: Session, account: AccountRow) -> None:
    """Take the second step of *account* away, with its recovery codes."""
    for table in (RecoveryCodeRow, SecondFactorRow):
        session.execute(sa.delete(table).where(table.account_id == account.id))
