"""Codes that are printed, scanned and typed: tickets and posters.

A ticket's code is 15 random digits and a check digit: 10^15 codes, so that ten thousand guesses
against a million valid tickets find one with a chance below 10^-5. The check digit is Damm's
(H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004): it catches every single wrong
digit and every swap of two neighbours, before anything is looked up.

A poster's code is 10 signs from an alphabet without look-alikes (30^10 > 5·10^14). It is public:
it names a village and an audience and protects nothing.
"""

from __future__ import annotations

import secrets
import unicodedata

from survey.core.errors import Invalid
from survey.core.wording import N_

TICKET_DIGITS = 16
POSTER_SIGNS = 10
POSTER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ".replace("L", "").replace("U", "")

DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's table of order 10: the row is what is carried, the column the next digit."""


def check_digit(digits: str) -> str:
    """Return Damm's check digit of *digits*; of digits with their check digit it is ``0``."""
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return str(interim)


def make_ticket_code() -> str:
    """Return a new code of 16 digits from the system's random source."""
    body = f"{secrets.randbelow(10 ** (TICKET_DIGITS - 1)):0{TICKET_DIGITS - 1}d}"
    return body + check_digit(body)


def make_poster_code() -> str:
    """Return a new code of 10 signs from the system's random source."""
    return "".join(secrets.choice(POSTER_ALPHABET) for _ in range(POSTER_SIGNS))


def group_ticket_code(code: str) -> str:
    """Return *code* as it is printed: four groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, TICKET_DIGITS, 4))


def read_ticket_code(typed: str) -> str:
    """Return the 16 digits of what somebody typed: spaces, dashes, full-width digits are fine.

    Raises `Invalid` where digits are missing, too many or mistyped.
    """
    shown = unicodedata.normalize("NFKC", typed)
    code = "".join(mark for mark in shown if mark.isascii() and mark.isalnum())
    if not code.isdigit() or len(code) != TICKET_DIGITS:
        raise Invalid(N_("The code on the slip has 16 digits. Please type all of them."))
    if check_digit(code) != "0":
        raise Invalid(N_("One digit is not right. Please compare with the slip."))
    return code
