"""Looking for a secret in every byte of every file, in each form in which it could be written."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote_plus

Secret = str | bytes


def forms(secret: Secret) -> set[bytes]:
    """Return the ways in which *secret* may be written: as text, escaped, and as digits."""
    raw = secret.encode() if isinstance(secret, str) else secret
    written = {raw, raw.hex().encode(), raw.hex().upper().encode(), *_in_base64(raw)}
    if isinstance(secret, str):
        written |= {secret.encode(f"utf-16-{order}") for order in ("le", "be")}
        written |= {json.dumps(secret)[1:-1].encode(), quote_plus(secret).encode()}
    return written


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield what is the same in base64 whatever stands before and after *raw*."""
    for before, first in enumerate((0, 2, 3)):
        whole = raw[: len(raw) - (before + len(raw)) % 3]
        yield base64.b64encode(bytes(before) + whole)[first:]


def found(secrets: Mapping[str, Secret], content: bytes) -> set[str]:
    """Return the names of the *secrets* that *content* holds in any form."""
    return {
        name for name, secret in secrets.items() if any(form in content for form in forms(secret))
    }


def written(folder: Path, since: float = 0.0, *, but: Path | None = None) -> dict[str, bytes]:
    """Return the files under *folder* that were written to *since* then, by path.

    A file that the service removes while it is looked for is none.
    """
    contents = {}
    for path in sorted(folder.rglob("*")):
        if but and path.is_relative_to(but):
            continue
        try:
            if path.is_file() and path.stat().st_mtime >= since:
                contents[str(path.relative_to(folder))] = path.read_bytes()
        except FileNotFoundError:
            continue
    return contents


def leaks(secrets: Mapping[str, Secret], files: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Return by file the names of the *secrets* in it; files without any are left out."""
    seen = {name: found(secrets, content) for name, content in files.items()}
    return {name: held for name, held in seen.items() if held}
