"""A ZIP that is sent while it is made: one member is in memory at a time, none on disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from zipfile import ZipFile, ZipInfo

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


class _Drain:
    """A stream that cannot go back: what was written is taken away by `empty`."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, chunk: bytes) -> int:
        self._written.append(bytes(chunk))
        return len(chunk)

    def flush(self) -> None:
        """Nothing waits here."""

    def empty(self) -> bytes:
        """Return what was written since the last time."""
        chunk = b"".join(self._written)
        self._written.clear()
        return chunk


def stream(files: Iterable[tuple[str, Callable[[], bytes]]]) -> Iterator[bytes]:
    """Yield a ZIP of *files*, pairs of a name and what makes the content, each made in its turn."""
    drain = _Drain()
    with ZipFile(drain, "w") as archive:
        for name, make in files:
            archive.writestr(ZipInfo(name), make())
            yield drain.empty()
    yield drain.empty()


def file_name(*parts: str, ending: str = ".pdf") -> str:
    """Return *parts* joined to a file name that every system takes, without any folder."""
    safe = (_UNSAFE.sub("_", part).strip("._") for part in parts)
    return "-".join(part for part in safe if part) + ending
