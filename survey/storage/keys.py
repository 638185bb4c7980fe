"""The key folder: for each live round its pepper and its locked key, outside the database.

Keep the folder out of every backup. A round's files are overwritten and removed by its scrub.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from survey.core.errors import Damaged, Refused
from survey.core.keys import WrappedKey, wrapped_from_json
from survey.core.wording import N_

_PEPPER = "pepper"
_LOCKED = "locked.json"
_SERVER = "server"
_NAMED = re.compile(rf"round-(\d+)\.({_PEPPER}|{_LOCKED}|{_SERVER})")
_peppers: dict[Path, bytes] = {}


def _path(folder: Path, round_id: int, kind: str) -> Path:
    return folder / f"round-{round_id}.{kind}"


def write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, to the disk itself; raises `Refused`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            N_("The file %(name)s is there already and is not overwritten."), name=path.name
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_pepper(folder: Path, round_id: int, pepper: bytes) -> None:
    """Keep the *pepper* of a round that opens."""
    write(_path(folder, round_id, _PEPPER), pepper)


def pepper(folder: Path, round_id: int) -> bytes:
    """Return the pepper of a live round; raises `Damaged` where its file is gone."""
    path = _path(folder, round_id, _PEPPER)
    if path not in _peppers:
        try:
            _peppers[path] = path.read_bytes()
        except FileNotFoundError:
            raise Damaged(
                N_("The key folder has no pepper for this round. Put the folder back in its place.")
            ) from None
    return _peppers[path]


def keep_locked(folder: Path, round_id: int, wrapped: WrappedKey) -> None:
    """Keep the key that both halves lock."""
    write(_path(folder, round_id, _LOCKED), wrapped.to_json().encode())


def locked(folder: Path, round_id: int) -> WrappedKey:
    """Return the key that both halves lock; raises `Damaged` where its file is gone."""
    path = _path(folder, round_id, _LOCKED)
    if not path.exists():
        raise Damaged(
            N_("The key folder has no key for this round. Put the folder back in its place.")
        )
    return wrapped_from_json(path.read_text())


def keep_server_key(folder: Path, round_id: int, private: bytes) -> None:
    """Keep the private key itself, for a round whose key the server holds."""
    write(_path(folder, round_id, _SERVER), private)


def server_key(folder: Path, round_id: int) -> bytes:
    """Return the private key that the server holds; raises `Damaged` where its file is gone."""
    path = _path(folder, round_id, _SERVER)
    if not path.exists():
        raise Damaged(
            N_("The key folder has no key for this round. Put the folder back in its place.")
        )
    return path.read_bytes()


def hold(folder: Path, round_id: int) -> BinaryIO:
    """Return an open file by which nobody else seals the round: no thread, process or command.

    Closing it, or the end of the process, lets go. Raises `Refused` where somebody holds it, and
    `Damaged` where the pepper is gone.
    """
    pepper(folder, round_id)
    file = _path(folder, round_id, _PEPPER).open("rb")
    for _ in range(_ATTEMPTS):
        if _locked(file, fcntl.LOCK_EX):
            return file
        time.sleep(_PAUSE_SECONDS)
    file.close()
    raise Refused(HELD)


HELD = N_("This round is being sealed just now. Look at its page again in a minute.")
_ATTEMPTS, _PAUSE_SECONDS = 3, 0.05
"""`is_held` itself holds the file for an instant."""


def is_held(folder: Path, round_id: int) -> bool:
    """Say whether somebody is sealing the round just now."""
    try:
        with _path(folder, round_id, _PEPPER).open("rb") as file:
            return not _locked(file, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _locked(file: BinaryIO, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def complete(folder: Path, round_id: int, key_holding: str) -> bool:
    """Say whether the files are there without which a live round cannot be sealed."""
    kind = _LOCKED if key_holding == "halves" else _SERVER
    return all(_path(folder, round_id, each).exists() for each in (_PEPPER, kind))


def listing(folder: Path) -> list[tuple[int, str]]:
    """Return round id and name of every file of a round in the folder, by name."""
    found = ((_NAMED.fullmatch(path.name), path.name) for path in sorted(folder.glob("round-*")))
    return [(int(match[1]), name) for match, name in found if match]


def discard(folder: Path, round_id: int) -> None:
    """Overwrite and remove what the folder holds of a round; nothing there is fine."""
    for kind in (_PEPPER, _LOCKED, _SERVER):
        path = _path(folder, round_id, kind)
        _peppers.pop(path, None)
        with suppress(FileNotFoundError):  # another scrub of the same round may be faster
            _overwrite(path)
            path.unlink()
            _sync_folder(folder)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
