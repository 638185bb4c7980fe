"""The second step of signing in: codes of an authenticator app, and recovery codes on paper.

Codes are TOTP (RFC 6238) with the values that every app knows: SHA-1, six digits, thirty seconds.
A recovery code has 16 of 31 signs, about 79 random bits, so that its plain hash tells nothing.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from hashlib import blake2b
from hmac import compare_digest

import pyotp
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from survey.core.errors import Damaged
from survey.core.wording import N_

ISSUER = "Cunping"
STEP_SECONDS = 30
DRIFT = 1
"""How many steps a clock may be ahead or behind."""
RECOVERY_CODES = 10

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS = 4


def new_secret() -> str:
    """Return a new secret of 160 bits, in the base32 that authenticator apps take."""
    return pyotp.random_base32()


def address(secret: str, username: str) -> str:
    """Return the ``otpauth:`` address of *secret*, which an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, typed: str, moment: datetime) -> int | None:
    """Return the number of the step around *moment* whose code was *typed*, or None."""
    code = plain(typed)
    totp = pyotp.TOTP(secret)
    current = int(moment.timestamp()) // STEP_SECONDS
    for step in range(current - DRIFT, current + DRIFT + 1):
        if compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def plain(typed: str) -> str:
    """Return a code as it was meant: no spaces or dashes, small letters, plain digits."""
    folded = unicodedata.normalize("NFKC", typed).lower()
    return "".join(sign for sign in folded if sign.isalnum())


def lock(secret: str, service_key: str) -> bytes:
    """Return *secret* so that nobody reads it without the key of the service."""
    return bytes(_box(service_key).encrypt(secret.encode()))


def unlock(locked: bytes, service_key: str) -> str:
    """Return the secret that `lock` locked; raises `Damaged` where the service's key changed."""
    try:
        return _box(service_key).decrypt(locked).decode()
    except CryptoError as error:
        raise Damaged(
            N_(
                "The second step cannot be checked: the key of the service was changed. Use a "
                "recovery code, or ask for: flask --app survey person reset NAME --second-factor"
            )
        ) from error


def _box(service_key: str) -> SecretBox:
    key = blake2b(service_key.encode(), digest_size=SecretBox.KEY_SIZE, person=b"second factor")
    return SecretBox(key.digest())


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes in four groups of four signs each."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def _recovery_code() -> str:
    signs = [secrets.choice(_ALPHABET) for _ in range(4 * _GROUPS)]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, 4 * _GROUPS, 4))


def digest(account_id: int, typed: str) -> bytes:
    """Return by what a recovery code of the account is known, 32 bytes."""
    return blake2b(f"{account_id} {plain(typed)}".encode(), digest_size=32).digest()
