"""Signing in: strangers who guess are slowed, known browsers are not kept out, codes count once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from survey.core import second_factor as codes
from survey.core.errors import Damaged, Invalid, Missing, Refused
from survey.storage import accounts, db, devices, lockout, second_factor, sign_in
from survey.storage.db import begin_write
from survey.storage.tables import AccountRow, RecoveryCodeRow, SecondFactorRow

PASSWORD = "plain words for tests"
KEY = "a key of the service"

Clock = dict[str, datetime]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are quick to check, for names that nobody has too."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))
    monkeypatch.setattr(accounts, "_NOBODY", PasswordHasher(1, 8, 1).hash("nobody knows"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The database's clock, to be turned."""
    hands = {"now": datetime(2026, 5, 1, 8, tzinfo=UTC)}
    monkeypatch.setattr(db, "now", lambda session: hands["now"])
    return hands


@pytest.fixture
def anna(session: Session) -> AccountRow:
    return accounts.add(session, "Anna ", "Anna", PASSWORD, "administrator")


def enter(
    session: Session, password: str = PASSWORD, device: str = "", name: str = "anna"
) -> AccountRow:
    return sign_in.admit(session, sign_in.attempt(session, name, password), device)


def fail(session: Session, times: int = 1, device: str = "") -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            enter(session, "wrong password", device)


def refused(
    session: Session, password: str = PASSWORD, device: str = "", name: str = "anna"
) -> str:
    with pytest.raises(Refused) as refusal:
        enter(session, password, device, name)
    return str(refusal.value)


# Names and passwords


def test_a_password_opens_its_account_alone(session: Session, anna: AccountRow) -> None:
    assert enter(session, name="ANNA") is anna
    for name, password in (("anna", "wrong one"), ("berta", PASSWORD), ("", ""), ("an\0na", "x")):
        refused(session, password, name=name)


def test_every_refusal_says_the_same(session: Session, anna: AccountRow, clock: Clock) -> None:
    said = {refused(session, "wrong"), refused(session, "wrong", name="nobody")}
    fail(session, 10)
    said.add(refused(session))
    accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    accounts.disable(session, anna)
    said.add(refused(session))
    assert len(said) == 1


def test_an_unknown_name_costs_the_same_work(
    session: Session, anna: AccountRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    hasher = accounts._HASHER
    monkeypatch.setattr(accounts, "_HASHER", Watched(hasher, done))
    monkeypatch.setattr(lockout, "count_refusal", lambda _session: done.append("counted"))
    work = []
    for name in ("anna", "nobody"):
        refused(session, "wrong", name=name)
        work.append(tuple(done))
        done.clear()
    assert work == [("hashed", "counted")] * 2


class Watched:
    """A hasher that says when it works."""

    def __init__(self, hasher: PasswordHasher, done: list[str]) -> None:
        self.hasher, self.done = hasher, done

    def verify(self, kept: str, typed: str) -> bool:
        self.done.append("hashed")
        return self.hasher.verify(kept, typed)


def test_refusals_are_counted_by_the_day(session: Session, anna: AccountRow, clock: Clock) -> None:
    fail(session, 3)
    refused(session, name="nobody")
    clock["now"] += timedelta(days=6)
    fail(session, 2)
    assert lockout.refusals(session) == 6
    clock["now"] += timedelta(days=1)
    assert lockout.refusals(session) == 2


def test_a_hash_of_older_strength_is_made_anew(
    session: Session, anna: AccountRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = anna.password_hash
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(2, 16, 1))
    enter(session)
    assert anna.password_hash != before
    assert enter(session) is anna


# Waiting


def test_failures_slow_and_never_shut_out(session: Session, anna: AccountRow, clock: Clock) -> None:
    fail(session, lockout.FREE_FAILURES - 1)
    assert enter(session) is anna
    fail(session, lockout.FREE_FAILURES)
    refused(session)
    clock["now"] += timedelta(seconds=16)
    assert enter(session) is anna


def test_the_wait_grows_up_to_a_quarter_of_an_hour(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    waits = []
    for _ in range(16):
        clock["now"] = lockout.may_try_from(anna, clock["now"])
        fail(session)
        waits.append(lockout.may_try_from(anna, clock["now"]) - clock["now"])
    assert waits[3] == timedelta(0)
    assert waits[4:7] == [timedelta(seconds=seconds) for seconds in (15, 30, 60)]
    assert waits[-1] == lockout.LONGEST_WAIT
    clock["now"] += lockout.LONGEST_WAIT
    assert enter(session) is anna


def test_what_is_tried_while_waiting_does_not_lengthen_the_wait(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    fail(session, lockout.FREE_FAILURES)
    until = lockout.may_try_from(anna, clock["now"])
    fail(session, 50)
    assert lockout.may_try_from(anna, clock["now"]) == until


def test_failures_of_another_day_are_forgotten(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    fail(session, lockout.FREE_FAILURES + 6)
    clock["now"] += timedelta(days=2)
    fail(session)
    assert enter(session) is anna


def test_one_account_s_failures_are_not_another_s(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    berta = accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    fail(session, 20)
    assert enter(session, name="berta") is berta


# Known browsers


def test_a_thousand_wrong_passwords_slow_the_stranger_and_not_the_holder(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    device = devices.remember(session, anna, "")
    looked_at = dict.fromkeys(range(5), 0)
    start = clock["now"]
    for number in range(1000):
        clock["now"] = start + timedelta(seconds=18 * number)
        before = anna.failures
        fail(session)
        looked_at[18 * number // 3600] += anna.failures - before
        if number % 50 == 49:
            assert enter(session, device=device) is anna
    refused(session)
    # 5 free ones, waits of 15 … 480 s, then a quarter of an hour: at most 14 in the first hour.
    assert looked_at[0] <= 14
    assert all(looked_at[hour] <= 4 for hour in range(1, 5))
    assert sum(looked_at.values()) >= 20, "an attack that is not slowed shows nothing"


def test_a_known_browser_has_an_allowance_and_no_more(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    device = devices.remember(session, anna, "")
    fail(session, lockout.FREE_FAILURES, device)
    refused(session, device=device)
    assert enter(session) is anna, "its failures are not a stranger's"
    clock["now"] += timedelta(seconds=16)
    assert enter(session, device=device) is anna


def test_a_right_password_on_a_known_browser_gives_strangers_no_new_tries(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    device = devices.remember(session, anna, "")
    fail(session, lockout.FREE_FAILURES)
    enter(session, device=device)
    assert anna.failures == lockout.FREE_FAILURES


def test_a_browser_gets_a_new_token_each_time_and_the_old_one_is_worth_nothing(
    session: Session, anna: AccountRow
) -> None:
    berta = accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    planted = devices.remember(session, berta, "")
    device = devices.remember(session, anna, planted)
    assert devices.find(session, anna, planted) is None
    assert devices.find(session, berta, planted) is None
    assert devices.find(session, anna, device) is not None
    assert devices.find(session, berta, device) is not None


def test_a_browser_is_known_to_its_accounts_alone(session: Session, anna: AccountRow) -> None:
    berta = accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    assert devices.find(session, berta, devices.remember(session, anna, "")) is None


def test_browsers_are_forgotten_after_a_year_or_when_there_are_too_many(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    tokens = []
    for _ in range(devices.MOST + 1):
        clock["now"] += timedelta(minutes=1)
        tokens.append(devices.remember(session, anna, ""))
    assert devices.find(session, anna, tokens[0]) is None
    assert devices.find(session, anna, tokens[1]) is not None
    clock["now"] += devices.KNOWN_FOR
    assert devices.find(session, anna, tokens[1]) is None


def test_a_new_password_forgets_browsers(session: Session, anna: AccountRow) -> None:
    device = devices.remember(session, anna, "")
    accounts.issue_password(session, anna)
    assert devices.find(session, anna, device) is None


def test_a_given_password_lets_its_holder_in_while_the_name_is_under_attack(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    password = accounts.issue_password(session, anna)
    fail(session, 20)
    assert enter(session, password) is anna


def test_the_command_line_waits_for_its_own_failures_alone(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    fail(session, 20)
    assert enter(session, device=devices.CONSOLE) is anna
    fail(session, lockout.FREE_FAILURES, devices.CONSOLE)
    refused(session, device=devices.CONSOLE)


def test_tries_at_the_same_time_have_one_allowance(engine: sa.Engine) -> None:
    with Session(engine) as session:
        anna = accounts.add(session, "anna", "Anna", PASSWORD, "administrator")
        anna.failures, anna.last_failure_at = lockout.FREE_FAILURES - 1, db.now(session)
        session.commit()
    outcome: list[str] = []

    def guess_rightly() -> None:
        with Session(engine) as session:
            made = sign_in.attempt(session, "anna", PASSWORD)
            begin_write(session)
            try:
                outcome.append(sign_in.admit(session, made).username)
            except Refused:
                outcome.append("refused")
            session.commit()

    with Session(engine) as session:
        made = sign_in.attempt(session, "anna", "wrong")
        begin_write(session)
        with pytest.raises(Refused):
            sign_in.admit(session, made)
        meanwhile = threading.Thread(target=guess_rightly)
        meanwhile.start()
        meanwhile.join(2)  # it has to wait for the commit below; only a broken one ends before it
        session.commit()
    meanwhile.join(60)
    assert outcome == ["refused"], "the last free try was the other's"


# The second step


@pytest.fixture
def secret(session: Session, anna: AccountRow, clock: Clock) -> str:
    """The secret of Anna's app; her second step is on."""
    second_factor.begin(session, anna, KEY)
    secret = second_factor.begun(session, anna, KEY)
    second_factor.confirm(session, anna, shown(secret, clock), KEY)
    clock["now"] += timedelta(minutes=5)
    return secret


def shown(secret: str, clock: Clock, steps: int = 0) -> str:
    """What the app shows now, or that many steps later."""
    return pyotp.TOTP(secret).at(clock["now"], counter_offset=steps)


def accepted(session: Session, anna: AccountRow, typed: str, device: str = "") -> bool:
    try:
        return sign_in.admit_code(session, anna, typed, KEY, device) is anna
    except Refused:
        return False


def test_nothing_is_asked_before_the_first_code(
    session: Session, anna: AccountRow, clock: Clock
) -> None:
    second_factor.begin(session, anna, KEY)
    assert not second_factor.is_on(session, anna)
    secret = second_factor.begun(session, anna, KEY)
    with pytest.raises(Invalid):
        second_factor.confirm(session, anna, shown(secret, clock, 5), KEY)
    assert not second_factor.is_on(session, anna)
    assert len(second_factor.confirm(session, anna, shown(secret, clock), KEY)) == 10
    assert second_factor.is_on(session, anna)
    with pytest.raises(Missing):
        second_factor.begun(session, anna, KEY)
    with pytest.raises(Invalid):
        second_factor.begin(session, anna, KEY)


def test_the_first_code_is_used_up_by_it(session: Session, anna: AccountRow, clock: Clock) -> None:
    second_factor.begin(session, anna, KEY)
    code = shown(second_factor.begun(session, anna, KEY), clock)
    second_factor.confirm(session, anna, code, KEY)
    assert not accepted(session, anna, code)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(
    session: Session, anna: AccountRow, secret: str, clock: Clock, steps: int
) -> None:
    assert accepted(session, anna, shown(secret, clock, steps))


@pytest.mark.parametrize("steps", [-2, 2])
def test_two_steps_are_too_many(
    session: Session, anna: AccountRow, secret: str, clock: Clock, steps: int
) -> None:
    assert not accepted(session, anna, shown(secret, clock, steps))


def test_a_code_is_taken_once_and_none_before_it(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    assert accepted(session, anna, shown(secret, clock))
    assert not accepted(session, anna, shown(secret, clock))
    assert not accepted(session, anna, shown(secret, clock, -1))
    assert accepted(session, anna, shown(secret, clock, 1))


def test_codes_are_taken_as_people_type_them(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    code = shown(secret, clock)
    wide = code.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    assert accepted(session, anna, f" {wide[:3]} {wide[3:]} ")


def test_recovery_codes_are_taken_once_each(
    session: Session, anna: AccountRow, secret: str
) -> None:
    made = second_factor.renew_recovery_codes(session, anna)
    assert accepted(session, anna, made[0].upper().replace("-", " "))
    assert not accepted(session, anna, made[0])
    assert accepted(session, anna, made[1])
    assert second_factor.recovery_codes_left(session, anna) == 8


def test_new_recovery_codes_void_the_old_ones(
    session: Session, anna: AccountRow, secret: str
) -> None:
    old = second_factor.renew_recovery_codes(session, anna)
    second_factor.renew_recovery_codes(session, anna)
    assert not accepted(session, anna, old[0])


def test_neither_secret_nor_recovery_code_is_kept_in_clear(
    session: Session, anna: AccountRow, secret: str
) -> None:
    made = second_factor.renew_recovery_codes(session, anna)
    kept = session.scalars(sa.select(SecondFactorRow.secret)).one()
    digests = b"".join(session.scalars(sa.select(RecoveryCodeRow.digest)))
    assert secret.encode() not in kept
    assert not any(codes.plain(code).encode() in digests for code in made)
    assert codes.unlock(kept, KEY) == secret
    with pytest.raises(Damaged, match="--second-factor"):
        codes.unlock(kept, "another key")


def test_wrong_codes_wait_like_wrong_passwords(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    enter(session)
    for _ in range(lockout.FREE_FAILURES):
        assert not accepted(session, anna, "000000")
    assert not accepted(session, anna, shown(secret, clock))
    clock["now"] += timedelta(seconds=16)
    assert accepted(session, anna, shown(secret, clock))


def test_a_right_password_alone_gives_no_new_tries(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    fail(session, 4)
    enter(session)
    assert anna.failures == 4
    for _ in range(lockout.FREE_FAILURES):
        accepted(session, anna, "000000")
        enter(session)
    assert not accepted(session, anna, shown(secret, clock))


def test_who_guesses_passwords_does_not_slow_the_holder_s_codes(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    password = accounts.issue_password(session, anna)
    fail(session, 20)
    enter(session, password)
    assert accepted(session, anna, shown(secret, clock))


def test_who_gave_the_password_cannot_guess_codes_without_waiting(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    accounts.issue_password(session, anna)
    for _ in range(lockout.FREE_FAILURES):
        assert not accepted(session, anna, "000000")
    assert not accepted(session, anna, shown(secret, clock))


def test_a_second_step_taken_away_is_gone(
    session: Session, anna: AccountRow, secret: str, clock: Clock
) -> None:
    made = second_factor.renew_recovery_codes(session, anna)
    second_factor.remove(session, anna)
    assert not second_factor.is_on(session, anna)
    assert second_factor.everybody(session) == set()
    assert not accepted(session, anna, made[0])
    assert not accepted(session, anna, shown(secret, clock))


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # its appendix B, six of the eight digits
    moments = {59: "287082", 1111111109: "081804", 20000000000: "353130"}
    for seconds, code in moments.items():
        moment = datetime.fromtimestamp(seconds, UTC)
        assert codes.step_of(secret, code, moment) == seconds // codes.STEP_SECONDS
