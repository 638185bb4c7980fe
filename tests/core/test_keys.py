"""The two halves: both are needed, in any order, and a slip of the pen is caught."""

import pytest

from survey.core import keys
from survey.core.errors import Damaged, Invalid

COST = keys.MINIMUM


def lock():
    halves = keys.make_half(1), keys.make_half(2)
    public, wrapped = keys.finish_lock(keys.begin_lock(halves[0], COST), halves[1])
    return halves, public, wrapped


def test_both_halves_open_in_any_order():
    (first, second), public, wrapped = lock()
    again = keys.wrapped_from_json(wrapped.to_json())
    private = keys.unwrap(again, (first, second), public)
    assert keys.unwrap(again, (second, first), public) == private
    keys.check_pair(private, public)


@pytest.mark.parametrize("holder", [1, 2])
def test_a_wrong_half_is_named(holder):
    (first, second), public, wrapped = lock()
    wrong = keys.make_half(holder)
    halves = (wrong, second) if holder == 1 else (first, wrong)
    with pytest.raises(Invalid, match=str(holder)):
        keys.unwrap(wrapped, halves, public)


def test_one_half_twice_does_not_open():
    (first, _), public, wrapped = lock()
    with pytest.raises(Invalid):
        keys.unwrap(wrapped, (first, first), public)


def test_the_key_of_another_round_is_refused():
    halves, _, wrapped = lock()
    _, other, _ = lock()
    with pytest.raises(Damaged):
        keys.unwrap(wrapped, halves, other)


def test_nothing_secret_is_kept_between_the_two_holders():
    half = keys.make_half(1)
    kept = str(vars(keys.begin_lock(half, COST)))
    assert half not in kept
    assert half.replace("-", "")[1:-2] not in kept


def test_a_half_may_be_typed_carelessly():
    half = keys.make_half(2)
    careless = half.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert keys.read_half(careless) == half


def test_a_wrong_sign_is_nearly_always_caught():
    plain = "1" + "0" * 16
    checks = keys._check_signs(plain)
    missed = 0
    for place in range(1, 17):
        for sign in keys.ALPHABET[1:]:
            try:
                keys.read_half(plain[:place] + sign + plain[place + 1 :] + checks)
                missed += 1
            except Invalid:
                continue
    assert missed <= 3, "one of 1,024 goes through: of 496 half a one is expected"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"first": {}}', "not json"])
def test_a_spoilt_key_file_is_said_to_be_spoilt(text):
    with pytest.raises(Damaged):
        keys.wrapped_from_json(text)


def test_the_proof_of_a_half_tells_halves_secrets_and_purposes_apart():
    half = keys.make_half(1)
    proof = keys.proof_of_half("secret", half, "open")
    assert proof == keys.proof_of_half("secret", half, "open")
    assert proof != keys.proof_of_half("secret", keys.make_half(1), "open")
    assert proof != keys.proof_of_half("other", half, "open")
    assert proof != keys.proof_of_half("secret", half, "seal")
