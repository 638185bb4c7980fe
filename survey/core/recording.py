"""Recordings for people who cannot read: which words one reads aloud, and which files can be one.

A recording belongs to words, not to a place: where the words change, it is a recording of something
else and is offered no more; where two questionnaires ask the same, one recording serves both.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from survey.core.errors import Invalid
from survey.core.questionnaire import CHOICES, Extra, OneOf, Questionnaire, SomeOf, Text
from survey.core.wording import N_

LARGEST = 1024 * 1024
"""Bytes of one recording: twenty seconds at the edge of the network, many minutes of speech."""
LONGEST = 60
"""Seconds of one recording, where the file says how long it is."""
CONSENT = "consent"
"""Stands for an item where the sentences before the first item are read; no item is called so."""

KINDS: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "webm": "audio/webm",
}
"""What is taken, with its media type."""
EVERYWHERE = frozenset({"mp3", "m4a", "aac", "wav"})
"""Kinds that iPhones and Android's WebView play; Ogg and WebM are silent on older iPhones."""

_OPUS_RATE = 48_000
_PCM, _EXTENSIBLE = 1, 0xFFFE


@dataclass(frozen=True)
class Sound:
    """A file that can be a recording; *seconds* is None where it does not say its length."""

    kind: str
    content: bytes
    seconds: float | None

    @property
    def name(self) -> str:
        """32 hexadecimal digits that name exactly this sound (BLAKE2b)."""
        return _digest(self.content)


def lines_of(questionnaire: Questionnaire, language: str) -> dict[str, tuple[str, ...]]:
    """Return what is read aloud of each item and each question beside them, by key, in *language*.

    The lead before the first item of its dimension, the question, then the choices in their order
    with their numbers: ``1. Good``.
    """
    found = {}
    for dimension in questionnaire.dimensions:
        lead = dimension.lead
        for item in dimension.items:
            wording = questionnaire.wording_of(item)
            found[item.key] = (
                *((lead.in_language(language),) if lead else ()),
                item.text.in_language(language),
                *_numbered([getattr(wording, choice) for choice in CHOICES], language),
            )
            lead = None
        for extra in dimension.extras:
            options = _options(extra, questionnaire)
            found[extra.key] = (extra.text.in_language(language), *_numbered(options, language))
    return found


def _options(extra: Extra, questionnaire: Questionnaire) -> list[Text]:
    """Return what can be chosen: of one choice also that one cannot say."""
    if isinstance(extra, OneOf):
        return [*(option.text for option in extra.options), questionnaire.wording.unknown]
    return [option.text for option in extra.options] if isinstance(extra, SomeOf) else []


def _numbered(texts: Sequence[Text], language: str) -> list[str]:
    return [f"{number}. {text.in_language(language)}" for number, text in enumerate(texts, start=1)]


def words_of(lines: Sequence[str], language: str) -> str:
    """Return 32 hexadecimal digits that name exactly these *lines* read in *language*."""
    return _digest("\n".join((language, *lines)).encode())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def read(content: bytes) -> Sound:
    """Return the recording in *content*, its kind told by its first bytes, not by any name.

    Raises `Invalid` for what is too large, too long or no sound that a phone plays.
    """
    if len(content) > LARGEST:
        raise Invalid(
            N_("This file is larger than 1 MB. Please save it smaller, or record it here.")
        )
    kind = _kind(content)
    if kind is None:
        raise Invalid(
            N_(
                "This file is no sound that phones play. Please choose MP3, M4A, AAC, WAV, Ogg or"
                " WebM, or record it here."
            )
        )
    seconds = _SECONDS[kind](content) if kind in _SECONDS else None
    if seconds is not None and seconds > LONGEST:
        raise Invalid(N_("This recording is longer than a minute. Please make it shorter."))
    return Sound(kind, content, seconds)


def _kind(content: bytes) -> str | None:
    if content[:3] == b"ID3" or _starts_layer(content, 1):
        return "mp3"
    if _starts_layer(content, 0):
        return "aac"
    if content[4:8] == b"ftyp" and not _has_pictures(content):
        return "m4a"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE" and _wav_is_plain(content):
        return "wav"
    if content[:4] == b"OggS" and (content[28:36] == b"OpusHead" or content[29:35] == b"vorbis"):
        return "ogg"
    if content[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in content[:64] and b"V_" not in content:
        return "webm"
    return None


def _starts_layer(content: bytes, layer: int) -> bool:
    """Say whether a frame of MPEG sound begins: *layer* 1 stands for layer III, 0 for ADTS."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return False
    whole = content[1] & 0xF0 == 0xF0
    return content[1] & 0x06 == layer << 1 and (layer == 1 or whole)


def _has_pictures(content: bytes) -> bool:
    """Say whether an MP4 file has a track of moving pictures (ISO/IEC 14496-12, `hdlr`)."""
    place = content.find(b"hdlr")
    while place >= 0:
        if content[place + 12 : place + 16] == b"vide":
            return True
        place = content.find(b"hdlr", place + 4)
    return False


def _wav_is_plain(content: bytes) -> bool:
    return content[12:16] == b"fmt " and _little("<H", content, 20) in {_PCM, _EXTENSIBLE}


def _wav_seconds(content: bytes) -> float | None:
    rate = _little("<I", content, 28)
    return len(content) / rate if rate else None


def _mp4_seconds(content: bytes) -> float | None:
    """Return what the movie's header says (`mvhd`); a file written while recording says 0."""
    place = content.find(b"mvhd")
    if place < 0:
        return None
    long = content[place + 4 : place + 5] == b"\x01"
    scale = _little(">I", content, place + (24 if long else 16))
    duration = _little(">Q" if long else ">I", content, place + (28 if long else 20))
    return duration / scale if scale and duration else None


def _ogg_seconds(content: bytes) -> float | None:
    """Return the place of the last page (RFC 7845); Vorbis counts in its own rate."""
    last = content.rfind(b"OggS")
    samples = _little("<q", content, last + 6)
    rate = _OPUS_RATE if content[28:36] == b"OpusHead" else _little("<I", content, 40)
    return samples / rate if samples and samples > 0 and rate else None


def _little(form: str, content: bytes, place: int) -> int | None:
    """Return the number at *place*, or None where the file ends before."""
    if len(content) < place + struct.calcsize(form):
        return None
    (number,) = struct.unpack_from(form, content, place)
    return int(number)


_SECONDS = {"wav": _wav_seconds, "m4a": _mp4_seconds, "ogg": _ogg_seconds}
"""How to see the length of a kind; MP3, AAC and WebM would have to be played for it."""
