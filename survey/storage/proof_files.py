"""The folder of the proof files: each by the digest of its content, whole or not at all.

A file is written beside its place under a name of its own, brought to the disk, and renamed only
inside the transaction that keeps its row. What a crash leaves over is swept at the next start.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from survey.core.errors import Damaged, Missing, Refused
from survey.core.proof import digest_of
from survey.core.wording import N_

HALF = ".part"
ON_ITS_WAY = 3600
"""Seconds for which a half-written file is left alone."""
_OURS = re.compile(rf"[0-9a-f]{{32}}({HALF})?")
_FULL = (errno.ENOSPC, errno.EDQUOT)


def lay_aside(folder: Path, content: bytes) -> Path:
    """Write *content* to the disk under a name that nothing refers to, and return its path.

    Raises `Refused` where the disk is full; nothing is left behind then.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(16)}{HALF}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise Refused(
                N_("The server's disk is full. Nothing was kept; please tell whoever runs it.")
            ) from error
        raise
    return path


def put_in_place(aside: Path, digest: str) -> None:
    """Give what was laid *aside* the name of its *digest*, for good."""
    aside.replace(aside.parent / digest)
    descriptor = os.open(aside.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder: Path, digest: str) -> bytes:
    """Return the content named *digest*.

    Raises `Missing` where it is not in the folder, `Damaged` where it is not what was kept.
    """
    try:
        content = (folder / digest).read_bytes()
    except FileNotFoundError as error:
        raise Missing(
            N_("This file is not in the server's folder. Whoever runs it has it in a back-up.")
        ) from error
    if digest_of(content) != digest:
        raise Damaged(N_("This file is not what was kept. Please tell whoever runs the server."))
    return content


def forget(folder: Path, digests: Iterable[str]) -> None:
    """Delete the files named *digests*, as far as they are there."""
    for digest in digests:
        (folder / digest).unlink(missing_ok=True)


def left_over(folder: Path, kept: set[str]) -> list[str]:
    """Return the names in *folder* that are none of *kept*, and what is still half written.

    What began less than an hour ago may still be on its way, and is left alone.
    """
    if not folder.is_dir():
        return []
    old = time.time() - ON_ITS_WAY
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in kept
        and _OURS.fullmatch(path.name)
        and (path.suffix != HALF or path.stat().st_mtime < old)
    )
