"""One ballot in the box: sealed to the round's key, bound to its place, always of one length.

The protocol and what it keeps out are described in docs/security.md. All digests are BLAKE2b
(RFC 7693), keyed with the round's pepper and told apart by their personalisation.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from survey.core import ballot, extras
from survey.core.ballot import Ballot
from survey.core.errors import Damaged, Invalid
from survey.core.questionnaire import AUDIENCES, Questionnaire
from survey.core.wording import N_

PEPPER_BYTES = 32
ID_BYTES = 16
ONCE_BYTES = 16
BUCKET_SECONDS = 300

_MARK_BYTES = 10
_LENGTH_BYTES = 4
_BLOCK = 64
_UTF8_LONGEST = 4
_WIDEST_NUMBER = 10**18


@dataclass(frozen=True)
class Place:
    """Where a ballot belongs: it opens nowhere else."""

    round_id: int
    village_id: int
    audience: str
    access: str
    questionnaire_digest: str


@dataclass(frozen=True)
class SealedBallot:
    """A row of the intake: random id, ciphertext and the digest that binds them to their place."""

    id: bytes
    ciphertext: bytes
    row_mac: bytes


@dataclass(frozen=True)
class OpenedBallot:
    """A ballot as the seal sees it. *bucket* counts five minutes since 1970; 0 on paper."""

    access: str
    ballot: Ballot
    bucket: int


def make_pepper() -> bytes:
    """Return a new pepper of 256 bits."""
    return secrets.token_bytes(PEPPER_BYTES)


def make_once() -> str:
    """Return the number, 128 bits as hexadecimal digits, that makes one form one ballot."""
    return secrets.token_hex(ONCE_BYTES)


def is_once(text: str) -> bool:
    """Say whether *text* looks like what `make_once` gives."""
    return len(text) == 2 * ONCE_BYTES and all(sign in "0123456789abcdef" for sign in text)


def _digest(pepper: bytes, purpose: bytes, *parts: bytes) -> bytes:
    digest = blake2b(key=pepper, digest_size=32, person=purpose)
    for part in parts:
        digest.update(len(part).to_bytes(4))
        digest.update(part)
    return digest.digest()


def ticket_mac(pepper: bytes, code: str) -> bytes:
    """Return the digest, 32 bytes, under which a ticket's *code* is stored."""
    return _digest(pepper, b"ticket", code.encode())


def tag(pepper: bytes, mac: bytes, once: str) -> bytes:
    """Return the digest, 32 bytes, by which a retry of the same form is known."""
    return _digest(pepper, b"tag", mac, once.encode())


def row_mac(
    pepper: bytes, row_id: bytes, village_id: int, audience: str, ciphertext: bytes
) -> bytes:
    """Return the digest, 32 bytes, that binds a row of the intake together."""
    return _digest(pepper, b"row", row_id, str(village_id).encode(), audience.encode(), ciphertext)


def make_nonce(pepper: bytes, village_id: int, audience: str) -> str:
    """Return a signed nonce for one form of a poster: 128 random bits bound to its place."""
    body = village_id.to_bytes(8) + bytes([AUDIENCES.index(audience)])
    body += secrets.token_bytes(ONCE_BYTES)
    signed = body + _digest(pepper, b"nonce", body)[:16]
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def read_nonce(pepper: bytes, nonce: str) -> tuple[int, str, bytes]:
    """Return village, audience and the digest to spend; raises `Invalid` for a forged nonce."""
    forged = Invalid(N_("This form is no longer valid. Please scan the poster again."))
    try:
        signed = base64.urlsafe_b64decode(nonce + "=" * (-len(nonce) % 4))
    except (binascii.Error, ValueError):
        raise forged from None
    body, signature = signed[:-16], signed[-16:]
    if len(body) != 9 + ONCE_BYTES:
        raise forged
    if not compare_digest(_digest(pepper, b"nonce", body)[:16], signature):
        raise forged
    return int.from_bytes(body[:8]), AUDIENCES[body[8]], _digest(pepper, b"poster", body)


def make_mark(pepper: bytes) -> str:
    """Return the mark of whoever helps others in this round: 16 signs, the same for all of them."""
    return base64.b32encode(_digest(pepper, b"helper")[:_MARK_BYTES]).decode()


def is_mark(pepper: bytes, text: str) -> bool:
    """Say whether *text* is what `make_mark` gives for this round."""
    return compare_digest(make_mark(pepper).encode(), text.upper().encode(errors="replace"))


def ballot_length(questionnaire: Questionnaire) -> int:
    """Return the bytes that every ballot of *questionnaire* has before it is sealed."""
    widest = Place(_WIDEST_NUMBER, _WIDEST_NUMBER, "mass", "poster", questionnaire.digest)
    blank = Ballot(
        (ballot.BLANK,) * len(questionnaire.items),
        extras=tuple(map(extras.longest, questionnaire.extras)),
    )
    longest = len(_to_bytes(widest, bytes(ID_BYTES), blank, _WIDEST_NUMBER)) + _LENGTH_BYTES
    if questionnaire.comment:
        longest += _UTF8_LONGEST * questionnaire.comment.maximum
    return -(-longest // _BLOCK) * _BLOCK


def _to_bytes(place: Place, row_id: bytes, cast: Ballot, bucket: int) -> bytes:
    """Return *cast* as JSON; what is not graded stands last, one value for each question.

    So ballots that were sealed before there was anything else to ask are read as they are written
    now, and still have the length that their round was opened with.
    """
    fields = [
        place.round_id,
        row_id.hex(),
        place.village_id,
        place.audience,
        place.access,
        place.questionnaire_digest,
        bucket,
        ballot.to_text(cast.answers),
        cast.comment,
        *cast.extras,
    ]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def sealer(public_key: bytes, pepper: bytes) -> Callable[[Place, Ballot, int, int], SealedBallot]:
    """Return the function (place, ballot, length, bucket) → sealed ballot of one round."""
    box = SealedBox(PublicKey(public_key))

    def seal(place: Place, cast: Ballot, length: int, bucket: int) -> SealedBallot:
        row_id = secrets.token_bytes(ID_BYTES)
        plain = _to_bytes(place, row_id, cast, bucket)
        if len(plain) + _LENGTH_BYTES > length:
            raise Invalid(N_("This answer is too long to be kept. Please shorten the comment."))
        padded = len(plain).to_bytes(_LENGTH_BYTES) + plain
        ciphertext = box.encrypt(padded.ljust(length, b"\0"))
        mac = row_mac(pepper, row_id, place.village_id, place.audience, ciphertext)
        return SealedBallot(row_id, ciphertext, mac)

    return seal


def opener(
    private_key: bytes,
    pepper: bytes,
    round_id: int,
    digests: dict[str, str],
    lengths: dict[str, int],
) -> Callable[[bytes, int, str, bytes, bytes], OpenedBallot]:
    """Return the function (id, village, audience, ciphertext, row mac) → opened ballot.

    *digests* and *lengths* are each audience's questionnaire and ballot length. The function
    raises `Damaged` for a row that is not exactly what was put in.
    """
    box = SealedBox(PrivateKey(private_key))

    def open_(
        row_id: bytes, village_id: int, audience: str, ciphertext: bytes, mac: bytes
    ) -> OpenedBallot:
        try:
            if not compare_digest(row_mac(pepper, row_id, village_id, audience, ciphertext), mac):
                raise _damaged()
            padded = box.decrypt(ciphertext)
            length = int.from_bytes(padded[:_LENGTH_BYTES])
            opened, bound = _from_bytes(padded[_LENGTH_BYTES : _LENGTH_BYTES + length])
        except (CryptoError, ValueError, TypeError, AttributeError, Invalid) as error:
            raise _damaged() from error
        place = (round_id, row_id.hex(), village_id, audience, digests[audience])
        if bound != place or len(padded) != lengths[audience]:
            raise _damaged()
        return opened

    return open_


def _damaged() -> Damaged:
    return Damaged(N_("A ballot in the box is not what was put in."))


def _from_bytes(plain: bytes) -> tuple[OpenedBallot, tuple[int, str, int, str, str]]:
    round_id, row_id, village_id, audience, access, digest, bucket, answers, comment, *beside = (
        json.loads(plain)
    )
    cast = Ballot(ballot.from_text(answers), comment, extras.from_stored(beside))
    return OpenedBallot(access, cast, bucket), (round_id, row_id, village_id, audience, digest)
