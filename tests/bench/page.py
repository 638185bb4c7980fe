"""What a phone must load before somebody can answer."""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import process, service
from tests.bench.browser import CHROMIUM
from tests.bench.start import BARE, Addresses

_REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Accept: text/html,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: close\r\n\r\n"
)
_UNSEEN = re.compile(r"<(style|script)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """Bytes of one page: all that comes back, headers of it, unpacked, its words alone packed."""

    text: str
    wire: int
    headers: int
    unpacked: int
    floor: int
    requests: str


def measure(instance: Path, addresses: Addresses) -> Iterator[Page]:
    """Yield the page of a ticket and of a poster in both languages."""
    port = service.free_port()
    with service.serve(service.SERVICE, instance, port, addresses.ticket) as log:
        for place, path in (("ticket", addresses.ticket), ("poster", addresses.poster)):
            for language in ("zh", "en"):
                yield _page(f"{place}, {language}", port, f"{path}?lang={language}", log)


def slow_phone(instance: Path, addresses: Addresses) -> dict[str, float] | None:
    """Return what `tests.bench.slow` finds of a poster's page; None without Chromium.

    A poster is answered as often as one likes; a slip would be spent for what comes after.
    """
    if not CHROMIUM.exists():
        return None
    port, bare = service.free_port(), service.free_port()
    with (
        service.serve(service.SERVICE, instance, port, addresses.poster),
        service.serve(BARE, instance, bare, addresses.ticket),
    ):
        ours = f"http://127.0.0.1:{port}{addresses.poster}?lang=zh"
        floor = f"http://127.0.0.1:{bare}{addresses.ticket}"
        found: dict[str, float] = json.loads(process.run("-m", "tests.bench.slow", ours, floor))
    return found


def _page(text: str, port: int, path: str, log: Path) -> Page:
    answer = _get(port, path)
    head, _, body = answer.partition(b"\r\n\r\n")
    packed = b"content-encoding: gzip" in head.lower()
    html = gzip.decompress(body) if packed else body
    words = " ".join(_UNSEEN.sub(" ", html.decode()).split())
    return Page(
        text=text,
        wire=len(answer),
        headers=len(head) + 4,
        unpacked=len(html),
        floor=len(gzip.compress(words.encode(), 6)),
        requests=_requests(port, path, log),
    )


def _get(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=process.SECONDS) as connection:
        connection.sendall(_REQUEST.format(path=path, port=port).encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def _requests(port: int, path: str, log: Path) -> str:
    if not CHROMIUM.exists():
        return "no Chromium"
    before = _lines(log)
    process.run("-m", "tests.bench.browser", f"http://127.0.0.1:{port}{path}")
    return str(_lines(log) - before)


def _lines(log: Path) -> int:
    return len(log.read_text().splitlines())
