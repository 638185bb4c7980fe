"""A round's key: two machine-made halves, one for each holder, and the lock that needs both.

A half is 80 random bits, printed as its holder's number, four groups of four signs and two check
signs: ``1-7KQ2-M9DX-4TRW-HB3C-V8``. Opening a round never needs both halves in one place: the
first half makes a key pair of which only the public part is kept, the second half locks the
round's private key, and what comes out is locked again to the first holder's public key. Opening
the box needs both (docs/decisions/two-halves.md).

Derivation is argon2id (RFC 9106) by libsodium; its salt and cost are stored beside the lock.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from survey.core.errors import Damaged, Invalid
from survey.core.wording import N_

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HALF_SIGNS = 16
CHECK_SIGNS = 2
HOLDERS = (1, 2)

MODERATE = (pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE)
MINIMUM = (pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)

_LOOK_ALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class FirstLock:
    """What is kept after the first holder has typed the half back: nothing secret."""

    salt: str
    public: str
    operations: int
    memory: int


@dataclass(frozen=True)
class WrappedKey:
    """The round's private key, locked to both halves; the file of the key folder."""

    first: FirstLock
    second_salt: str
    wrapped: str

    def to_json(self) -> str:
        """Return the text of the key file."""
        return json.dumps(asdict(self), indent=1)


def wrapped_from_json(text: str) -> WrappedKey:
    """Return the key that `WrappedKey.to_json` wrote; raises `Damaged` for anything else."""
    try:
        values: dict[str, Any] = json.loads(text)
        return WrappedKey(FirstLock(**values["first"]), values["second_salt"], values["wrapped"])
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(N_("The key file of this round cannot be read.")) from error


def make_half(holder: int) -> str:
    """Return a new half for *holder* 1 or 2 in its printed form."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(HALF_SIGNS))
    return _print_half(f"{holder}{body}")


def _print_half(plain: str) -> str:
    body = plain[1:]
    groups = [body[start : start + 4] for start in range(0, HALF_SIGNS, 4)]
    return "-".join([plain[0], *groups, _check_signs(plain)])


def _check_signs(plain: str) -> str:
    digest = int.from_bytes(blake2b(plain.encode(), digest_size=4, person=b"half").digest())
    return ALPHABET[digest % 32] + ALPHABET[digest // 32 % 32]


def read_half(typed: str) -> str:
    """Return the half that somebody typed in its printed form.

    Small letters, spaces and missing dashes are fine, and O for 0, I or L for 1. Raises `Invalid`
    where signs are missing or one is mistyped (a slip goes through once in 1,024).
    """
    shown = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKES)
    plain = "".join(sign for sign in shown if sign in ALPHABET)
    if len(plain) != 1 + HALF_SIGNS + CHECK_SIGNS or plain[0] not in "12":
        raise Invalid(
            N_("A key half is a number, four groups of four signs and two signs. Type all of it.")
        )
    half = plain[: 1 + HALF_SIGNS]
    if not compare_digest(_check_signs(half), plain[1 + HALF_SIGNS :]):
        raise Invalid(N_("One sign of this key half is not right. Compare it with the sheet."))
    return _print_half(half)


def holder_of(half: str) -> int:
    """Return whose half it is, 1 or 2."""
    return int(half[0])


def proof_of_half(secret: str, half: str, purpose: str) -> str:
    """Return a digest by which a typed half is known to be the one that was shown.

    Keyed with the installation's *secret*, so that a page may carry it.
    """
    key = blake2b(secret.encode(), digest_size=32, person=b"half proof").digest()
    return blake2b(f"{purpose}\n{half}".encode(), key=key, digest_size=16).hexdigest()


def _derive(half: str, salt: str, operations: int, memory: int) -> bytes:
    return pwhash.argon2id.kdf(32, half.encode(), bytes.fromhex(salt), operations, memory)


def begin_lock(half: str, cost: tuple[int, int] = MODERATE) -> FirstLock:
    """Return the lock of the first holder's *half* (operations and bytes of memory in *cost*)."""
    salt = secrets.token_hex(pwhash.argon2id.SALTBYTES)
    private = PrivateKey(_derive(half, salt, *cost))
    return FirstLock(salt, bytes(private.public_key).hex(), *cost)


def finish_lock(first: FirstLock, half: str) -> tuple[bytes, WrappedKey]:
    """Make the round's key pair; return its public key and the private one locked to both halves.

    The lock is tried with the second half before it is returned.
    """
    round_key = PrivateKey.generate()
    salt = secrets.token_hex(pwhash.argon2id.SALTBYTES)
    inner_key = _derive(half, salt, first.operations, first.memory)
    inner = SecretBox(inner_key).encrypt(bytes(round_key))
    outer = SealedBox(PublicKey(bytes.fromhex(first.public))).encrypt(inner)
    if SecretBox(inner_key).decrypt(inner) != bytes(round_key):
        raise Damaged(N_("The key could not be locked. Please begin again."))
    return bytes(round_key.public_key), WrappedKey(first, salt, outer.hex())


def unwrap(wrapped: WrappedKey, halves: tuple[str, str], public_key: bytes) -> bytes:
    """Return the round's private key, 32 bytes, from both *halves* in any order.

    Raises `Invalid` naming the half that does not fit, `Damaged` where the key that comes out is
    not the one whose public key the round has.
    """
    by_holder = {holder_of(half): half for half in halves}
    if set(by_holder) != set(HOLDERS):
        raise Invalid(N_("Both halves are needed: number 1 and number 2."))
    first = wrapped.first
    outer = PrivateKey(_derive(by_holder[1], first.salt, first.operations, first.memory))
    try:
        inner = SealedBox(outer).decrypt(bytes.fromhex(wrapped.wrapped))
    except CryptoError as error:
        raise Invalid(N_("Half number 1 is not the one of this round.")) from error
    key = _derive(by_holder[2], wrapped.second_salt, first.operations, first.memory)
    try:
        private = SecretBox(key).decrypt(inner)
    except CryptoError as error:
        raise Invalid(N_("Half number 2 is not the one of this round.")) from error
    check_pair(private, public_key)
    return private


def make_pair() -> tuple[bytes, bytes]:
    """Return a new public and private key, for a round whose key the server holds."""
    pair = PrivateKey.generate()
    return bytes(pair.public_key), bytes(pair)


def check_pair(private: bytes, public_key: bytes) -> None:
    """Raise `Damaged` unless *private* belongs to *public_key*."""
    if not compare_digest(bytes(PrivateKey(private).public_key), public_key):
        raise Damaged(N_("This key is not the one of this round."))
