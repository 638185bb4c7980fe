"""Small files of each kind of sound, and of what only looks like one."""

from __future__ import annotations

import io
import struct
import wave

from survey.core.recording import LARGEST


def wav(seconds: float = 1.0, rate: int = 8_000, level: int = 0) -> bytes:
    """A WAV file of *seconds*; *level* makes two of them different."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(bytes([128 + level]) * round(seconds * rate))
    return file.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    """One box of an MP4 file."""
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(seconds: float, track: bytes = b"soun", *, long: bool = False) -> bytes:
    """The head of an MP4 file that says that it lasts *seconds*."""
    scale, ticks = 1000, round(seconds * 1000)
    times = (
        struct.pack(">QQIQ", 0, 0, scale, ticks) if long else struct.pack(">4I", 0, 0, scale, ticks)
    )
    head = box(b"mvhd", bytes([long, 0, 0, 0]) + times)
    handler = box(b"hdlr", bytes(8) + track + bytes(13))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", head + box(b"trak", handler)) + bytes(200)


def ogg(seconds: float) -> bytes:
    """The first and last page of an Ogg Opus file of *seconds*."""
    first = b"OggS\0\2" + bytes(20) + b"\1\x13" + b"OpusHead\1\1" + bytes(9)
    return first + b"OggS\0\4" + struct.pack("<q", round(seconds * 48_000)) + bytes(30)


MP3 = b"\xff\xfb\x90\x64" + bytes(400)
ID3 = b"ID3\x04\0\0" + bytes(400)
ADTS = b"\xff\xf1\x50\x80" + bytes(400)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(20) + b"A_OPUS" + bytes(300)

GOOD = {
    "mp3": [MP3, ID3],
    "aac": [ADTS],
    "wav": [wav()],
    "m4a": [mp4(12), mp4(12, long=True)],
    "ogg": [ogg(12)],
    "webm": [WEBM],
}
BAD = {
    "nothing": b"",
    "a page": b"<html><script>alert(1)</script></html>" * 20,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(300),
    "a film in MP4": mp4(12, b"vide"),
    "a film in WebM": WEBM.replace(b"A_OPUS", b"V_VP8\0"),
    "a squeezed WAV": wav().replace(b"fmt \x10\0\0\0\1\0", b"fmt \x10\0\0\0\x11\0"),
    "layer II": b"\xff\xfd\x90\x64" + bytes(400),
    "AMR, which few phones play": b"#!AMR\n" + bytes(300),
    "a cut off head": b"RIFF\0\0\0\0WAVEfmt ",
}
TOO_LARGE = wav()[:44] + bytes(LARGEST)
