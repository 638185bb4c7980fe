"""Codes that people type: every slip of the finger is caught before anything is looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import codes
from survey.core.errors import Invalid

ticket_codes = st.integers(0, 10**15 - 1).map(
    lambda number: f"{number:015d}" + codes.check_digit(f"{number:015d}")
)


def test_check_digit_is_damms():
    # The example of Damm's thesis as it is quoted everywhere: 572 has the check digit 4.
    assert codes.check_digit("572") == "4"
    assert codes.check_digit("5724") == "0"


@given(ticket_codes)
def test_a_printed_code_is_read_back(code):
    assert codes.read_ticket_code(codes.group_ticket_code(code)) == code


@given(ticket_codes, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_caught(code, place, shift):
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(Invalid):
        codes.read_ticket_code(wrong)


@given(ticket_codes, st.integers(0, 14))
def test_two_swapped_neighbours_are_caught(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(Invalid):
            codes.read_ticket_code(swapped)


@pytest.mark.parametrize(
    "typed", ["", "1234", "1" * 17, "abcd efgh ijkl mnop", "１２３", "\x00" * 16]
)
def test_what_is_no_code_is_said_to_be_none(typed):
    with pytest.raises(Invalid):
        codes.read_ticket_code(typed)


def test_full_width_digits_and_dashes_are_fine():
    code = codes.make_ticket_code()
    wide = "－".join(code[start : start + 4] for start in range(0, 16, 4)).translate(
        {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
    )
    assert codes.read_ticket_code(wide) == code


def test_a_poster_code_has_no_look_alikes():
    for _ in range(50):
        code = codes.make_poster_code()
        assert len(code) == codes.POSTER_SIGNS
        assert not set(code) & set("01ILOU")
